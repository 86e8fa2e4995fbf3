import { aggregate } from '../market/aggregate.ts';
import type { Bar } from '../market/bar.ts';
import { cascadeHistory, cascadeInit } from '../market/cascade.ts';
import { barOfCandle, candleValues } from '../market/convert.ts';
import type { Grid } from '../market/grid.ts';
import { TIMEFRAMES, type Candle, type Timeframe } from '../market/market.ts';
import { cvdNext } from '../orderflow/cvd.ts';
import { volumeSpikeNext } from '../orderflow/volume-spike.ts';
import { ringPush } from './bar-ring.ts';
import { closeMinute, closeTimeframe, feedIndicators } from './close-bar.ts';
import { gridOfSteps, type AnalyticsState } from './state.ts';

const MINUTE = TIMEFRAMES['1m'];

/** Candles of longer timeframes, where there are more of them than the minutes make up. */
export type LongerHistory = Readonly<Partial<Record<Exclude<Timeframe, '1m'>, readonly Candle[]>>>;

type Past = {
  readonly timeframe: Timeframe;
  readonly bar: Bar;
  /** The candle tells what aggressors bought. */
  readonly isSplitKnown: boolean;
};

/** A candle in steps. A venue's own, which may lie off the grid, is rounded to it; its split counts as nothing. */
function pastOf(timeframe: Timeframe, candle: Candle, grid: Grid): Past {
  const exact = barOfCandle(candle, grid);
  if (exact !== undefined) return { timeframe, bar: exact, isSplitKnown: true };
  const values = candleValues(candle);
  const ticks = (value: number): number => Math.max(1, Math.round(value / grid.tickSize));
  const volume = Math.round(values.volume / grid.lotSize);
  const bar: Bar = {
    openAt: candle.openAt,
    open: ticks(values.open),
    high: ticks(values.high),
    low: ticks(values.low),
    close: ticks(values.close),
    volume,
    buyVolume: 0,
    turnover: volume * ticks(values.close),
    trades: candle.trades,
    buyTrades: 0,
    gapFilled: candle.gapFilled,
    incomplete: candle.incomplete,
  };
  return { timeframe, bar, isSplitKnown: false };
}

const endOf = ({ timeframe, bar }: Past): number => bar.openAt + TIMEFRAMES[timeframe];

/** Given candles of a timeframe up to the minutes' end, and those that the minutes make up for the rest. */
function longer(
  minutes: readonly Candle[],
  timeframe: Exclude<Timeframe, '1m'>,
  given: readonly Candle[],
): Candle[] {
  const made = aggregate(minutes, timeframe);
  const end = (minutes.at(-1)?.openAt ?? -MINUTE) + MINUTE;
  const known = new Map<number, Candle>();
  for (const candle of [...given, ...made])
    if (candle.openAt + TIMEFRAMES[timeframe] <= end) known.set(candle.openAt, candle);
  return [...known.values()].sort((a, b) => a.openAt - b.openAt);
}

/** Everything in the order in which it closed, a bar after the shorter ones inside it. */
function inOrder(minutes: readonly Candle[], given: LongerHistory, grid: Grid): Past[] {
  const past = minutes.map((candle) => pastOf('1m', candle, grid));
  for (const timeframe of ['5m', '15m', '1h'] as const)
    for (const candle of longer(minutes, timeframe, given[timeframe] ?? []))
      past.push(pastOf(timeframe, candle, grid));
  return past.sort((a, b) => {
    const [endA, endB] = [endOf(a), endOf(b)];
    return endA === endB ? TIMEFRAMES[a.timeframe] - TIMEFRAMES[b.timeframe] : endA - endB;
  });
}

/** Start of the unbroken run of minutes up to the last one whose split is known: what a CVD may count. */
function countedFrom(past: readonly Past[]): number {
  let from = Infinity;
  for (const { timeframe, bar, isSplitKnown } of past.toReversed()) {
    if (timeframe !== '1m') continue;
    const isNext = from === Infinity || bar.openAt === from - MINUTE;
    if (!isSplitKnown || bar.incomplete || !isNext) break;
    from = bar.openAt;
  }
  return from;
}

/**
 * Feeds closed candles from before the first trade, changing `state` in place (MD-47): enough of them for the
 * longest indicator, 600 for an EMA 200 that has converged. Windows over trades begin with the first trade.
 *
 * Without a seed the cascade continues where the minutes end.
 *
 * @param minutes Candles of one minute, oldest first.
 * @param given Candles of longer timeframes, oldest first; the minutes' own sums take their place.
 * @throws RangeError once a trade was fed, or when the minutes are not in order.
 */
export function analyticsHistory(
  state: AnalyticsState,
  minutes: readonly Candle[],
  given: LongerHistory = {},
): void {
  if (state.cascade.newestAt >= 0)
    throw new RangeError('Invariant: history comes before the first trade of a market');
  const grid = gridOfSteps(state.steps);
  const past = inOrder(minutes, given, grid);
  const from = countedFrom(past);
  for (const each of past) {
    const { timeframe, bar, isSplitKnown } = each;
    ringPush(state.bars[timeframe], bar, isSplitKnown);
    feedIndicators(state, timeframe, bar);
    if (timeframe === '1m') {
      if (bar.openAt >= from) {
        cvdNext(state.cvd, bar, MINUTE);
        closeMinute(state, bar);
      } else state.lastVolumeSpike = volumeSpikeNext(state.volumeSpike, bar) ?? null;
    }
    closeTimeframe(state, timeframe, bar);
  }
  continueFrom(state, past);
}

/** Lets the cascade go on where the minutes end, its longer bars knowing what they hold already. */
function continueFrom(state: AnalyticsState, past: readonly Past[]): void {
  const minutes = past.filter(({ timeframe }) => timeframe === '1m');
  const last = minutes.at(-1);
  if (last === undefined) return;
  const { closedUntil, hourOffsetMs } = state.cascade;
  if (closedUntil < 0)
    state.cascade = cascadeInit({
      closedUntil: endOf(last),
      lastClose: last.bar.close,
      hourOffsetMs,
    });
  // A longer bar that holds a minute without a split has none either: it is shown, and not decided on.
  const bars = minutes.map(({ bar, isSplitKnown }) =>
    isSplitKnown ? bar : { ...bar, incomplete: true },
  );
  cascadeHistory(state.cascade, bars);
}
