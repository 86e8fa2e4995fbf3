import { SERIES } from '../market/bar.ts';
import { MINIMUMS, minimumTrades, readiness } from '../market/minimums.ts';
import type { Timeframe } from '../market/market.ts';
import { meanReversionOf } from '../orderflow/mean-reversion.ts';
import { regimeOf, type RegimeReading } from '../orderflow/regime.ts';
import { tapeStart, tradesOver } from '../orderflow/tick-window-read.ts';
import { ringBar, ringLength, ringTrades } from './bar-ring.ts';
import { isTimeframe, type IndicatorSeries } from './config.ts';
import { setValue, SET_NAMES } from './indicator-set.ts';
import type { AnalyticsState } from './state.ts';

const MINUTE = SERIES['1m'];

/** Trades in a timeframe's window: from the tape, and before that from closed minutes. */
function tradesIn(state: AnalyticsState, from: number, now: number): number {
  const start = tapeStart(state.tape) ?? now;
  if (start <= from) return tradesOver(state.tape, { from, to: now });
  // Minutes that closed before the tape begins; the one that holds its start counts from there.
  const minutes = state.bars['1m'];
  const before = Math.floor(start / MINUTE) * MINUTE;
  const closed = ringTrades(minutes, from) - ringTrades(minutes, before);
  return closed + tradesOver(state.tape, { from: start - 1, to: now });
}

/** Trades within a series' window, which decide whether its analytics mean anything (MD-50). */
export const tradesInWindow = (
  state: AnalyticsState,
  series: IndicatorSeries,
  now: number,
): number => tradesIn(state, now - MINIMUMS[series].windowMs, now);

/** Since when trades of a market are known, as far back as minutes are kept. */
function knownSince(state: AnalyticsState, now: number): number {
  const start = tapeStart(state.tape) ?? now;
  const minutes = state.bars['1m'];
  const oldest = ringBar(minutes, ringLength(minutes) - 1);
  return Math.min(start, oldest?.openAt ?? start);
}

/** What a series waits for, in words (MD-50, MD-51); `undefined` when its window has trades enough. */
export function waitOf(
  state: AnalyticsState,
  series: IndicatorSeries,
  now: number,
): string | undefined {
  const { windowMs } = MINIMUMS[series];
  const { isPaper, minimumTrades: overrides } = state.config;
  const judged = readiness(series, {
    trades: tradesInWindow(state, series, now),
    watchedMs: Math.min(windowMs, now - knownSince(state, now)),
    needed: minimumTrades(series, { isPaper, override: overrides[series] }),
  });
  return judged.kind === 'ready' ? undefined : judged.reason;
}

/** Beyond the indicators, what is told of a timeframe's closed bars. */
function frameReadings(
  state: AnalyticsState,
  timeframe: Timeframe,
): Readonly<Record<string, number | undefined>> {
  const { lastHurst, meanReversion } = state.frames[timeframe];
  const reversion = meanReversionOf(meanReversion);
  const minute = timeframe === '1m' ? { VOLUME_SPIKE: state.lastVolumeSpike ?? undefined } : {};
  return {
    HURST: lastHurst?.sufficient === true ? lastHurst.hurst : undefined,
    MEAN_REVERSION: reversion.sufficient ? reversion.strength : undefined,
    ...minute,
  };
}

/** Puts a series' values into `into`, each as `NAME@series`: all `null` unless it is ready. */
export function readingsOf(
  state: AnalyticsState,
  series: IndicatorSeries,
  { into, isReady }: { readonly into: Record<string, number | null>; readonly isReady: boolean },
): void {
  const { latest } = state.sets[series];
  latest.forEach((value, index) => {
    into[`${SET_NAMES[index] ?? ''}@${series}`] = isReady ? value : null;
  });
  for (const { name, value } of state.extras[series])
    into[`${name}@${series}`] = isReady ? value : null;
  if (!isTimeframe(series)) return;
  for (const [name, value] of Object.entries(frameReadings(state, series)))
    into[`${name}@${series}`] = isReady ? (value ?? null) : null;
}

/** A timeframe's regime as of its last closed bar (IND-90); `undefined` until all that it takes is ready. */
export function regimeAt(state: AnalyticsState, timeframe: Timeframe): RegimeReading | undefined {
  const set = state.sets[timeframe];
  const last = ringBar(state.bars[timeframe], 0);
  if (last === undefined) return undefined;
  const { HURST: hurst, MEAN_REVERSION: meanReversion } = frameReadings(state, timeframe);
  return regimeOf({
    adx: setValue(set, 'ADX_14'),
    atrPct: setValue(set, 'ATR_PCT_14_20'),
    hurst,
    meanReversion,
    ema20: setValue(set, 'EMA_20'),
    ema50: setValue(set, 'EMA_50'),
    ema200: setValue(set, 'EMA_200'),
    price: last.close * state.steps.tickSize,
  });
}
