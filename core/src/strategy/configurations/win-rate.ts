import type { RoundTrip } from '../../portfolio/fill-effect.ts';
import type { TradingConfiguration } from './configuration.ts';

/** Closed trades that a win rate is taken over (STR-72). */
const WATCHED_TRADES = 50;
/** Percentage points under what is expected from which a recipe pauses. */
const PAUSE_BELOW = 10;

/** How a recipe does: `unknown` before there are 50 closed trades. */
export type WinRateVerdict = {
  readonly verdict: 'unknown' | 'ok' | 'warn' | 'pause';
  readonly trades: number;
  /** Percent; `null` while unknown. */
  readonly winRatePct: number | null;
  readonly expectedPct: number;
};

/**
 * Watches a recipe's win rate over its last 50 closed trades (STR-72): under what is expected it warns, ten points
 * under new entries are to pause; exits go on.
 *
 * @param trades Of one recipe, oldest first.
 */
export function watchWinRate(
  trades: readonly Pick<RoundTrip, 'outcome'>[],
  { expectedWinRatePct: expectedPct }: Pick<TradingConfiguration, 'expectedWinRatePct'>,
): WinRateVerdict {
  const last = trades.slice(-WATCHED_TRADES);
  if (last.length < WATCHED_TRADES)
    return { verdict: 'unknown', trades: last.length, winRatePct: null, expectedPct };
  const won = last.filter(({ outcome }) => outcome === 'profitable').length;
  const winRatePct = (100 * won) / last.length;
  const short = expectedPct - winRatePct;
  const verdict = short >= PAUSE_BELOW ? 'pause' : short > 0 ? 'warn' : 'ok';
  return { verdict, trades: last.length, winRatePct, expectedPct };
}
