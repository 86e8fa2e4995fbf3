import { regimeOf, type RegimeInput } from './regime.ts';

const trend: RegimeInput = {
  adx: 25,
  atrPct: 0.8,
  hurst: 0.6,
  meanReversion: 0.5,
  ema20: 103,
  ema50: 102,
  ema200: 101,
  price: 104,
};
const fall = { ema20: 97, ema50: 98, ema200: 99, price: 96 };

describe('regime', () => {
  test('IND-90 names an uptrend with its ADX as strength', () => {
    expect(regimeOf(trend)).toEqual({ regime: 'UPTREND', strength: 25, failed: [] });
  });

  test('IND-90 names a downtrend in the full mirror', () => {
    expect(regimeOf({ ...trend, ...fall })).toMatchObject({ regime: 'DOWNTREND', strength: 25 });
  });

  test('IND-90 passes at each limit', () => {
    const limits = { adx: 20, atrPct: 0.5, hurst: 0.55, meanReversion: 0.6 };
    expect(regimeOf({ ...trend, ...limits })?.regime).toBe('UPTREND');
  });

  test.each([
    ['adx', { adx: 19.99 }],
    ['atrPct', { atrPct: 0.49 }],
    ['hurst', { hurst: 0.549 }],
    ['meanReversion', { meanReversion: 0.61 }],
    ['averages', { ema50: 103 }],
    ['averages', { price: 103 }],
    ['averages', { ...fall, price: 97 }],
  ])('IND-90 ranges when %s fails: %j', (check, change) => {
    expect(regimeOf({ ...trend, ...change })).toEqual({
      regime: 'RANGING',
      strength: 'adx' in change ? change.adx : 25,
      failed: [check],
    });
  });

  test.each(['adx', 'atrPct', 'hurst', 'meanReversion', 'ema20', 'ema50', 'ema200'] as const)(
    'says nothing until %s is ready',
    (name) => {
      expect(regimeOf({ ...trend, [name]: undefined })).toBeUndefined();
    },
  );

  test('no comparison with what is not a number passes', () => {
    expect(regimeOf({ ...trend, adx: NaN })?.regime).toBe('RANGING');
    expect(regimeOf({ ...trend, meanReversion: NaN })?.regime).toBe('RANGING');
  });
});
