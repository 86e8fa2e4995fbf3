import { ageMs, minutes, type EpochMs } from '../lib/time.ts';
import { movePrice, type Price } from '../lib/units.ts';
import type { Candle } from '../market/market.ts';

/** What a dump is told by: a further move of so much against the position, within so many minutes of its exit (PF-73). */
const FURTHER_PCT = 1;
const WITHIN_MINUTES = 10;
const MINUTE = minutes(1);

/** An exit for which the dump detector was the reason. */
export type DumpExit = {
  readonly side: 'LONG' | 'SHORT';
  readonly exitPrice: Price;
  /** Market time. */
  readonly closedAt: EpochMs;
  /** Minutes of its market around the exit, in any order. */
  readonly candles: readonly Pick<Candle, 'openAt' | 'high' | 'low'>[];
};

/** How good the detector was. */
export type DumpPrecision = {
  readonly exits: number;
  /** Whose next ten minutes are known. */
  readonly judged: number;
  /** After which the price went on by 1 %. */
  readonly right: number;
  /** Percent of what was judged; `null` where nothing was. */
  readonly precisionPct: number | null;
};

/** Whether the price went on against what was held; `null` where too few minutes are known to say that it did not. */
export function wentOn({ side, exitPrice, closedAt, candles }: DumpExit): boolean | null {
  // The minute of the exit itself also has prices from before it.
  const after = candles.filter(({ openAt }) => {
    const age = ageMs(closedAt, openAt);
    return age >= 0 && age < WITHIN_MINUTES * MINUTE;
  });
  const limit = movePrice(exitPrice, side === 'LONG' ? -FURTHER_PCT : FURTHER_PCT, 'floor');
  const isRight = after.some(({ high, low }) => (side === 'LONG' ? low <= limit : high >= limit));
  if (isRight) return true;
  const known = new Set(after.map(({ openAt }) => openAt)).size;
  return known >= WITHIN_MINUTES - 1 ? false : null;
}

/** The share of exits that were followed by a further 1 % within ten minutes (PF-73). */
export function dumpPrecision(exits: readonly DumpExit[]): DumpPrecision {
  const verdicts = exits.map(wentOn).filter((verdict) => verdict !== null);
  const right = verdicts.filter((verdict) => verdict).length;
  return {
    exits: exits.length,
    judged: verdicts.length,
    right,
    precisionPct: verdicts.length === 0 ? null : (100 * right) / verdicts.length,
  };
}
