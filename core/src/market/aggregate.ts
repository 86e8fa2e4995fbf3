import { bucketStart, durationMs, type EpochMs } from '../lib/time.ts';
import { addMoney, addQty, maxPrice, minPrice, ZERO_MONEY, ZERO_QTY } from '../lib/units.ts';
import { TIMEFRAMES, type Candle, type Timeframe } from './market.ts';

const MINUTE = TIMEFRAMES['1m'];

/** A parent's prices come from children that traded: an empty one only repeats the price before it (MD-44). */
function merge(openAt: EpochMs, children: readonly [Candle, ...Candle[]]): Candle {
  const traded = children.filter((child) => child.volume > 0n);
  const [first, last] = [traded[0] ?? children[0], traded.at(-1) ?? children[0]];
  const priced: readonly Candle[] = traded.length > 0 ? traded : children;
  return {
    openAt,
    open: first.open,
    high: priced.reduce((high, child) => maxPrice(high, child.high), first.high),
    low: priced.reduce((low, child) => minPrice(low, child.low), first.low),
    close: last.close,
    volume: children.reduce((sum, child) => addQty(sum, child.volume), ZERO_QTY),
    buyVolume: children.reduce<Candle['buyVolume']>(
      (sum, { buyVolume }) => (sum === null || buyVolume === null ? null : addQty(sum, buyVolume)),
      ZERO_QTY,
    ),
    quoteVolume: children.reduce((sum, child) => addMoney(sum, child.quoteVolume), ZERO_MONEY),
    trades: children.reduce((sum, child) => sum + child.trades, 0),
    buyTrades: children.reduce<Candle['buyTrades']>(
      (sum, { buyTrades }) => (sum === null || buyTrades === null ? null : sum + buyTrades),
      0,
    ),
    gapFilled: children.some((child) => child.gapFilled),
    incomplete: children.some((child) => child.incomplete),
    revision: children.reduce((sum, child) => sum + child.revision, 0),
    source: children.every((child) => child.source === 'trades') ? 'trades' : 'venue',
  };
}

/**
 * One-minute candles made into longer ones, aligned to the UTC epoch (MD-41, MD-42).
 *
 * A parent is made only of all its minutes: where one is missing, at either end or within, there is none.
 * Volumes and counts are the exact sums; where one child does not tell its buy volume the parent does not.
 *
 * @param candles One-minute candles, oldest first.
 * @throws RangeError when they are not in ascending order.
 */
export function aggregate(candles: readonly Candle[], timeframe: Timeframe): Candle[] {
  const size = durationMs(TIMEFRAMES[timeframe]);
  const parents: Candle[] = [];
  let children: Candle[] = [];
  let previousAt = -1;
  for (const candle of candles) {
    if (candle.openAt <= previousAt)
      throw new RangeError(
        `Invariant: candles come oldest first, ${candle.openAt} came after ${previousAt}`,
      );
    if (candle.openAt !== previousAt + MINUTE || candle.openAt % size === 0) children = [];
    previousAt = candle.openAt;
    children.push(candle);
    const openAt = bucketStart(candle.openAt, size);
    const [first, ...rest] = children;
    if (first?.openAt === openAt && children.length === size / MINUTE)
      parents.push(merge(openAt, [first, ...rest]));
  }
  return parents;
}
