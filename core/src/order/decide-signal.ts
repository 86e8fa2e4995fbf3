import type { Approved, Reasons } from '../risk/gate.ts';
import type { CheckResult } from '../risk/check.ts';
import type { Signal } from '../strategy/decision.ts';
import type { GateContext } from './gate-context.ts';
import type { Instruction } from './intent.ts';

/** What becomes of a signal; `checks` lists the stages of the chain and the checks of the gate (EXE-05). */
export type SignalDecision =
  | {
      readonly approved: true;
      readonly outcome: 'approved';
      readonly instruction: Approved<Instruction>;
      readonly checks: readonly CheckResult[];
    }
  | {
      readonly approved: false;
      /** `expired`: it came too late to be judged at all. */
      readonly outcome: 'rejected' | 'expired';
      readonly reasons: Reasons;
      readonly checks: readonly CheckResult[];
    };

/** Decides one signal. */
export function decideSignal(signal: Signal, context: GateContext): SignalDecision {
  throw new Error(`Invariant: ${signal.signalId} ${context.now}`);
}

/** The context in which the next signal of the same batch is decided (RSK-52). */
export function reserve(context: GateContext, instruction: Approved<Instruction>): GateContext {
  throw new Error(`Invariant: ${instruction.intentId} ${context.now}`);
}
