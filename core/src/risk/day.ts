import { dayStart, type EpochMs } from '../lib/time.ts';
import { maxMoney, percentRatio, subMoney, type Money } from '../lib/units.ts';
import type { RiskState } from './risk-state.ts';

/** The figures that a valuation moves. */
type Valued = Pick<
  RiskState,
  'dayAt' | 'openingEquity' | 'peakEquity' | 'equity' | 'equityAt' | 'tradesToday'
>;

/**
 * Equity less the equity at 00:00 UTC (RSK-32), unrealised P&L included.
 *
 * Deposits never look like profit: whoever books one raises opening and peak equity by it.
 */
export const dailyPnl = (state: Pick<Valued, 'equity' | 'openingEquity'>): Money =>
  subMoney(state.equity, state.openingEquity);

/** Daily P&L in percent of the opening equity; `undefined` when that is not positive. */
export const dailyPnlPct = (state: Pick<Valued, 'equity' | 'openingEquity'>): number | undefined =>
  percentRatio(dailyPnl(state), state.openingEquity);

/** Fall from peak equity in percent (RSK-33); `undefined` when the peak is not positive. */
export const drawdownPct = (state: Pick<Valued, 'equity' | 'peakEquity'>): number | undefined =>
  percentRatio(subMoney(state.peakEquity, state.equity), state.peakEquity);

/**
 * Whether a peak has risen enough to be written by itself, by 0.01 % (PF-04); a smaller rise waits for the next
 * valuation that is written for its age.
 */
export const isHigherPeak = (
  before: Pick<Valued, 'peakEquity'>,
  after: Pick<Valued, 'peakEquity'>,
): boolean => {
  const rise = subMoney(after.peakEquity, before.peakEquity);
  return rise > 0n && rise * 10_000n >= before.peakEquity;
};

/**
 * The risk state after a valuation of the book: equity, peak and, past midnight UTC, a new day.
 *
 * A new day opens with the valuation nearest to its 00:00 UTC: the last one of the day before, or
 * this one. A valuation older than the stored one changes nothing.
 */
export function revalue<S extends Valued>(
  state: S,
  { equity, now }: { readonly equity: Money; readonly now: EpochMs },
): S {
  if (now < state.equityAt) return state;
  const today = dayStart(now);
  const valued = {
    ...state,
    equity,
    equityAt: now,
    peakEquity: maxMoney(state.peakEquity, equity),
  };
  if (today <= state.dayAt) return valued;
  const lastIsNearer = today - state.equityAt <= now - today;
  const openingEquity = lastIsNearer ? state.equity : equity;
  return { ...valued, dayAt: today, openingEquity, tradesToday: 0 };
}
