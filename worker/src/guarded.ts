import type { PositionDoc } from '@tradewind/contracts/documents/book';
import type { EpochMs } from '@tradewind/core/lib/time';
import type { Price } from '@tradewind/core/lib/units';
import type { Candle } from '@tradewind/core/market/market';
import type { CloseReason } from '@tradewind/core/order/intent';
import type { Position, Protection } from '@tradewind/core/portfolio/position';
import { isExitHeldBack, isOverstayed } from '@tradewind/core/portfolio/hold-time';
import { onPrice, witness } from '@tradewind/core/portfolio/protection';

/** An open position as the worker watches it: its document, and how far prices have moved since. */
export type Guarded = {
  readonly doc: PositionDoc;
  /** At least as tight as the document's: extremes since its last write. */
  readonly protection: Protection;
};

/** Best and worst price that were seen of a position. */
export type Extremes = Pick<Protection, 'highest' | 'worst'>;

/** A position's protection with what was seen of prices: its stop follows the best one. */
function widened({ protection, side }: Position, { highest, worst }: Extremes): Protection {
  const followed = onPrice(protection, side, highest).protection;
  return worst === undefined ? followed : witness(followed, worst, side);
}

/**
 * Takes over what the ledger says of a position. Extremes that were seen and not yet written are
 * kept: a stop only ever moves in favour (PF-40).
 */
export function adopt(known: Guarded | undefined, doc: PositionDoc): Guarded {
  if (known === undefined) return { doc, protection: doc.protection };
  return { doc, protection: widened(doc, known.protection) };
}

/** True while an exit may be wished for: it is open, and none is under way (PF-43). */
export const isArmed = ({ doc }: Guarded): boolean =>
  doc.closeIntentId === null && doc.quantity > 0n && doc.status !== 'CLOSED';

/**
 * The position after a trade at `price` and a market time, and why it must be closed now, if so: a stop or target
 * (PF-41), or its time is over (PF-55). A small profit waits for the shortest time (PF-56).
 */
export function watch(
  guarded: Guarded,
  price: Price,
  now: EpochMs,
): { readonly guarded: Guarded; readonly trigger: CloseReason | null } {
  const { protection, trigger } = onPrice(guarded.protection, guarded.doc.side, price);
  const next = { ...guarded, protection };
  if (!isArmed(guarded)) return { guarded: next, trigger: null };
  const position = { ...guarded.doc, protection };
  if (trigger !== null && !isExitHeldBack(position, { reason: trigger, now, price }))
    return { guarded: next, trigger };
  return { guarded: next, trigger: isOverstayed(position, now) ? 'hold_time' : null };
}

/** Prices of a time when nobody watched: a candle, or a single trade with one price for all. */
export type Missed = Pick<Candle, 'openAt' | 'low' | 'high' | 'close'>;

/**
 * Replays candles of a time when no trade was seen (PF-45). Within a candle the adverse extreme
 * counts first, so that its own high cannot have raised the stop that its low then hits. A target
 * that was reached is not acted on: that price is gone; a stop is.
 */
export function replay(
  guarded: Guarded,
  candles: readonly Missed[],
): { readonly guarded: Guarded; readonly trigger: CloseReason | null } {
  let current = guarded;
  for (const candle of candles) {
    // A candle that began before the last fill also holds prices that the position never saw.
    if (candle.openAt < guarded.doc.lastFillAt) continue;
    const isLong = guarded.doc.side === 'LONG';
    for (const price of isLong ? [candle.low, candle.high] : [candle.high, candle.low]) {
      const step = watch(current, price, candle.openAt);
      current = step.guarded;
      if (step.trigger === 'stop_loss' || step.trigger === 'trailing_stop')
        return { guarded: current, trigger: step.trigger };
    }
  }
  return { guarded: current, trigger: null };
}

/** PF-45: a move of 0.05 % is worth a write; in ten-thousandths. */
const WORTH_WRITING = 5n;

const hasMoved = (from: Price, to: Price): boolean => {
  const distance = to > from ? to - from : from - to;
  return from > 0n && distance * 10_000n >= from * WORTH_WRITING;
};

/** True when an extreme or the trailing stop moved 0.05 % or more since they were written (PF-45). */
export function isWorthWriting({ doc, protection }: Guarded): boolean {
  const { highest, worst, trailingStop } = doc.protection;
  return (
    hasMoved(highest, protection.highest) ||
    (worst !== undefined && protection.worst !== undefined && hasMoved(worst, protection.worst)) ||
    (trailingStop !== null &&
      protection.trailingStop !== null &&
      hasMoved(trailingStop, protection.trailingStop))
  );
}

/** The ledger's position with what the worker saw; `undefined` when that changes nothing. */
export function withExtremes<P extends Position>(position: P, seen: Extremes): P | undefined {
  if (position.status === 'CLOSED') return undefined;
  const { highest, worst } = position.protection;
  const protection = widened(position, seen);
  return protection.highest === highest && protection.worst === worst
    ? undefined
    : { ...position, protection };
}
