import { atrInit, atrNext } from '../indicator/atr.ts';
import { emaInit, emaNext } from '../indicator/ema.ts';
import type { EpochMs } from '../lib/time.ts';
import { toNumber, type Price } from '../lib/units.ts';
import { aggregate } from '../market/aggregate.ts';
import type { Candle } from '../market/market.ts';
import type { DumpBar, DumpInputs } from './dump.ts';
import type { Position } from './position.ts';

/** What is known of one market, for every position in it. */
export type DumpMarket = {
  /** Closed minutes without a gap at the end, oldest first: two hours of them make an average. */
  readonly candles: readonly Candle[];
  readonly zones: readonly {
    readonly type: 'demand' | 'supply';
    readonly priceLow: Price;
    readonly priceHigh: Price;
  }[];
  readonly valueAreaHigh: Price | null;
  readonly valueAreaLow: Price | null;
};

/** Trades in a minute from which on its flow says something (IND-51). */
const MIN_TRADES = 60;
const MINUTE_MS = 60_000;
const FIVE_MS = 300_000;

const barOf = ({ high, low, close, volume, buyVolume }: Candle): DumpBar | null => {
  if (buyVolume === null) return null;
  const buys = toNumber(buyVolume);
  return {
    ...{ high: toNumber(high), low: toNumber(low), close: toNumber(close) },
    ...{ buys, sells: toNumber(volume) - buys },
  };
};

/** Buys over sells of some minutes; `null` where that is not known, or nothing was sold or bought. */
function flowOf(bars: readonly (DumpBar | null)[]): number | null {
  let [buys, sells] = [0, 0];
  for (const bar of bars) {
    if (bar === null) return null;
    buys += bar.buys;
    sells += bar.sells;
  }
  if (sells === 0) return buys > 0 ? Infinity : null;
  return buys / sells;
}

type FiveMinutes = { readonly closeAt: number; readonly ema: number };

/** EMA20 after each whole five minutes, and the ATR after the last. */
function averagesOf(candles: readonly Candle[]): {
  readonly emas: readonly FiveMinutes[];
  readonly atr: number | null;
} {
  const [average, range] = [emaInit(20), atrInit(14)];
  const emas: FiveMinutes[] = [];
  let atr: number | null = null;
  for (const { openAt, high, low, close } of aggregate(candles, '5m')) {
    const bar = { high: toNumber(high), low: toNumber(low), close: toNumber(close) };
    atr = atrNext(range, bar) ?? null;
    const ema = emaNext(average, bar.close);
    if (ema !== undefined) emas.push({ closeAt: openAt + FIVE_MS, ema });
  }
  return { emas, atr };
}

/** Whether the entry was on the favourable side of the average as it was then; what was not seen is none. */
function enteredBeyond(
  { side, averageEntry, openedAt }: Entry,
  emas: readonly FiveMinutes[],
): boolean {
  const then = emas.filter(({ closeAt }) => closeAt <= openedAt).at(-1);
  if (then === undefined) return false;
  const entry = toNumber(averageEntry);
  return side === 'LONG' ? entry > then.ema : entry < then.ema;
}

type Entry = Pick<Position, 'side' | 'averageEntry' | 'openedAt'>;

/** What may turn the price against a position: supply and the top of value of a LONG, demand and its bottom of a SHORT. */
function levelsOf(
  { zones, valueAreaHigh, valueAreaLow }: DumpMarket,
  side: Position['side'],
): readonly number[] {
  const type = side === 'LONG' ? 'supply' : 'demand';
  const edges = zones
    .filter((zone) => zone.type === type)
    .map(({ priceLow, priceHigh }) => (side === 'LONG' ? priceLow : priceHigh));
  const value = side === 'LONG' ? valueAreaHigh : valueAreaLow;
  return [...edges, ...(value === null ? [] : [value])].map(toNumber);
}

/**
 * What the dump detector is asked of a position on an exchange, from closed minutes; `null` where it would be blind
 * (PF-71): no minute closed within the last two, or too few trades in it. Slippage of an exit and liquidity are what
 * pools are judged by, and are not known of exchanges.
 */
export function dumpInputs(position: Entry, market: DumpMarket, now: EpochMs): DumpInputs | null {
  const { candles } = market;
  const last = candles.at(-1);
  if (last === undefined || now - (last.openAt + MINUTE_MS) > 2 * MINUTE_MS) return null;
  if (last.trades < MIN_TRADES || last.incomplete || last.gapFilled) return null;
  const recent = candles.slice(-5).map(barOf);
  const bars = recent.slice(-3);
  const { emas, atr } = averagesOf(candles);
  return {
    side: position.side,
    bars: bars.filter((bar) => bar !== null),
    flowBefore: recent.length === 5 ? flowOf(recent.slice(0, 4)) : null,
    flowNow: flowOf(recent.slice(-1)),
    ema: emas.slice(-4).map(({ ema }) => ema),
    atr,
    enteredBeyondEma: enteredBeyond(position, emas),
    levels: levelsOf(market, position.side),
    exitSlippagePct: null,
    liquidityChangePct: null,
    quoteFailures: 0,
  };
}
