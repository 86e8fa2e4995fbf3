import { RanTooLong, runWithin } from './run-within.ts';

test('gives back what the code gave, and throws what it threw', () => {
  expect(runWithin(1_000, () => 42)).toBe(42);
  expect(() =>
    runWithin(1_000, () => {
      throw new RangeError('no such thing');
    }),
  ).toThrow(new RangeError('no such thing'));
});

test('STR-06 an endless loop is ended, though it catches whatever it can', () => {
  const state = { turns: 0 };
  const loop = (): never => {
    for (;;)
      try {
        for (;;) state.turns += 1;
      } catch {
        // Would go on for ever if it could be caught.
      }
  };
  expect(() => runWithin(50, loop)).toThrow(RanTooLong);
  expect(state.turns).toBeGreaterThan(0);
  expect(runWithin(1_000, () => 'the next one runs')).toBe('the next one runs');
});
