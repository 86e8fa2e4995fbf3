import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { adxInit, adxNext } from '@tradewind/core/indicator/adx';
import { atrInit, atrNext } from '@tradewind/core/indicator/atr';
import { bollingerInit, bollingerNext } from '@tradewind/core/indicator/bollinger';
import { emaInit, emaNext } from '@tradewind/core/indicator/ema';
import { macdInit, macdNext } from '@tradewind/core/indicator/macd';
import { rsiInit, rsiNext } from '@tradewind/core/indicator/rsi';
import { smaInit, smaNext } from '@tradewind/core/indicator/sma';
import { stochasticInit, stochasticNext } from '@tradewind/core/indicator/stochastic';
import type { BarValues } from '@tradewind/core/market/bar';
import * as technicalindicators from 'technicalindicators';
import * as signals from 'trading-signals';

/** A fresh indicator that takes a bar and gives a number that keeps the work from being optimised away. */
type Run = () => (bar: BarValues) => number;
type Eight = Readonly<
  Record<'SMA20' | 'EMA20' | 'RSI14' | 'MACD' | 'BB20' | 'ATR14' | 'ADX14' | 'STOCH14', Run>
>;

const ours: Eight = {
  SMA20: () => {
    const state = smaInit(20);
    return ({ close }) => smaNext(state, close) ?? 0;
  },
  EMA20: () => {
    const state = emaInit(20);
    return ({ close }) => emaNext(state, close) ?? 0;
  },
  RSI14: () => {
    const state = rsiInit(14);
    return ({ close }) => rsiNext(state, close) ?? 0;
  },
  MACD: () => {
    const state = macdInit({ fast: 12, slow: 26, signal: 9 });
    return ({ close }) => macdNext(state, close)?.histogram ?? 0;
  },
  BB20: () => {
    const state = bollingerInit({ period: 20, deviations: 2 });
    return ({ close }) => bollingerNext(state, close)?.upper ?? 0;
  },
  ATR14: () => {
    const state = atrInit(14);
    return (bar) => atrNext(state, bar) ?? 0;
  },
  ADX14: () => {
    const state = adxInit(14);
    return (bar) => adxNext(state, bar)?.adx ?? 0;
  },
  STOCH14: () => {
    const state = stochasticInit({ period: 14, smooth: 1, signal: 3 });
    return (bar) => stochasticNext(state, bar)?.d ?? 0;
  },
};

// The package types its streaming interface loosely: what it returns is said here.
type Stream<In, Out> = { nextValue: (input: In) => Out | undefined };
const peer: {
  SMA: new (input: object) => Stream<number, number>;
  EMA: new (input: object) => Stream<number, number>;
  RSI: new (input: object) => Stream<number, number>;
  MACD: new (input: object) => Stream<number, { histogram?: number }>;
  BollingerBands: new (input: object) => Stream<number, { upper: number }>;
  ATR: new (input: object) => Stream<BarValues, number>;
  ADX: new (input: object) => Stream<BarValues, { adx: number }>;
  Stochastic: new (input: object) => Stream<BarValues, { d?: number }>;
} = technicalindicators as never;

const rows = { high: [], low: [], close: [], values: [] };
const theirs: Eight = {
  SMA20: () => {
    const state = new peer.SMA({ period: 20, ...rows });
    return ({ close }) => state.nextValue(close) ?? 0;
  },
  EMA20: () => {
    const state = new peer.EMA({ period: 20, ...rows });
    return ({ close }) => state.nextValue(close) ?? 0;
  },
  RSI14: () => {
    const state = new peer.RSI({ period: 14, ...rows });
    return ({ close }) => state.nextValue(close) ?? 0;
  },
  MACD: () => {
    const state = new peer.MACD({
      fastPeriod: 12,
      slowPeriod: 26,
      signalPeriod: 9,
      SimpleMAOscillator: false,
      SimpleMASignal: false,
      ...rows,
    });
    return ({ close }) => state.nextValue(close)?.histogram ?? 0;
  },
  BB20: () => {
    const state = new peer.BollingerBands({ period: 20, stdDev: 2, ...rows });
    return ({ close }) => state.nextValue(close)?.upper ?? 0;
  },
  ATR14: () => {
    const state = new peer.ATR({ period: 14, ...rows });
    return (bar) => state.nextValue(bar) ?? 0;
  },
  ADX14: () => {
    const state = new peer.ADX({ period: 14, ...rows });
    return (bar) => state.nextValue(bar)?.adx ?? 0;
  },
  STOCH14: () => {
    const state = new peer.Stochastic({ period: 14, signalPeriod: 3, ...rows });
    return (bar) => state.nextValue(bar)?.d ?? 0;
  },
};

