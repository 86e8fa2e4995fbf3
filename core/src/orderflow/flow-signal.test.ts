import { averageSizes, deltaOf } from './delta.ts';
import { flowRecordOf } from './flow-record.ts';
import { FLOW_THRESHOLD, flowSignal } from './flow-signal.ts';
import { imbalanceOf } from './imbalance.ts';

/** Sums of so many lots bought and sold, in as many trades as told. */
const sums = (bought: number, sold: number, trades = { buys: 20, sells: 20 }) => ({
  volume: bought + sold,
  buyVolume: bought,
  trades: trades.buys + trades.sells,
  buys: trades.buys,
});

describe('delta and imbalance', () => {
  test('IND-45 delta is what was bought less what was sold', () => {
    expect(deltaOf(sums(30, 50))).toBe(-20);
  });

  test('IND-47 the ratio is bought by sold volume', () => {
    expect(imbalanceOf(sums(30, 10))).toEqual({ ratio: 3, insufficient: false });
    expect(imbalanceOf(sums(200, 1))).toEqual({ ratio: 200, insufficient: false });
  });

  test('IND-T07 nothing sold gives the cap, nothing bought its inverse, nothing at all 1 and insufficient', () => {
    expect(imbalanceOf(sums(5, 0))).toEqual({ ratio: 10, insufficient: false });
    expect(imbalanceOf(sums(0, 5))).toEqual({ ratio: 0.1, insufficient: false });
    expect(imbalanceOf(sums(0, 0))).toEqual({ ratio: 1, insufficient: true });
    expect(imbalanceOf(sums(5, 0), 4)).toEqual({ ratio: 4, insufficient: false });
  });

  test('IND-48 IND-49 a side without trades has no average size', () => {
    expect(averageSizes(sums(30, 0, { buys: 4, sells: 0 }))).toEqual({ buy: 7.5, sell: null });
    expect(averageSizes(sums(0, 0, { buys: 0, sells: 0 }))).toEqual({ buy: null, sell: null });
  });
});

describe('flow record', () => {
  const bar = {
    openAt: 60_000,
    open: 1,
    high: 1,
    low: 1,
    close: 1,
    volume: 40,
    buyVolume: 30,
    turnover: 40,
    trades: 8,
    buyTrades: 6,
    gapFilled: false,
    incomplete: false,
  };

  test('IND-50 follows from a closed minute and the session CVD', () => {
    expect(flowRecordOf(bar, 123)).toEqual({
      openAt: 60_000,
      cvd: 123,
      buyVolume: 30,
      sellVolume: 10,
      delta: 20,
      imbalanceRatio: 3,
      insufficient: false,
      aggressiveBuys: 6,
      aggressiveSells: 2,
      avgBuySize: 5,
      avgSellSize: 5,
    });
  });

  test('a minute without trades says that it says nothing', () => {
    const empty = { ...bar, volume: 0, buyVolume: 0, trades: 0, buyTrades: 0, turnover: 0 };
    expect(flowRecordOf(empty, null)).toMatchObject({ cvd: null, insufficient: true, delta: 0 });
  });
});

describe('order-flow signal', () => {
  test.each([
    [25, 10, 'BUY'],
    [2_499, 1_000, 'NEUTRAL'],
    [10, 10, 'NEUTRAL'],
    [1_000, 2_499, 'NEUTRAL'],
    [10, 25, 'SELL'],
    [10, 0, 'BUY'],
    [0, 10, 'SELL'],
  ])('IND-51 %p bought and %p sold is %p at a threshold of 2.5', (bought, sold, signal) => {
    expect(flowSignal(sums(bought, sold))).toBe(signal);
  });

  test('IND-51 inside the cascade of levels a ratio of 2 is enough', () => {
    expect(flowSignal(sums(20, 10), FLOW_THRESHOLD.cascade)).toBe('BUY');
    expect(flowSignal(sums(20, 10), FLOW_THRESHOLD.confluence)).toBe('NEUTRAL');
  });

  test('IND-51 needs 30 trades: below there is no signal, which is not a neutral one', () => {
    expect(flowSignal(sums(100, 1, { buys: 29, sells: 1 }))).toBe('BUY');
    expect(flowSignal(sums(100, 1, { buys: 28, sells: 1 }))).toBeUndefined();
  });

  test.each([1, 0, -2, NaN, Infinity])('refuses a threshold of %p', (threshold) => {
    expect(() => flowSignal(sums(1, 1), threshold)).toThrow('above 1');
  });
});
