import { GCProfiler, getHeapStatistics } from 'node:v8';
import { cascadeAdd, cascadeInit } from '@tradewind/core/market/cascade';
import type { Tick } from '@tradewind/core/market/tick';
import { bareCandles } from './market-bare.ts';
import { arrivals, processorSeconds, readMarkets, tiled, type Columns } from './market-data.ts';
import { createPipeline, type Pipeline } from './market-pipeline.ts';

/** What one process measured. */
type Numbers = Readonly<Record<string, number>>;

/** A tick that is used again and again, as a decoder would. */
type Reused = { -readonly [K in keyof Tick]: Tick[K] };
const reused = (): Reused => ({ id: 0, at: 0, price: 0, size: 0, isBuy: false });

function fill(tick: Reused, trades: Columns, index: number): Reused {
  tick.id = trades.ids[index] ?? 0;
  tick.at = trades.ats[index] ?? 0;
  tick.price = trades.prices[index] ?? 0;
  tick.size = trades.sizes[index] ?? 0;
  tick.isBuy = trades.buys[index] === 1;
  return tick;
}

const busiest = (): Columns => {
  const [market] = readMarkets();
  if (market === undefined) throw new Error('Invariant: the recording has a market');
  return market;
};

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** Median rate per second of processor time in the later half of the passes: the first ones are V8's to learn. */
function rate(count: number, passes: number, pass: () => void): number {
  const rates = Array.from({ length: passes }, () => {
    const start = processorSeconds();
    pass();
    return count / (processorSeconds() - start);
  });
  return median(rates.slice(Math.floor(passes / 2)));
}

function bare(): Numbers {
  const trades = tiled(busiest(), 2_000_000);
  let kept = 0;
  const perSecond = rate(trades.ids.length, 12, () => {
    kept += bareCandles(trades);
  });
  return { perSecond, kept };
}

function candles(): Numbers {
  const trades = tiled(busiest(), 1_000_000);
  const order = arrivals(trades);
  let kept = 0;
  const perSecond = rate(order.length, 8, () => {
    const state = cascadeInit();
    const tick = reused();
    const sink = (): void => {
      kept += 1;
    };
    for (let next = 0; next < order.length; next += 1)
      cascadeAdd(state, fill(tick, trades, order[next] ?? 0), sink);
  });
  return { perSecond, kept };
}

function pipeline(): Numbers {
  const trades = tiled(busiest(), 300_000);
  const order = arrivals(trades);
  const perSecond = rate(order.length, 6, () => {
    const run = createPipeline(trades.name, trades.grid);
    const tick = reused();
    for (let next = 0; next < order.length; next += 1) run(fill(tick, trades, order[next] ?? 0));
  });
  return { perSecond };
}

type Followed = { readonly trades: Columns; readonly run: Pipeline };

/** Markets made of the recordings, each shifted in time against the others. */
const followed = (many: number, perMarket: number): Followed[] => {
  const markets = readMarkets();
  return Array.from({ length: many }, (_, index) => {
    const market = markets[index % markets.length] ?? busiest();
    const trades = tiled(market, perMarket, index * 137);
    return { trades, run: createPipeline(`${market.name}_${index}`, market.grid) };
  });
};

/** Time of each trade's processing while trades of `many` markets come in turns. */
function latency(many: number): Numbers {
  const perMarket = Math.ceil(1_000_000 / many);
  const all = followed(many, perMarket);
  const warm = Math.floor(perMarket / 2);
  const micros = new Float64Array((perMarket - warm) * many);
  const tick = reused();
  let at = 0;
  for (let index = 0; index < perMarket; index += 1)
    for (const { trades, run } of all) {
      fill(tick, trades, index);
      const start = performance.now();
      run(tick);
      if (index >= warm) micros[at++] = (performance.now() - start) * 1_000;
    }
  micros.sort();
  const share = (part: number): number =>
    micros[Math.floor(part * (micros.length - 1))] ?? Number.NaN;
  return { p50: share(0.5), p99: share(0.99) };
}

/** Memory of a process that follows `many` markets and has seen a few thousand trades of each. */
function memory(many: number): Numbers {
  const markets = readMarkets().map((market) => tiled(market, 4_000));
  const runs = Array.from({ length: many }, (_, index) => {
    const trades = markets[index % markets.length] ?? busiest();
    return { trades, run: createPipeline(`${trades.name}_${index}`, trades.grid) };
  });
  const tick = reused();
  for (const { trades, run } of runs)
    for (let index = 0; index < trades.ids.length; index += 1) run(fill(tick, trades, index));
  globalThis.gc?.();
  globalThis.gc?.();
  const { rss, heapUsed } = process.memoryUsage();
  return { rss, heapUsed, many: runs.length };
}

/** Bytes that one trade leaves to the garbage collector; the process has room to run without one. */
function bytes(): Numbers {
  const trades = tiled(busiest(), 400_000);
  const run = createPipeline(trades.name, trades.grid);
  const tick = reused();
  const half = trades.ids.length / 2;
  for (let index = 0; index < half; index += 1) run(fill(tick, trades, index));
  globalThis.gc?.();
  const profiler = new GCProfiler();
  profiler.start();
  const before = getHeapStatistics().used_heap_size;
  for (let index = half; index < 2 * half; index += 1) run(fill(tick, trades, index));
  const perTrade = (getHeapStatistics().used_heap_size - before) / half;
  return { perTrade, collections: profiler.stop().statistics.length };
}

/** What a process of its own measures, by name. */
const RUNS = {
  bare,
  candles,
  pipeline,
  latency100: () => latency(100),
  latency500: () => latency(500),
  memory100: () => memory(100),
  memory500: () => memory(500),
  bytes,
} as const satisfies Record<string, () => Numbers>;
export type RunName = keyof typeof RUNS;

const isRun = (name: string): name is RunName => name in RUNS;

if (import.meta.main) {
  const name = process.argv[2] ?? '';
  if (!isRun(name)) throw new Error(`There is no run "${name}": ${Object.keys(RUNS).join(', ')}`);
  process.stdout.write(`${JSON.stringify(RUNS[name]())}\n`);
}
