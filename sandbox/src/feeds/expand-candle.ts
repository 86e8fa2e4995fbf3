import { epochMs, type EpochMs } from '@tradewind/core/lib/time';
import {
  qty,
  roundQty,
  shareOf,
  moneyOf,
  amountOf,
  subQty,
  type Price,
  type Qty,
} from '@tradewind/core/lib/units';
import type { Print } from '@tradewind/core/simulation/price-process';

/** One recorded candle. */
export type Bar = {
  readonly openAt: EpochMs;
  readonly open: Price;
  readonly high: Price;
  readonly low: Price;
  readonly close: Price;
  readonly volume: Qty;
};

/** Smallest size of a trade that a venue prints. */
const SMALLEST = qty('0.00000001');
/** A bar with less volume than this cannot be told in four trades. */
export const MIN_BAR_VOLUME = qty('0.00000004');

/**
 * Four trades that give back the bar: a rising one goes open, low, high, close; a falling one open,
 * high, low, close. Their sizes add up to the volume exactly; the aggressor is who moved the price.
 * A bar in which nothing traded gives none.
 */
export function expandBar(bar: Bar, lengthMs: number): Print[] {
  if (bar.volume === 0n) return [];
  const rises = bar.close >= bar.open;
  const path = rises
    ? [bar.open, bar.low, bar.high, bar.close]
    : [bar.open, bar.high, bar.low, bar.close];
  const whole = qty(String(path.length));
  const share = shareOf(moneyOf(bar.volume), { part: qty('1'), whole }, 'floor');
  const each = roundQty(amountOf(share), SMALLEST, 'floor');
  const last = path.length - 1;
  const rest = path.slice(1).reduce((left) => subQty(left, each), bar.volume);
  return path.map((price, index): Print => {
    const before = path[index - 1] ?? price;
    const up = before === price ? rises : price > before;
    const offset = index === last ? lengthMs - 1 : Math.floor((lengthMs * index) / last);
    const size = index === last ? rest : each;
    return { at: epochMs(bar.openAt + offset), price, size, side: up ? 'buy' : 'sell' };
  });
}
