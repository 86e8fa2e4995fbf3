import { isSellable, isSellableAtAnyPrice, type Instrument } from '../instrument/instrument.ts';
import type { EpochMs } from '../lib/time.ts';
import { notional, subMoney, toNumber, ZERO_MONEY, ZERO_QTY, type Price } from '../lib/units.ts';
import type { FilledOrder, FillEffect, RoundTrip } from './fill-effect.ts';
import type { Position } from './position.ts';
import { courseQuality, fillQuality } from './trade-quality.ts';

/** The end of an order that has changed `position`. */
export type OrderEnd = {
  readonly position: Position;
  readonly order: Pick<FilledOrder, 'intentId' | 'side'>;
  readonly instrument: Instrument;
  readonly price: Price;
  /** Market time. */
  readonly now: EpochMs;
};

type Settled = Pick<FillEffect, 'position' | 'dust' | 'trade'>;

/**
 * What the end of an order makes of its position: nothing more will come of it.
 *
 * An ended entry is OPEN. An ended exit is CLOSED when what is left cannot be sold at `price`; that is
 * dust. Otherwise the position is OPEN again and its lock is lifted, so that stops work on (PF-43); the
 * lock of another exit stays.
 *
 * Call it when an order ends without a fill that says so, as a cancelled one does.
 */
export function settleOrderEnd(end: OrderEnd): Settled {
  const { position, order } = end;
  if (position.status === 'CLOSED') return unchanged(position);
  if (!isLeft(end)) return closed(end);
  const otherExit = position.closeIntentId !== null && position.closeIntentId !== order.intentId;
  if (otherExit) return unchanged({ ...position, status: 'REDUCING' });
  return unchanged({ ...position, status: 'OPEN', closeIntentId: null, closeReason: null });
}

/** Whether something is left to hold. A venue lets a future be reduced by any amount; spot has a least one. */
function isLeft({ position: { quantity, side }, order, instrument, price }: OrderEnd): boolean {
  if (instrument.market === 'futures') return quantity > 0n;
  return (side === 'LONG') === (order.side === 'SELL')
    ? isSellable(instrument, quantity, price)
    : isSellableAtAnyPrice(instrument, quantity);
}

const unchanged = (position: Position): Settled => ({ position, dust: null, trade: null });

/** A position that is over; what is left of it is dust. */
export function closed({ position, now }: Pick<OrderEnd, 'position' | 'now'>): Settled {
  const { quantity, cost, entryFees } = position;
  const ended: Position = {
    ...position,
    status: 'CLOSED',
    quantity: ZERO_QTY,
    cost: ZERO_MONEY,
    entryFees: ZERO_MONEY,
    closeIntentId: null,
    closeReason: position.closeReason ?? 'unknown_close',
    closedAt: now,
  };
  return {
    position: ended,
    dust: quantity > 0n ? { quantity, cost, entryFees } : null,
    trade: roundTrip(ended, { fees: subMoney(position.fees, entryFees), now }),
  };
}

/** `null` when nothing was ever sold: then there was an entry and no round trip. */
function roundTrip(
  position: Position,
  { fees, now }: { readonly fees: RoundTrip['fees']; readonly now: EpochMs },
): RoundTrip | null {
  const { exitPrice, exitedQuantity, realizedPnl, averageEntry } = position;
  if (exitPrice === null) return null;
  const { highest, worst, initialStop } = position.protection;
  const course = courseQuality({
    ...{ side: position.side, entryPrice: averageEntry, exitPrice, quantity: exitedQuantity },
    netPnl: realizedPnl,
    best: worst === undefined ? null : toNumber(highest),
    worst: worst === undefined ? null : toNumber(worst),
    initialStop: initialStop === undefined || initialStop === 0n ? null : initialStop,
  });
  const { slippageInPct, slippageOutPct } = fillQuality(position);
  const deployed = toNumber(notional(averageEntry, exitedQuantity, 'floor'));
  return {
    tradeId: position.positionId,
    bookId: position.bookId,
    strategyId: position.strategyId,
    marketKey: position.marketKey,
    symbol: position.symbol,
    side: position.side,
    entryPrice: averageEntry,
    exitPrice,
    quantity: exitedQuantity,
    fees,
    netPnl: realizedPnl,
    netPnlPct: deployed > 0 ? (100 * toNumber(realizedPnl)) / deployed : 0,
    holdMs: Math.max(0, now - position.openedAt),
    exitReason: position.closeReason ?? 'unknown_close',
    outcome: outcomeOf({ netPnl: realizedPnl, fees }),
    openedAt: position.openedAt,
    closedAt: now,
    initialStop: course.initialStop,
    rMultiple: course.rMultiple,
    maePct: course.maePct,
    mfePct: course.mfePct,
    efficiency: course.efficiency,
    slippageInPct,
    slippageOutPct,
  };
}

/** PF-50: a result within its own fees is flat; executing is not success. */
function outcomeOf({ netPnl, fees }: Pick<RoundTrip, 'netPnl' | 'fees'>): RoundTrip['outcome'] {
  if (netPnl <= fees && subMoney(ZERO_MONEY, netPnl) <= fees) return 'flat';
  return netPnl > 0n ? 'profitable' : 'loss';
}