const signal: Eight = {
  SMA20: () => {
    const state = new signals.SMA(20);
    return ({ close }) => state.add(close) ?? 0;
  },
  EMA20: () => {
    const state = new signals.EMA(20);
    return ({ close }) => state.add(close) ?? 0;
  },
  RSI14: () => {
    const state = new signals.RSI(14);
    return ({ close }) => state.add(close) ?? 0;
  },
  MACD: () => {
    const state = new signals.MACD(new signals.EMA(12), new signals.EMA(26), new signals.EMA(9));
    return ({ close }) => state.add(close)?.histogram ?? 0;
  },
  BB20: () => {
    const state = new signals.BollingerBands(20, 2);
    return ({ close }) => state.add(close)?.upper ?? 0;
  },
  ATR14: () => {
    const state = new signals.ATR(14);
    return (bar) => state.add(bar) ?? 0;
  },
  ADX14: () => {
    const state = new signals.ADX(14);
    return (bar) => state.add(bar) ?? 0;
  },
  STOCH14: () => {
    const state = new signals.StochasticOscillator({ kPeriod: 14, kSlowingPeriod: 1, dPeriod: 3 });
    return (bar) => state.add(bar)?.stochD ?? 0;
  },
};

/** All eight on every bar, in one loop. */
const together =
  (eight: Eight): Run =>
  () => {
    const [sma, ema, rsi, macd, bb, atr, adx, stoch] = [
      eight.SMA20(),
      eight.EMA20(),
      eight.RSI14(),
      eight.MACD(),
      eight.BB20(),
      eight.ATR14(),
      eight.ADX14(),
      eight.STOCH14(),
    ];
    return (bar) =>
      sma(bar) + ema(bar) + rsi(bar) + macd(bar) + bb(bar) + atr(bar) + adx(bar) + stoch(bar);
  };

/** Who is measured, by indicator. */
export const RUNS = {
  tradewind: { ...ours, ALL: together(ours) },
  technicalindicators: { ...theirs, ALL: together(theirs) },
  'trading-signals': { ...signal, ALL: together(signal) },
} as const;
export type Library = keyof typeof RUNS;
export type IndicatorName = keyof (typeof RUNS)['tradewind'];

/** One-minute bars of BTCUSDT, recorded. @throws Error that says what to set, when the file is missing. */
function recordedBars(): BarValues[] {
  const folder = process.env['TRADEWIND_DATA'] ?? 'data';
  const file = join(folder, 'ohlcv_1m_binance_usdm_btcusdt_202505_202506.csv.gz');
  if (!existsSync(file))
    throw new Error(`There are no recorded bars at ${file}: set TRADEWIND_DATA to their folder.`);
  return gunzipSync(readFileSync(file))
    .toString()
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => {
      const [, open = 0, high = 0, low = 0, close = 0, volume = 0] = line.split(',').map(Number);
      return { open, high, low, close, volume };
    });
}

const WARM_MS = 250;
const PASS_MS = 25;
const PASSES = 9;

/** Median nanoseconds per update of one library's indicator in this process. */
function measure(fresh: Run): number {
  const bars = recordedBars();
  let kept = 0;
  const pass = (times: number): number => {
    const start = performance.now();
    const next = fresh();
    for (let time = 0; time < times; time += 1) for (const bar of bars) kept += next(bar);
    return performance.now() - start;
  };
  let warm = 0;
  let last = 0;
  for (let runs = 0; warm < WARM_MS || runs < 6; runs += 1) warm += last = pass(1);
  const times = Math.max(1, Math.round(PASS_MS / last));
  const passes = Array.from({ length: PASSES }, () => pass(times)).sort((a, b) => a - b);
  if (!Number.isFinite(kept)) throw new Error('An indicator gave a number that is not finite');
  return ((passes[Math.floor(PASSES / 2)] ?? Number.NaN) * 1e6) / (times * bars.length);
}

if (import.meta.main) {
  const [, , library = '', indicator = ''] = process.argv;
  const run = Object.entries(RUNS)
    .filter(([name]) => name === library)
    .flatMap(([, runs]) => Object.entries(runs))
    .find(([name]) => name === indicator)?.[1];
  if (run === undefined) throw new Error(`There is no ${indicator} of ${library}`);
  process.stdout.write(`${JSON.stringify({ nanos: measure(run) })}\n`);
}
