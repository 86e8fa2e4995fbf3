import { isExitHeldBack } from '../portfolio/hold-time.ts';
import type { Position } from '../portfolio/position.ts';
import type { CheckResult } from '../risk/check.ts';
import { ENTRY_CHECKS } from '../risk/entry-checks.ts';
import { riskGate, type Approved, type GateVerdict, type Reasons } from '../risk/gate.ts';
import { checkOpenPositions, checkStrategyPositions } from '../risk/open-positions.ts';
import { findPending } from '../risk/pending-order.ts';
import type { BlockingReason } from '../strategy/blocking.ts';
import type { Signal } from '../strategy/decision.ts';
import { judgeExit } from './approve-exit.ts';
import { candidateOf, draftEntry } from './draft-entry.ts';
import type { GateContext } from './gate-context.ts';
import type { CloseReason, Instruction } from './intent.ts';
import { impactWords, ownPosition } from './plan-add.ts';

/** What one handler of the chain says: go on, refuse, or done with an instruction (EXE-05). */
export type HandlerResult = (
  | { readonly status: 'PASS' }
  | { readonly status: 'STOP'; readonly reasons: Reasons }
  | { readonly status: 'DONE'; readonly instruction: Approved<Instruction> }
) & {
  /** What it found, in words, for the record. */
  readonly data: string;
  /** The gate's checks that it ran. */
  readonly checks: readonly CheckResult[];
};

/** One link of the chain: pure over what was read. */
export type Handler = (signal: Signal, context: GateContext) => HandlerResult;

const pass = (data: string): HandlerResult => ({ status: 'PASS', data, checks: [] });

const stop = (reason: BlockingReason, detail: string): HandlerResult => ({
  status: 'STOP',
  reasons: [{ reason, detail }],
  data: detail,
  checks: [],
});

const fromVerdict = (verdict: GateVerdict<Instruction>, done: string): HandlerResult =>
  verdict.approved
    ? { status: 'DONE', instruction: verdict.item, data: done, checks: verdict.checks }
    : {
        status: 'STOP',
        reasons: verdict.reasons,
        data: verdict.reasons[0].detail,
        checks: verdict.checks,
      };

type Exit = { readonly position: Position; readonly reason: CloseReason };

/** Exits go straight to placement (EXE-06). */
function exit(signal: Signal, context: GateContext, { position, reason }: Exit): HandlerResult {
  const { instrument, risk } = context;
  if (instrument?.marketKey !== position.marketKey)
    return stop('stale_data', `The rules of ${position.marketKey} are unknown.`);
  const verdict = judgeExit({
    position,
    instrument,
    price: signal.expectedPrice,
    now: signal.decidedAt,
    reason,
    causeId: signal.signalId,
    signalId: signal.signalId,
    risk,
  });
  return fromVerdict(verdict, `exit of ${position.positionId}: ${reason}`);
}

/** The strategy's own exit; its emergency exit waits for nothing (PF-56). */
function ownExit(signal: Signal, context: GateContext, position: Position): HandlerResult {
  const reason = signal.signalType === 'E1' ? 'E1' : 'ZE1';
  if (isExitHeldBack(position, { reason, now: context.now, price: null })) {
    const least = position.protection.hold?.minSeconds ?? 0;
    return stop('cooldown', `${signal.symbol} is held for at least ${least} s before it is left.`);
  }
  return exit(signal, context, { position, reason });
}

/** Whether there is something to add to, and nothing else is at it. */
function addTo(
  signal: Signal,
  context: GateContext,
  position: Position | undefined,
): HandlerResult {
  const { direction, strategyId, symbol } = signal;
  if (position?.side !== direction)
    return stop('nothing_to_sell', `${strategyId} holds no ${direction} of ${symbol} to add to.`);
  if (position.closeIntentId !== null || position.status === 'CLOSING_UNCONFIRMED')
    return stop('pending_order', `${symbol} is being closed: nothing is added to it.`);
  return findPending(signal, context.workingIntents) === undefined
    ? pass(`adds to ${position.positionId}`)
    : stop('pending_order', `${strategyId} already has an order in ${symbol} that has not ended.`);
}

/** Handler 1: settles exits, and refuses what the strategy already has or already asked for. */
export const handleExistingPosition: Handler = (signal, context) => {
  const position = ownPosition(signal, context);
  const { action, direction, strategyId, symbol } = signal;
  if (action === 'EXIT')
    return position === undefined
      ? stop('nothing_to_sell', `${strategyId} holds nothing of ${symbol}.`)
      : ownExit(signal, context, position);
  if (action === 'REDUCE')
    return stop('strategy_error', 'A position is closed as a whole; REDUCE is not possible.');
  if (action === 'ADD') return addTo(signal, context, position);
  if (position !== undefined)
    return position.side === direction
      ? stop('max_positions', `${strategyId} already holds ${symbol}.`)
      : pass(`holds the opposite side: ${position.positionId}`);
  return findPending(signal, context.workingIntents) === undefined
    ? pass('none')
    : stop('pending_order', `${strategyId} already has an order in ${symbol} that has not ended.`);
};

/**
 * Handler 2: an entry against the open position closes it and ends there, or is ignored, as the strategy's policy
 * says; an entry that follows a `flip` comes as a signal of its own (`followUpOf`).
 *
 * Without a position there is nothing that an entry to the short side of a spot market could sell (STR-21).
 */
export const handleReversal: Handler = (signal, context) => {
  const position = ownPosition(signal, context);
  if (position !== undefined && position.side !== signal.direction) {
    if (context.strategy?.reversal === 'ignore')
      return stop(
        'max_positions',
        `${signal.strategyId} holds ${signal.symbol} on the other side and ignores reversals.`,
      );
    return exit(signal, context, { position, reason: 'reversal' });
  }
  return signal.direction === 'SHORT' && context.instrument?.market !== 'futures'
    ? stop('nothing_to_sell', `${signal.strategyId} holds nothing of ${signal.symbol} to sell.`)
    : pass('none');
};

/** Handler 4: the gate; approves the entry's order or gives every reason against it. */
export const handleExposure: Handler = (signal, context) => {
  const candidate = candidateOf(signal, context);
  if (!candidate.ok) return stop(candidate.error.reason, candidate.error.detail);
  const verdict = riskGate(candidate.value, ENTRY_CHECKS, draftEntry);
  return fromVerdict(verdict, impactWords(candidate.value));
};

/**
 * Handler 3: a free slot, in the book and for the strategy itself.
 *
 * Where there is none the whole gate still speaks, so that every reason is reported (RSK-51); it
 * holds the same two checks, so it cannot approve.
 */
export const handlePositionLimit: Handler = (signal, context) => {
  const asking = { signal, context };
  const isFree =
    checkOpenPositions(asking).block === null && checkStrategyPositions(asking).block === null;
  return isFree ? pass('a slot is free') : handleExposure(signal, context);
};
