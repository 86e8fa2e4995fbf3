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
/** How many closed minutes movement is reckoned from. */
export const MOVEMENT_MINUTES = PERIOD + 1;
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
  const moved = movement(
    candles
      .slice(-MOVEMENT_MINUTES)
      .map(({ openAt, close }) => ({ openAt, close: toNumber(close) })),
  );
  if (moved === null) return { ...UNKNOWN_FIGURES, spreadPct };
  const minuteQuoteVolume = last.incomplete ? null : toNumber(last.quoteVolume);
  return { ...moved, spreadPct, minuteQuoteVolume };
}

/** A closed minute, as far as its movement goes. */
export type Minute = { readonly openAt: number; readonly close: number };

/**
 * How the market moved over its last hour, by closed minutes, oldest first; not known where one is missing, since
 * returns over a hole are of more than a minute. `null` for prices that are none.
 */
export function movement(
  minutesOf: readonly Minute[],
): Pick<MarketFigures, 'volatility' | 'minuteSigma'> | null {
  const state = realisedVolatilityInit(PERIOD);
  let volatility: number | undefined;
  let before: number | null = null;
  let unbroken = 0;
  for (const { openAt, close } of minutesOf.slice(-MOVEMENT_MINUTES)) {
    if (!(close > 0)) return null;
    unbroken = before === null || openAt - before === MINUTE ? unbroken + 1 : 1;
    before = openAt;
    volatility = realisedVolatilityNext(state, close);
  }
  return unbroken > PERIOD && volatility !== undefined
    ? { volatility, minuteSigma: Math.sqrt(state.window.spread / state.window.period) }
    : { volatility: null, minuteSigma: null };
}

/** Spread of a day's returns that one minute's make, as a share (PF-85, fVol). */
export const dailyVolatility = (minuteSigma: number): number =>
  minuteSigma * Math.sqrt(MINUTES_PER_DAY);
