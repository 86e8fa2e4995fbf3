import {
  realisedVolatilityInit,
  realisedVolatilityNext,
} from '../indicator/realised-volatility.ts';
import { minutes, type EpochMs } from '../lib/time.ts';
import { toNumber, type Price } from '../lib/units.ts';
import type { Candle } from '../market/market.ts';

/** What risk wants to know of a market beyond its price; `null` = not known. */
export type MarketFigures = {
  /** IND-20: 0 to 1, where 0.5 is a daily move of 50 %. */
  readonly volatility: number | null;
  /** Best ask less best bid, in percent of their middle. */
  readonly spreadPct: number | null;
  /** Standard deviation of one-minute log returns over the last hour. */
  readonly minuteSigma: number | null;
  /** Quote volume of the last closed minute. */
  readonly minuteQuoteVolume: number | null;
};

const PERIOD = 60;
const MINUTE = minutes(1);
/** Figures of a minute that closed longer ago say nothing about now. */
const MAX_AGE = minutes(5);
const MINUTES_PER_DAY = 1_440;

export const UNKNOWN_FIGURES: MarketFigures = {
  volatility: null,
  spreadPct: null,
  minuteSigma: null,
  minuteQuoteVolume: null,
};

type Quote = { readonly bid: Price | null; readonly ask: Price | null };

/** Spread in percent of the middle; `null` without both sides, or where they have crossed. */
export function spreadPctOf({ bid, ask }: Quote): number | null {
  if (bid === null || ask === null || bid <= 0n || ask < bid) return null;
  const [low, high] = [toNumber(bid), toNumber(ask)];
  return (100 * (high - low)) / ((high + low) / 2);
}

/**
 * Figures of a market by its closed minutes and its top of book.
 *
 * @param candles - one-minute candles, oldest first; only those of the last 61 minutes before `now` count, and only
 *   without a hole: returns over a hole are of more than a minute.
 */
export function marketFigures(
  candles: readonly Candle[],
  quote: Quote,
  now: EpochMs,
): MarketFigures {
  const spreadPct = spreadPctOf(quote);
  const last = candles.at(-1);
  const age = last === undefined ? Infinity : now - last.openAt - MINUTE;
  if (last === undefined || !(age <= MAX_AGE)) return { ...UNKNOWN_FIGURES, spreadPct };
  const state = realisedVolatilityInit(PERIOD);
  let volatility: number | undefined;
  let before: EpochMs | null = null;
  let unbroken = 0;
  for (const { openAt, close } of candles.slice(-(PERIOD + 1))) {
    if (close <= 0n) return { ...UNKNOWN_FIGURES, spreadPct };
    unbroken = before === null || openAt - before === MINUTE ? unbroken + 1 : 1;
    before = openAt;
    volatility = realisedVolatilityNext(state, toNumber(close));
  }
  const isWhole = unbroken > PERIOD && volatility !== undefined;
  return {
    volatility: isWhole ? (volatility ?? null) : null,
    spreadPct,
    minuteSigma: isWhole ? Math.sqrt(state.window.spread / state.window.period) : null,
    minuteQuoteVolume: last.incomplete ? null : toNumber(last.quoteVolume),
  };
}

/** Spread of a day's returns that one minute's make, as a share (PF-85, fVol). */
export const dailyVolatility = (minuteSigma: number): number =>
  minuteSigma * Math.sqrt(MINUTES_PER_DAY);
