import fc from 'fast-check';
import { bounceStrength } from './bounce.ts';

const zone = { low: 100, high: 104 };
const bar = (high: number, low: number, close: number) => ({ high, low, close });

describe('bounce strength', () => {
  test.each([
    ['a low inside, closed at the high', bar(112, 102, 112), 1],
    ['a low inside, closed in the middle', bar(112, 102, 107), 0.5],
    ['a low an eighth of the ATR above', bar(115, 105, 115), 0.5],
    ['a low a quarter of the ATR above', bar(116, 106, 116), 0],
    ['a low below, closed inside', bar(108, 98, 103), 0.5],
    ['a close at the lower edge', bar(108, 98, 100), 0.2],
    ['a close below the lower edge', bar(108, 98, 99), 0],
    ['no range', bar(102, 102, 102), 0],
  ])('IND-91 for LONG with %s', (_, candle, expected) => {
    expect(bounceStrength({ bar: candle, zone, atr: 8 }, 'LONG')).toBeCloseTo(expected, 12);
  });

  test('IND-91 without an ATR only a touch counts', () => {
    expect(bounceStrength({ bar: bar(112, 105, 112), zone, atr: 0 }, 'LONG')).toBe(0);
    expect(bounceStrength({ bar: bar(112, 104, 112), zone, atr: 0 }, 'LONG')).toBe(1);
  });

  test('prop: IND-91 SHORT is the mirror, and both stay within 0 and 1', () => {
    const price = fc.integer({ min: 50, max: 150 });
    fc.assert(
      fc.property(
        price,
        price,
        price,
        fc.double({ min: 0, max: 40, noNaN: true }),
        (a, b, c, atr) => {
          const [low = 0, close = 0, high = 0] = [a, b, c].sort((x, y) => x - y);
          const long = bounceStrength({ bar: { high, low, close }, zone, atr }, 'LONG');
          const short = bounceStrength(
            {
              bar: { high: -low, low: -high, close: -close },
              zone: { low: -zone.high, high: -zone.low },
              atr,
            },
            'SHORT',
          );
          expect(short).toBeCloseTo(long, 12);
          expect(long).toBeGreaterThanOrEqual(0);
          expect(long).toBeLessThanOrEqual(1);
        },
      ),
    );
  });
});
