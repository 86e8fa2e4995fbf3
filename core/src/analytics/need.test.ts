import { analyticsNeed, analyticsTick, analyticsView } from './analytics.ts';
import { feed, fresh, restored, START, viewText, walk } from './testing.ts';

/** Trades are kept for a minute unless somebody asks for more. */
const brief = () => fresh({ horizonSeconds: 60, listed: ['TWPA_45_0'] });
const HALF = 400;
const ticks = walk(2 * HALF, { everyMs: 400 });
const END = START + 2 * HALF * 1_000;

const readingsAt = (state: ReturnType<typeof brief>, now: number) =>
  analyticsView(state, now).analytics?.readings ?? {};

test('STR-38 a variant that a strategy reads is told from when it was asked for, and not before', () => {
  const state = brief();
  feed(state, ticks);
  expect(readingsAt(state, END)).not.toHaveProperty('TWPA_50_0');
  analyticsNeed(state, ['TWPA_50_0', 'TWPA_50_0_rising']);
  const readings = readingsAt(state, END);
  expect(readings['TWPA_50_0']).toBeGreaterThan(0);
  expect([0, 1]).toContain(readings['TWPA_50_0_rising']);
  expect(readings).toHaveProperty('TWPA_45_0');
});

test('STR-40 a variant that nobody reads any more is not told, and what was always told stays as it was', () => {
  const plain = brief();
  feed(plain, ticks);
  const state = brief();
  analyticsNeed(state, ['TWPA_50_0', 'VOLUME_SURGE_100_200']);
  feed(state, ticks);
  analyticsNeed(state, []);
  expect(Object.keys(readingsAt(state, END))).toEqual(Object.keys(readingsAt(plain, END)));
  expect(readingsAt(state, END)).toEqual(readingsAt(plain, END));
});

test.each(['TWPA_390_0', 'VOLATILITY_TICK_390_0', 'VOLUME_SURGE_90_300', 'DELTA_390_0'])(
  'STR-38 %s, longer than trades are usually kept, is ready after its time, asked for early or late',
  (name) => {
    const early = brief();
    analyticsNeed(early, [name]);
    feed(early, ticks);
    const late = brief();
    const half = ticks.findIndex(({ at }) => at >= START + HALF * 1_000);
    feed(late, ticks.slice(0, half));
    analyticsNeed(late, [name]);
    // What was seen for the usual horizon is not thrown away, and it is not enough.
    expect(readingsAt(late, START + HALF * 1_000)[name]).toBeNull();
    feed(late, ticks.slice(half));
    const value = readingsAt(early, END)[name];
    expect(value).not.toBeNull();
    expect(readingsAt(late, END)[name]).toBeCloseTo(value ?? 0, 10);
  },
);

test('a name that is none here, or one of closed bars, stays unknown and harms nothing', () => {
  const state = brief();
  analyticsNeed(state, ['TOMORROW_5', 'RSI_14']);
  feed(state, ticks.slice(0, 500));
  const now = ticks[499]?.at ?? 0;
  expect(readingsAt(state, now)).toMatchObject({ TOMORROW_5: null, RSI_14: null });
});

test('what was asked for is part of the state: restored, it goes on the same', () => {
  const state = brief();
  analyticsNeed(state, ['TWPA_390_0']);
  feed(state, ticks.slice(0, 1_000));
  const other = restored(state);
  for (const one of [state, other])
    for (const tick of ticks.slice(1_000)) analyticsTick(one, tick, () => undefined);
  expect(viewText(other, END)).toBe(viewText(state, END));
});
