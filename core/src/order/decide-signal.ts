import type { CheckResult } from '../risk/check.ts';
import type { Approved, Reasons } from '../risk/gate.ts';
import { recordOrder } from '../risk/order-rate.ts';
import type { Signal } from '../strategy/decision.ts';
import type { GateContext } from './gate-context.ts';
import {
  handleExistingPosition,
  handleExposure,
  handlePositionLimit,
  handleReversal,
  type Handler,
  type HandlerResult,
} from './handlers.ts';
import type { Instruction } from './intent.ts';

/**
 * What becomes of a signal. `checks` is its record (RSK-04, EXE-05): the gate's checks in their order,
 * and one line `handler:NAME` for each handler that spoke.
 */
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
      /** In the gate's order; the first is the one to show. */
      readonly reasons: Reasons;
      readonly checks: readonly CheckResult[];
    };

/** The chain of responsibility up to the order (05, section 2); sending and filling follow elsewhere. */
const CHAIN: readonly { readonly name: string; readonly handle: Handler }[] = [
  { name: 'existingPosition', handle: handleExistingPosition },
  { name: 'reversal', handle: handleReversal },
  { name: 'positionLimit', handle: handlePositionLimit },
  { name: 'exposure', handle: handleExposure },
];

const recordOf = (name: string, result: HandlerResult): CheckResult => ({
  check: `handler:${name}`,
  verdict: result.status === 'STOP' ? 'block' : 'pass',
  value: `${result.status}: ${result.data}`,
  limit: null,
});

/**
 * Decides one signal: the order that it leads to, or every reason why there is none.
 *
 * Entries become market orders for what the suggested amount buys at the live price; exits and
 * reversals close the whole position and pass none of the entry checks (RSK-53).
 *
 * @throws Error when the context belongs to another book than the signal.
 */
export function decideSignal(signal: Signal, context: GateContext): SignalDecision {
  const tooLate = expiryOf(signal, context);
  if (tooLate !== null) return tooLate;

  const checks: CheckResult[] = [];
  for (const { name, handle } of CHAIN) {
    const result = handle(signal, context);
    for (const check of result.checks) checks.push(check);
    checks.push(recordOf(name, result));
    switch (result.status) {
      case 'PASS':
        continue;
      case 'STOP':
        return { approved: false, outcome: 'rejected', reasons: result.reasons, checks };
      case 'DONE':
        return { approved: true, outcome: 'approved', instruction: result.instruction, checks };
    }
  }
  throw new Error('Invariant: the last handler of the chain decides');
}

/** A signal is good until `decidedAt + ttlMs`, that instant included. */
function expiryOf(signal: Signal, { now }: GateContext): SignalDecision | null {
  const lateMs = now - signal.decidedAt - signal.ttlMs;
  if (lateMs <= 0) return null;
  const detail = `The signal was good for ${signal.ttlMs} ms and came ${lateMs} ms too late.`;
  return {
    approved: false,
    outcome: 'expired',
    reasons: [{ reason: 'stale_data', detail }],
    checks: [
      {
        check: 'notExpired',
        verdict: 'block',
        value: `${lateMs} ms late`,
        limit: `${signal.ttlMs} ms`,
      },
    ],
  };
}

type Reserving = Pick<GateContext, 'now' | 'risk' | 'positions' | 'workingIntents'>;

/**
 * What the next verdict of the same transaction is decided on: the approved order holds its slot, its
 * balance and its place in the order rate, and an exit locks its position (RSK-52).
 */
export function reserve(
  { now, risk, positions, workingIntents }: Reserving,
  approved: Approved<Instruction>,
): Omit<Reserving, 'now'> {
  const order = { strategyId: approved.strategyId, at: now };
  return {
    risk: { ...risk, recentOrders: recordOrder(risk.recentOrders, order) },
    workingIntents: [...workingIntents, approved],
    positions: approved.reduceOnly
      ? positions.map((position) =>
          position.positionId === approved.positionId
            ? { ...position, closeIntentId: approved.intentId }
            : position,
        )
      : positions,
  };
}
