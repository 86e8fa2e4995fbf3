import { epochMs } from '../lib/time.ts';
import { marginStep, type MarginWatch } from './margin-watch.ts';

const at = (seconds: number) => epochMs(1_000_000 + 1_000 * seconds);

/** What a series of looks, ten seconds apart, asked for. */
function looks(...healths: readonly (number | null)[]) {
  let known: MarginWatch | undefined;
  return healths.map((health, index) => {
    const step = marginStep(known, { health, liquidation: null, now: at(10 * index) });
    known = step.watch;
    return step;
  });
}

test('RSK-103 a low health is told when it has lasted half a minute, a danger at once', () => {
  expect(looks(0.4, 0.4, 0.4, 0.4).map(({ tell }) => tell)).toEqual([null, null, null, 'low']);
  expect(looks(0.4, 0.6, 0.4, 0.4).map(({ tell }) => tell)).toEqual([null, null, null, null]);
  expect(looks(0.1).map(({ tell }) => tell)).toEqual(['danger']);
});

test('RSK-103 a part is sold once for each fall below 0.3, all of it below 0.15', () => {
  expect(looks(0.29, 0.28, 0.2, 0.4, 0.29).map(({ reduce }) => reduce)).toEqual([
    ...[true, false, false, false, true],
  ]);
  expect(looks(0.29, 0.14, 0.14).map(({ close }) => close)).toEqual([false, true, true]);
});

test('RSK-104 a liquidation that is near sells a part as well', () => {
  const near = { health: 0.9, liquidation: { distance: 2, atr: 1 }, now: at(0) };
  expect(marginStep(undefined, near)).toMatchObject({ reduce: true, close: false });
});

test('what is not known is told and sells nothing', () => {
  const all = looks(null, null, null, null);
  expect(all.map(({ tell }) => tell)).toEqual([null, null, null, 'low']);
  expect(all.some(({ reduce, close }) => reduce || close)).toBe(false);
});
