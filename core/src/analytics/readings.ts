import { SERIES } from '../market/bar.ts';
import { MINIMUMS, minimumTrades, readiness } from '../market/minimums.ts';
import type { Timeframe } from '../market/market.ts';
import { setValues } from '../indicator/indicator-set.ts';
import { meanReversionDistance, meanReversionOf } from '../orderflow/mean-reversion.ts';
import { regimeOf, type RegimeReading } from '../orderflow/regime.ts';
import { priceAt, tapeStart, tradesOver } from '../orderflow/tick-window-read.ts';
import { ringBar, ringLength, ringTrades } from './bar-ring.ts';
import { isTimeframe, type IndicatorSeries } from './config.ts';
import { indicatorValue } from './series-indicators.ts';
import type { AnalyticsState } from './state.ts';
import { bounceAt } from './structure.ts';

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

/** Persistence and mean reversion as of a timeframe's last closed bar. */
function characterOf(state: AnalyticsState, timeframe: Timeframe) {
  const { lastHurst, meanReversion } = state.frames[timeframe];
  const reversion = meanReversionOf(meanReversion);
  return {
    hurst: lastHurst?.sufficient === true ? lastHurst.hurst : undefined,
    meanReversion: reversion.sufficient ? reversion.strength : undefined,
  };
}

/** Beyond the indicators, what is told of a timeframe's closed bars; the distance is that of the price at `now`. */
function frameReadings(
  state: AnalyticsState,
  timeframe: Timeframe,
  now: number,
): Readonly<Record<string, number | undefined>> {
  const { hurst, meanReversion } = characterOf(state, timeframe);
  const price = priceAt(state.tape, now) ?? ringBar(state.bars['1m'], 0)?.close;
  const distance =
    price === undefined
      ? undefined
      : meanReversionDistance(state.frames[timeframe].meanReversion, price * state.steps.tickSize);
  const told = { HURST: hurst, MEAN_REVERSION: meanReversion, MR_DISTANCE: distance };
  if (timeframe !== '1m') return told;
  return {
    ...told,
    VOLUME_SPIKE: state.lastVolumeSpike ?? undefined,
    BOUNCE_LONG: bounceAt(state, 'LONG'),
    BOUNCE_SHORT: bounceAt(state, 'SHORT'),
  };
}

/** Where a series' readings go, whether it has any, and as of when. */
export type ReadingsInto = {
  readonly into: Record<string, number | null>;
  readonly isReady: boolean;
  readonly now: number;
};

/** Puts a series' values into `into`, each as `NAME@series`: all `null` unless it is ready. */
export function readingsOf(
  state: AnalyticsState,
  series: IndicatorSeries,
  { into, isReady, now }: ReadingsInto,
): void {
  const frame = isTimeframe(series) ? frameReadings(state, series, now) : {};
  const values = { ...setValues(state.indicators[series].set), ...frame };
  for (const [name, value] of Object.entries(values))
    into[`${name}@${series}`] = isReady ? (value ?? null) : null;
}

/** A timeframe's regime as of its last closed bar (IND-90); `undefined` until all that it takes is ready. */
export function regimeAt(state: AnalyticsState, timeframe: Timeframe): RegimeReading | undefined {
  const value = (id: string): number | undefined => indicatorValue(state.indicators[timeframe], id);
  const last = ringBar(state.bars[timeframe], 0);
  if (last === undefined) return undefined;
  return regimeOf({
    adx: value('ADX_14'),
    atrPct: value('ATR_PCT_14_20'),
    ...characterOf(state, timeframe),
    ema20: value('EMA_20'),
    ema50: value('EMA_50'),
    ema200: value('EMA_200'),
    price: last.close * state.steps.tickSize,
  });
}
