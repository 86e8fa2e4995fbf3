import { epochMs } from '../lib/time.ts';
import { price, qty, toNumber } from '../lib/units.ts';
import {
  nextPrint,
  processInit,
  skipAhead,
  type Print,
  type ProcessConfig,
  type ProcessState,
} from './price-process.ts';
import { normal, seedFor, uniform } from './random.ts';

const config: ProcessConfig = {
  anchor: 50_000,
  volatility: 0.0006,
  trend: 0.7,
  regimeMinutes: 7,
  tradesPerSecond: 2.5,
  medianSize: 0.01,
  tickSize: price('0.01'),
  lotSize: qty('0.00001'),
};
const T0 = epochMs(1_700_000_000_000);

function prints(count: number, start: ProcessState): { state: ProcessState; prints: Print[] } {
  const list: Print[] = [];
  let state = start;
  for (let i = 0; i < count; i++) {
    const next = nextPrint(state, config);
    state = next.state;
    list.push(next.print);
  }
  return { state, prints: list };
}

test('the same seed gives the same market, another seed another one', () => {
  const first = prints(200, processInit(config, T0, 7)).prints;
  expect(prints(200, processInit(config, T0, 7)).prints).toEqual(first);
  expect(prints(200, processInit(config, T0, 8)).prints).not.toEqual(first);
});

test('a market that is stopped, stored as JSON and resumed goes on as if it had not stopped', () => {
  const whole = prints(100, processInit(config, T0, 7)).prints;
  const half = prints(50, processInit(config, T0, 7));
  const stored = JSON.parse(JSON.stringify(half.state)) as ProcessState;
  expect(prints(50, stored).prints).toEqual(whole.slice(50));
});

test('trades come in order of time, on the grid, at about the configured rate', () => {
  const { prints: list, state } = prints(5_000, processInit(config, T0, 3));
  list.forEach((print, i) => {
    expect(print.at).toBeGreaterThanOrEqual(list[i - 1]?.at ?? T0);
    expect(print.price % config.tickSize).toBe(0n);
    expect(print.size % config.lotSize).toBe(0n);
    expect(print.size > 0n).toBe(true);
  });
  const perSecond = 5_000 / ((state.at - T0) / 1_000);
  expect(perSecond).toBeGreaterThan(2.2);
  expect(perSecond).toBeLessThan(2.8);
});

/** Closes of one-minute steps over a day. */
function closes(seed: number): number[] {
  let state = processInit(config, T0, seed);
  return Array.from({ length: 1_440 }, () => {
    const next = skipAhead(state, config, 60_000);
    state = next.state;
    return toNumber(next.print.price);
  });
}

test('a day moves by single percents, and both trends and turns happen within an hour', () => {
  for (const seed of [1, 2, 3, 4, 5]) {
    const day = closes(seed);
    const range = Math.max(...day) / Math.min(...day) - 1;
    expect(range).toBeGreaterThan(0.01);
    expect(range).toBeLessThan(0.3);
    const hourly = day.filter((_, i) => i % 60 === 0);
    const ups = hourly.filter((px, i) => px > (hourly[i - 1] ?? px)).length;
    expect(ups).toBeGreaterThan(4);
    expect(ups).toBeLessThan(20);
  }
});

test('a stretch that is skipped has about the volume that single trades would have had', () => {
  const live = prints(25_000, processInit(config, T0, 11));
  const liveVolume = live.prints.reduce((sum, print) => sum + toNumber(print.size), 0);
  const livePerMs = liveVolume / (live.state.at - T0);
  let state = processInit(config, T0, 11);
  let volume = 0;
  for (let i = 0; i < 10_000; i++) {
    const next = skipAhead(state, config, 5_000);
    state = next.state;
    volume += toNumber(next.print.size);
  }
  const ratio = volume / (state.at - T0) / livePerMs;
  expect(ratio).toBeGreaterThan(0.8);
  expect(ratio).toBeLessThan(1.25);
});

test('the generator is uniform and normal in mean and variance, and names give other streams', () => {
  let seed = 42;
  let [sum, normals, squares] = [0, 0, 0];
  for (let i = 0; i < 20_000; i++) {
    const u = uniform(seed);
    const n = normal(u.seed);
    seed = n.seed;
    sum += u.value;
    normals += n.value;
    squares += n.value ** 2;
  }
  expect(sum / 20_000).toBeCloseTo(0.5, 1);
  expect(normals / 20_000).toBeCloseTo(0, 1);
  expect(squares / 20_000).toBeCloseTo(1, 1);
  expect(seedFor(1, 'BTC-USDT')).not.toBe(seedFor(1, 'ETH-USDT'));
  expect(seedFor(1, 'BTC-USDT')).not.toBe(seedFor(2, 'BTC-USDT'));
});
