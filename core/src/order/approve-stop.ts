import type { Instrument } from '../instrument/instrument.ts';
import { exitCauseOf, intentIdOf } from '../lib/ids.ts';
import { ok } from '../lib/result.ts';
import type { EpochMs } from '../lib/time.ts';
import type { Position } from '../portfolio/position.ts';
import type { VenueStop } from '../portfolio/venue-stop.ts';
import { blocked, passed, type RiskCheck } from '../risk/check.ts';
import { riskGate, type GateVerdict } from '../risk/gate.ts';
import type { Instruction } from './intent.ts';

/** A wish to rest a protective stop at the venue. */
export type StopRequest = {
  readonly position: Position;
  readonly instrument: Instrument;
  readonly stop: VenueStop;
  /** Which stop of the position this is; each has an id of its own, the same in every process. */
  readonly generation: number;
  /** Market time. */
  readonly now: EpochMs;
};

const checkHeld: RiskCheck<StopRequest> = ({ position, stop }) => {
  const { quantity, status, symbol } = position;
  const measured = { check: 'held', value: stop.quantity, limit: quantity };
  return status !== 'CLOSED' && stop.quantity > 0n && stop.quantity <= quantity
    ? passed(measured)
    : blocked(
        measured,
        'nothing_to_sell',
        `A stop covers what the position in ${symbol} holds, and never more.`,
      );
};

/** An exit looks after the stop while it is under way: placed now, it would be in its way. */
const checkNoExitUnderWay: RiskCheck<StopRequest> = ({ position }) => {
  const measured = { check: 'noExitUnderWay', value: position.closeIntentId, limit: null };
  return position.closeIntentId === null
    ? passed(measured)
    : blocked(measured, 'pending_order', `The position in ${position.symbol} is being closed.`);
};

const draftStop = ({ position, stop, generation, now }: StopRequest): Instruction => {
  const { bookId, strategyId, marketKey, symbol, positionId, side } = position;
  return {
    intentId: intentIdOf(exitCauseOf(positionId, 'stop', generation), 'EXIT'),
    bookId,
    strategyId,
    marketKey,
    symbol,
    signalId: null,
    positionId,
    action: 'EXIT',
    direction: side,
    side: side === 'LONG' ? 'SELL' : 'BUY',
    type: 'STOP',
    quantity: stop.quantity,
    limitPrice: null,
    stopPrice: stop.stopPrice,
    timeInForce: 'GTC',
    reduceOnly: true,
    closeReason: stop.reason,
    suggestedStop: null,
    suggestedTarget: null,
    expectedPrice: stop.stopPrice,
    expectedAt: now,
    expiresAt: null,
  };
};

/**
 * Approves a protective stop (PF-46, EXE handler 6): it can only reduce, and covers no more than is held.
 *
 * No switch stops it, neither of execution nor the emergency's: it adds no risk, and without it a position is at
 * the mercy of this program being alive (RSK-02).
 *
 * @throws Error when the instrument is not the position's.
 */
export function approveStop(request: StopRequest): GateVerdict<Instruction> {
  const { position, instrument } = request;
  if (position.marketKey !== instrument.marketKey)
    throw new Error(
      `Invariant: position ${position.positionId} is stopped by the rules of its own market, not ${instrument.marketKey}`,
    );
  return riskGate(request, [checkHeld, checkNoExitUnderWay], (wish) => ok(draftStop(wish)));
}
