import fc from 'fast-check';
import { setValues } from '../indicator/indicator-set.ts';
import type { Bar, SeriesName } from '../market/bar.ts';
import { analyticsCorrect, type AnalyticsState } from './analytics.ts';
import { ringBar, ringPush } from './bar-ring.ts';
import { INDICATOR_SERIES, type AnalyticsConfig } from './config.ts';
import { indicatorsInit, indicatorsNext } from './series-indicators.ts';
import { advance, feed, fresh, restored, START, viewText, walk } from './testing.ts';

const MINUTE = 60_000;

/** A market that has closed some minutes. */
function closed(count: number, config: Partial<AnalyticsConfig> = {}): AnalyticsState {
  const state = fresh(config);
  feed(state, walk(count * 60, { everyMs: 2_000 }));
  advance(state, START + count * MINUTE + 2_000);
  return state;
}

/** The last bar as it would be, had a print at the top been cancelled. */
function cancelled(state: AnalyticsState, series: SeriesName): Bar {
  const bar = ringBar(state.bars[series], 0);
  if (bar === undefined) throw new Error(`A ${series} bar has closed`);
  return { ...bar, high: bar.high + 500, close: bar.close + 300, volume: bar.volume - 1 };
}

const valuesOf = (state: AnalyticsState) =>
  INDICATOR_SERIES.map((series) => setValues(state.indicators[series].set));

describe('MD-33 a correction', () => {
  const variants = [{ series: '1m', name: 'WMA_10' }] as const;

  test.each([1, 20, 63, 64, 65, 130])(
    'after %i minutes gives the indicators that the corrected bar would have given',
    (count) => {
      const state = closed(count, { variants });
      const ring = state.bars['1m'];
      const bar = cancelled(state, '1m');
      const expected = indicatorsInit('1m', { variants });
      for (let back = count - 1; back >= 0; back -= 1) {
        const each = back === 0 ? bar : ringBar(ring, back);
        if (each === undefined) throw new Error('The ring holds every bar');
        indicatorsNext(expected, each, { ring, steps: state.steps });
      }
      expect(analyticsCorrect(state, { series: '1m', bar }, () => undefined)).toBe(true);
      expect(state.indicators['1m'].set).toEqual(expected.set);
      expect(ringBar(ring, 0)).toEqual(bar);
    },
  );

  test('hands out the candle and the longer ones made of it with their revision, and their indicators follow', () => {
    const state = closed(15);
    const before = valuesOf(state);
    const bar = cancelled(state, '1m');
    const told: string[] = [];
    const correct = () =>
      analyticsCorrect(state, { series: '1m', bar }, (series, { high }, revision) => {
        told.push(`${series} ${revision}`);
        if (series === '1m') expect(high).toBe(bar.high);
      });
    expect(correct()).toBe(true);
    expect(correct()).toBe(true);
    expect(told).toEqual(['1m 1', '5m 1', '15m 1', '1m 2', '5m 2', '15m 2']);
    const changed = valuesOf(state).map((values, index) =>
      INDICATOR_SERIES[index] === undefined || values['OBV'] === before[index]?.['OBV']
        ? 'same'
        : 'changed',
    );
    expect(changed).toEqual(['same', 'changed', 'changed', 'changed', 'same']);
    expect(ringBar(state.bars['15m'], 0)?.close).toBe(bar.close);
    expect(state.lastFlow?.sellVolume).toBe(bar.volume - bar.buyVolume);
  });

  test('of a bar before the latest changes nothing', () => {
    const state = closed(5);
    const bar = ringBar(state.bars['1m'], 1);
    if (bar === undefined) throw new Error('Five minutes have closed');
    const [before, view] = [JSON.stringify(state), viewText(state, START + 5 * MINUTE)];
    expect(analyticsCorrect(state, { series: '1m', bar }, () => undefined)).toBe(false);
    expect(JSON.stringify(state)).toBe(before);
    expect(viewText(state, START + 5 * MINUTE)).toBe(view);
  });

  test('of a second is kept, and leaves windows and cumulative deltas as they were', () => {
    const state = closed(2);
    const bar = cancelled(state, '1s');
    const [cvd, samples] = [JSON.stringify(state.cvd), JSON.stringify(state.samples)];
    expect(analyticsCorrect(state, { series: '1s', bar }, () => undefined)).toBe(true);
    expect(ringBar(state.bars['1s'], 0)).toEqual(bar);
    expect(JSON.stringify(state.cvd)).toBe(cvd);
    expect(JSON.stringify(state.samples)).toBe(samples);
  });

  test('prop: IND-06 stored and restored between bars and corrections, all goes on identically', () => {
    const ticks = walk(20 * 60, { everyMs: 2_000 });
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 20, maxLength: 20 }), (restarts) => {
        const run = (isRestarted: boolean) => {
          let state = fresh({ hotBars: 10 });
          const bars: string[] = [];
          restarts.forEach((isDue, minute) => {
            if (isRestarted && isDue) state = restored(state);
            const from = START + minute * MINUTE;
            feed(
              state,
              ticks.filter(({ at }) => at >= from && at < from + MINUTE),
            );
            bars.push(...advance(state, from + MINUTE + 2_000));
            const bar = cancelled(state, '1m');
            if (minute % 3 === 0) analyticsCorrect(state, { series: '1m', bar }, () => undefined);
          });
          return { bars, view: viewText(state, START + 20 * MINUTE) };
        };
        expect(run(true)).toEqual(run(false));
      }),
      { numRuns: 5 },
    );
  });

  test('a ring that keeps few bars is enough', () => {
    const state = closed(10, { hotBars: 2 });
    const bar = cancelled(state, '1m');
    const twin = restored(state);
    analyticsCorrect(state, { series: '1m', bar }, () => undefined);
    // What the twin would know, had the bar closed that way.
    const { ring, steps } = { ring: twin.bars['1m'], steps: twin.steps };
    const last = ringBar(ring, 1);
    if (last === undefined) throw new Error('Two bars are kept');
    const { copy, since } = twin.indicators['1m'];
    expect(since).toBeLessThanOrEqual(2);
    const again = { set: copy, copy, since: 0 };
    if (since === 2) indicatorsNext(again, last, { ring, steps });
    ringPush(ring, bar);
    indicatorsNext(again, bar, { ring, steps });
    expect(state.indicators['1m'].set).toEqual(again.set);
  });
});
