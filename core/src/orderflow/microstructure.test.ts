import { isAbsorbed } from './absorption.ts';
import { microstructureOf, type MicrostructureInput } from './microstructure.ts';

/** 80 of 100 lots bought in 40 of 60 trades, price up by half an ATR, at the usual rate. */
const bullish: MicrostructureInput = {
  sums: { volume: 100, buyVolume: 80, trades: 60, buys: 40 },
  move: 5,
  atr: 10,
  tradeRate: 1,
  meanTradeRate: 1,
};

describe('microstructure signal', () => {
  test('IND-52 weighs the deltas of volume, counts and sizes, and the move in ATRs', () => {
    // d = 60/100, c = 20/60, sizes 2 and 1 so z = 1/3, r = 0.5.
    const score = 0.4 * 0.6 + 0.2 / 3 + 0.15 / 3 + 0.25 * 0.5;
    expect(microstructureOf(bullish)).toEqual({
      signal: 'BULLISH',
      score: expect.closeTo(score, 12) as number,
      absorption: false,
    });
  });

  test('IND-52 sellers with a falling price are bearish, the exact mirror', () => {
    const mirror = { ...bullish, sums: { ...bullish.sums, buyVolume: 20, buys: 20 }, move: -5 };
    expect(microstructureOf(mirror)?.signal).toBe('BEARISH');
    expect(microstructureOf(mirror)?.score).toBeCloseTo(
      -(microstructureOf(bullish)?.score ?? 0),
      12,
    );
  });

  test('IND-52 a small score is neutral, and a move of many ATRs counts as one', () => {
    const balanced = { ...bullish, sums: { volume: 100, buyVolume: 50, trades: 60, buys: 30 } };
    expect(microstructureOf({ ...balanced, move: 9 })?.signal).toBe('NEUTRAL');
    expect(microstructureOf({ ...balanced, move: 500 })).toMatchObject({
      signal: 'BULLISH',
      score: 0.25,
    });
  });

  test('IND-52 a bullish score while the price falls is neutral', () => {
    const fallen = {
      ...bullish,
      sums: { volume: 100, buyVolume: 69, trades: 60, buys: 59 },
      move: -0.5,
    };
    expect(microstructureOf(fallen)).toMatchObject({ signal: 'NEUTRAL', absorption: false });
  });

  test('IND-52 a side without trades has a mean size of nothing', () => {
    const bought = {
      ...bullish,
      sums: { volume: 100, buyVolume: 100, trades: 30, buys: 30 },
      move: 0,
    };
    expect(microstructureOf(bought)?.score).toBeCloseTo(0.4 + 0.2 + 0.15, 12);
  });

  test.each([
    ['29 trades', { sums: { ...bullish.sums, trades: 29, buys: 20 } }],
    ['less than half the usual trade rate', { tradeRate: 0.49 }],
    ['an ATR of zero', { atr: 0 }],
    ['an ATR that is not a number', { atr: NaN }],
    ['no volume', { sums: { ...bullish.sums, volume: 0, buyVolume: 0 } }],
  ])('IND-52 %s gives no signal', (_, change) => {
    expect(microstructureOf({ ...bullish, ...change })).toBeUndefined();
  });

  test('IND-T19 IND-53 a delta ratio of +0.6 with a falling price is absorbed: neutral', () => {
    expect(microstructureOf({ ...bullish, move: -0.01 })).toMatchObject({
      signal: 'NEUTRAL',
      absorption: true,
    });
  });

  test.each([
    [0.4, -1, true],
    [0.39, -1, false],
    [-0.4, 0.1, true],
    [-0.4, -0.1, false],
    [0.9, 0, false],
  ])('IND-53 a delta ratio of %p with a move of %p: absorbed %p', (ratio, move, absorbed) => {
    expect(isAbsorbed(ratio, move)).toBe(absorbed);
  });
});
