import type { EpochMs } from '../../lib/time.ts';
import type { OrderUpdate, PositionUpdate } from '../strategy.ts';
import type { SectionedContext } from './judge.ts';
import { move, type Memory } from './memory.ts';

/** Opportunities that a pause drops. */
const isOpportunity = ({ state }: Memory): boolean =>
  state === 'SIGNAL_DETECTED' || state === 'ENTRY_EVALUATION' || state === 'ENTRY_PENDING';

/** Counts orders that failed in a row; those that an open breaker stopped do not count (RSK-66). */
function countFailures(memory: Memory, { status, reason }: OrderUpdate): void {
  if (status === 'filled' || status === 'partial') memory.orderFailures = 0;
  if (status === 'rejected' && reason !== 'breaker_open') memory.orderFailures += 1;
}

/** Takes note of an order. What the table does not hold says nothing new, such as a second fill. */
export function onOrder(memory: Memory, update: OrderUpdate, at: EpochMs): void {
  countFailures(memory, update);
  if (update.action !== 'ENTER' && update.action !== 'ADD') return;
  const { entry } = memory;
  switch (update.status) {
    case 'partial':
    case 'filled':
      goHolding(memory, at);
      return;
    case 'approved':
      if (entry === null) return;
      entry.intentId = update.intentId;
      move(
        memory,
        { cause: 'approved', at },
        {
          confidence: entry.confidence,
          indicatorValues: entry.indicatorValues,
          actionTaken: 'ORDER_CREATED',
        },
      );
      return;
    case 'refused':
    case 'cancelled':
    case 'rejected':
    case 'expired':
      // The end of an order that was replaced or filled already is none of this entry's.
      if (entry === null || (entry.intentId !== null && entry.intentId !== update.intentId)) return;
      endEntry(memory, at, update.reason);
  }
}

/** An entry came to nothing: back to watching, after a pause. */
export function endEntry(memory: Memory, at: EpochMs, detail: string | null): void {
  memory.entry = null;
  memory.rearmFrom = at;
  const cause = memory.state === 'ENTRY_PENDING' ? 'unfilled' : 'refused';
  move(memory, { cause, at }, { detail, actionTaken: 'SIGNAL_CANCELLED' });
}

/** Takes note of the position. One that somebody else opened is not the strategy's (STR-35). */
export function onPosition(memory: Memory, update: PositionUpdate, at: EpochMs): void {
  if (update.status === 'closed')
    goFlat(memory, at, update.isExternal ? 'closed at the venue' : null);
  if (update.status === 'opened' && !update.isExternal) goHolding(memory, at);
}

/** Something is held. */
export function goHolding(memory: Memory, at: EpochMs): void {
  if (move(memory, { cause: 'filled', at })) memory.entry = null;
}

/** Nothing is held any more. */
export function goFlat(memory: Memory, at: EpochMs, detail: string | null): void {
  if (move(memory, { cause: 'flat', at }, { detail, actionTaken: 'POSITION_CLOSED' }))
    memory.entry = null;
}

/** Stops entries. An exit under way goes on; the pause begins when it is done. */
export function onPause(memory: Memory, reason: string, at: EpochMs): void {
  memory.pausedFor = reason;
  pause(memory, at, reason);
}

/** @returns Whether it was paused by this. */
export const pause = (memory: Memory, at: EpochMs, detail: string): boolean =>
  move(
    memory,
    { cause: 'paused', at },
    { detail, actionTaken: isOpportunity(memory) ? 'SIGNAL_CANCELLED' : 'NO_ACTION' },
  );

/** The next bar tells whether anything else keeps it paused. */
export function onResume(memory: Memory): void {
  memory.pausedFor = null;
}

/** The engine gave it up. */
export function onFailed(memory: Memory, fault: string, at: EpochMs): void {
  move(memory, { cause: 'errors', at }, { detail: fault });
}

/** A person starts it again: the count of failures begins anew, and an exit that was under way goes on. */
export function onRestart(memory: Memory, at: EpochMs): void {
  memory.pausedFor = null;
  memory.orderFailures = 0;
  move(memory, { cause: 'activated', at });
}

/**
 * Takes note of what the ledger shows and no event told, as after a late fill or a stop. It is done before a bar is
 * judged, so that bars are judged the same whether events came or not.
 */
export function catchUp({ memory, facts, barCloseAt: at, blind }: SectionedContext): void {
  if (blind?.reason === 'warmup') return;
  const { state, entry } = memory;
  const { position, pendingOrder } = facts;
  if (position !== null) {
    goHolding(memory, at);
    if (!pendingOrder) memory.entry = null;
    return;
  }
  if (state === 'POSITION_ACTIVE') goFlat(memory, at, 'closed by a protection or a person');
  if (pendingOrder) return;
  if (state === 'EXIT_PENDING' || state === 'EMERGENCY_EXIT') goFlat(memory, at, null);
  else if (entry !== null || state === 'ENTRY_PENDING')
    endEntry(memory, at, 'ended without a word');
}
