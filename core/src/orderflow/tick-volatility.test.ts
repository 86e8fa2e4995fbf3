import fc from 'fast-check';
import type { Bar } from '../market/bar.ts';
import { samplesInit, samplesNext, tickVolatility, type SamplesState } from './tick-volatility.ts';
import { tapeOf, ticksOf } from '../../test/ticks.ts';

const START = 1_700_000_000_000;

const second = (index: number, close: number): Bar => ({
  openAt: START + index * 1_000,
  open: close,
  high: close,
  low: close,
  close,
  volume: 1,
  buyVolume: 1,
  turnover: close,
  trades: 1,
  buyTrades: 1,
  gapFilled: false,
  incomplete: false,
});

/** Of the prices at the ends of whole seconds, straight from the definition. */
function brute(prices: readonly number[]): number {
  const returns = prices.slice(1).map((price, index) => Math.log(price / (prices[index] ?? price)));
  const mean = returns.reduce((sum, each) => sum + each, 0) / returns.length;
  return Math.sqrt(
    returns.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (returns.length - 1),
  );
}

const anyPrices = fc.array(fc.integer({ min: 900, max: 1_100 }), { minLength: 62, maxLength: 200 });

describe('tick volatility', () => {
  test('prop: IND-39 equals the deviation of the log returns sampled each second, open seconds included', () => {
    fc.assert(
      fc.property(anyPrices, fc.nat({ max: 3 }), fc.nat({ max: 999 }), (prices, open, ms) => {
        const state = samplesInit(60);
        prices.slice(0, prices.length - open).forEach((price, index) => {
          samplesNext(state, second(index, price));
        });
        const tape = tapeOf(ticksOf(prices.map((price, index) => [START + index * 1_000, price])));
        const now = START + prices.length * 1_000 + ms;
        // A window that begins within a second has its first sample at the end of that second.
        const samples = prices.slice(-(ms === 0 ? 61 : 60));
        expect(tickVolatility({ state, tape }, { t1: 60, t2: 0 }, now)).toBeCloseTo(
          brute(samples),
          12,
        );
      }),
      { numRuns: 60 },
    );
  });

  test('a window may end before now; a constant price does not vary', () => {
    const prices = Array.from({ length: 60 }, (_, index) => (index < 30 ? 1_000 + index : 2_000));
    const state = samplesInit(60);
    prices.forEach((price, index) => {
      samplesNext(state, second(index, price));
    });
    const sources = { state, tape: tapeOf([]) };
    const now = START + 60_000;
    expect(tickVolatility(sources, { t1: 50, t2: 31 }, now)).toBeCloseTo(
      brute(prices.slice(9, 29)),
      12,
    );
    expect(tickVolatility(sources, { t1: 20, t2: 0 }, now)).toBe(0);
  });

  test('begins anew after a hole, and is not defined below two returns', () => {
    const state = samplesInit(60);
    const sources = { state, tape: tapeOf([]) };
    expect(tickVolatility(sources, { t1: 60, t2: 0 }, START)).toBeUndefined();
    for (const index of [0, 1, 2, 3]) samplesNext(state, second(index, 100 + index));
    expect(tickVolatility(sources, { t1: 60, t2: 0 }, START + 4_000)).toBeGreaterThan(0);
    samplesNext(state, second(90, 500));
    expect(tickVolatility(sources, { t1: 60, t2: 0 }, START + 91_000)).toBeUndefined();
    samplesNext(state, second(91, 500));
    samplesNext(state, second(92, 500));
    expect(tickVolatility(sources, { t1: 60, t2: 0 }, START + 93_000)).toBe(0);
  });

  test('IND-02 IND-T17 sums are counted anew now and then, and a restart changes nothing', () => {
    let state = samplesInit(60);
    const prices: number[] = [];
    for (let index = 0; index < 20_050; index += 1) {
      const price = 100_000 + ((index * 7_919) % 1_013);
      prices.push(price);
      samplesNext(state, second(index, price));
      if (index % 4_999 === 0) state = JSON.parse(JSON.stringify(state)) as SamplesState;
    }
    const now = START + prices.length * 1_000;
    const value = tickVolatility({ state, tape: tapeOf([]) }, { t1: 60, t2: 0 }, now);
    expect(value).toBeCloseTo(brute(prices.slice(-61)), 13);
    expect(Math.max(...state.squares)).toBeLessThan(1);
  });
});
