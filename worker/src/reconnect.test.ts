import fc from 'fast-check';
import { reconnectDelay } from './reconnect.ts';

test.each([
  [1, 3_000],
  [2, 6_000],
  [3, 12_000],
  [4, 24_000],
  [5, 48_000],
  [6, 60_000],
  [7, 60_000],
  [1_000, 60_000],
])('MD-21 after %i failures the pause is %i ms in the middle', (failures, expected) => {
  expect(reconnectDelay(failures, 0.5)).toBe(expected);
});

test('MD-21 prop: jitter stays within 20 % and the pause within 72 s', () => {
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(fc.nat(100), random, (failures, drawn) => {
      const middle = reconnectDelay(failures, 0.5);
      const pause = reconnectDelay(failures, drawn);
      expect(Math.abs(pause - middle)).toBeLessThanOrEqual(middle * 0.2 + 1);
      expect(pause).toBeLessThanOrEqual(72_000);
    }),
  );
});
