import { epochMs } from '../lib/time.ts';
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

type Longer = {
  readonly timeframe: Exclude<Timeframe, '1m'>;
  readonly given: readonly Candle[];
  /** Start of its buckets after those of the epoch. */
  readonly offsetMs: number;
};

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

/** Refuses candles that are not oldest first, each once. */
function inAscent(candles: readonly Candle[], timeframe: Timeframe): void {
  candles.forEach(({ openAt }, index) => {
    const before = candles[index - 1]?.openAt ?? -1;
    if (openAt <= before)
      throw new RangeError(
        `Invariant: history comes oldest first, each candle once: the ${timeframe} candle of ` +
          `${new Date(openAt).toISOString()} came after that of ${new Date(before).toISOString()}; sort them`,
      );
  });
}

const movedBy = (candles: readonly Candle[], ms: number): readonly Candle[] =>
  ms === 0 ? candles : candles.map((each) => ({ ...each, openAt: epochMs(each.openAt + ms) }));

/** Given candles of a timeframe up to the minutes' end, and those that the minutes make up for the rest. */
function longer(minutes: readonly Candle[], { timeframe, given, offsetMs }: Longer): Candle[] {
  const made = movedBy(aggregate(movedBy(minutes, -offsetMs), timeframe), offsetMs);
  const end = (minutes.at(-1)?.openAt ?? -MINUTE) + MINUTE;
  const known = new Map<number, Candle>();
  for (const candle of [...given, ...made])
    if (candle.openAt + TIMEFRAMES[timeframe] <= end) known.set(candle.openAt, candle);
  return [...known.values()].sort((a, b) => a.openAt - b.openAt);
}

/** Everything in the order in which it closed, a bar after the shorter ones inside it. */
function inOrder(minutes: readonly Candle[], given: LongerHistory, state: AnalyticsState): Past[] {
  const grid = gridOfSteps(state.steps);
  inAscent(minutes, '1m');
  const past = minutes.map((candle) => pastOf('1m', candle, grid));
  for (const timeframe of ['5m', '15m', '1h'] as const) {
    const candles = given[timeframe] ?? [];
    inAscent(candles, timeframe);
    // Only hours may begin elsewhere than at a full one (MD-42).
    const offsetMs = timeframe === '1h' ? state.cascade.hourOffsetMs : 0;
    for (const candle of longer(minutes, { timeframe, given: candles, offsetMs }))
      past.push(pastOf(timeframe, candle, grid));
  }
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
 * @throws RangeError once a trade was fed, for candles that are not oldest first, or that reach past the seed.
 */
export function analyticsHistory(
  state: AnalyticsState,
  minutes: readonly Candle[],
  given: LongerHistory = {},
): void {
  if (state.cascade.newestAt >= 0)
    throw new RangeError('Invariant: history comes before the first trade of a market');
  const past = inOrder(minutes, given, state);
  const { closedUntil } = state.cascade;
  const end = (minutes.at(-1)?.openAt ?? -MINUTE) + MINUTE;
  if (closedUntil >= 0 && end > closedUntil)
    throw new RangeError(
      `Invariant: history ends where trades begin, at ${new Date(closedUntil).toISOString()}, ` +
        `and reached ${new Date(end).toISOString()}: leave out the candles after that`,
    );
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
