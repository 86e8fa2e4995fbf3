import fc from 'fast-check';
import type { Bar } from '../market/bar.ts';
import type { Tick } from '../market/tick.ts';
import { cvdAt, cvdGap, cvdInit, cvdNext, type CvdState } from './cvd.ts';
import { tapeOf } from '../../test/ticks.ts';

/** 2023-11-15, 00:00 UTC. */
const MIDNIGHT = 1_700_006_400_000;

const bar = (openAt: number, delta: number): Bar => ({
  openAt,
  open: 100,
  high: 100,
  low: 100,
  close: 100,
  volume: Math.abs(delta),
  buyVolume: Math.max(0, delta),
  turnover: 0,
  trades: 1,
  buyTrades: delta > 0 ? 1 : 0,
  gapFilled: false,
  incomplete: false,
});

const trade = (id: number, at: number, delta: number): Tick => ({
  id,
  at,
  price: 100,
  size: Math.abs(delta),
  isBuy: delta > 0,
});

describe('CVD', () => {
  test('IND-T20 IND-46 the session begins anew at 00:00 UTC, rolling windows do not', () => {
    const state = cvdInit();
    const tape = tapeOf([trade(1, MIDNIGHT + 10_500, 7)]);
    for (let second = -14_400; second < 10; second += 1)
      cvdNext(state, bar(MIDNIGHT + second * 1_000, second === -3_000 ? 100 : 1));
    const sources = { state, tape };
    const now = MIDNIGHT + 11_000;
    // Ten seconds of one lot each since midnight, and a trade that no bar holds yet.
    expect(cvdAt(sources, 'session', now)).toBe(17);
    expect(cvdAt(sources, '1h', now)).toBe(3_598 + 100 + 7);
    // The start of four hours moves in steps of four seconds: at 12 s after 20:00, 11 s before it.
    expect(cvdAt(sources, '4h', now)).toBe(14_400 + 99 + 10 - 12 + 7);
  });

  test('IND-46 a trade at midnight is the first of its session, before a bar holds it', () => {
    const state = cvdInit();
    for (let second = -100; second < -2; second += 1)
      cvdNext(state, bar(MIDNIGHT + second * 1_000, 5));
    const tape = tapeOf([
      trade(1, MIDNIGHT - 1, 1_000),
      trade(2, MIDNIGHT, 3),
      trade(3, MIDNIGHT + 5, 4),
    ]);
    expect(cvdAt({ state, tape }, 'session', MIDNIGHT + 1_000)).toBe(7);
  });

  test('IND-46 a session may begin with a bell', () => {
    const bell = 14.5 * 3_600_000;
    const state = cvdInit(bell);
    for (let second = -60; second < 60; second += 1)
      cvdNext(state, bar(MIDNIGHT + bell + second * 1_000, second < 0 ? 100 : 1));
    expect(cvdAt({ state, tape: tapeOf([]) }, 'session', MIDNIGHT + bell + 60_000)).toBe(60);
  });

  test('is not told before 95 % of the time since its anchor is known', () => {
    const state = cvdInit();
    const sources = { state, tape: tapeOf([]) };
    expect(cvdAt(sources, 'session', MIDNIGHT)).toBeUndefined();
    for (let second = 0; second < 3_420; second += 1) {
      if (second === 3_419) expect(cvdAt(sources, '1h', MIDNIGHT + second * 1_000)).toBeUndefined();
      cvdNext(state, bar(MIDNIGHT + second * 1_000, 1));
    }
    expect(cvdAt(sources, '1h', MIDNIGHT + 3_420_000)).toBe(3_420);
    expect(cvdAt(sources, '4h', MIDNIGHT + 3_420_000)).toBeUndefined();
    expect(cvdAt(sources, 'session', MIDNIGHT + 3_420_000)).toBe(3_420);
  });

  test('prop: IND-T17 equals the sum of the bars in its window, through holes, minutes of history and restarts', () => {
    const steps = fc.array(
      fc.record({
        hole: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 900 })),
        delta: fc.integer({ min: -9, max: 9 }),
      }),
      { minLength: 30, maxLength: 200, size: 'max' },
    );
    fc.assert(
      fc.property(steps, fc.nat({ max: 29 }), (list, cut) => {
        let state = cvdInit();
        const fed: { end: number; delta: number }[] = [];
        let openAt = MIDNIGHT - 4 * 3_600_000;
        list.forEach(({ hole, delta }, index) => {
          openAt += hole * 60_000;
          const length = index % 3 === 0 ? 60_000 : 1_000;
          cvdNext(state, bar(openAt, delta), length);
          openAt += length;
          fed.push({ end: openAt, delta });
          if (index === cut) state = JSON.parse(JSON.stringify(state)) as CvdState;
        });
        const sum = (after: number) =>
          fed.filter(({ end }) => end > after).reduce((total, { delta }) => total + delta, 0);
        for (const [anchor, length, step] of [
          ['1h', 3_600_000, 1_000],
          ['4h', 14_400_000, 4_000],
        ] as const) {
          const value = cvdAt({ state, tape: tapeOf([]) }, anchor, openAt);
          if (value !== undefined)
            expect(value).toBe(sum(Math.ceil((openAt - length) / step) * step));
        }
      }),
      { numRuns: 100 },
    );
  });

  test('MD-73 spans with trades missing count as not known', () => {
    const state = cvdInit();
    for (let second = 0; second < 3_600; second += 1)
      cvdNext(state, bar(MIDNIGHT + second * 1_000, 1));
    const told = () => cvdAt({ state, tape: tapeOf([]) }, '1h', MIDNIGHT + 3_600_000);
    cvdGap(state, { from: MIDNIGHT + 100_000, until: MIDNIGHT + 280_000 });
    expect(told()).toBe(3_600);
    cvdGap(state, { from: MIDNIGHT + 280_000, until: MIDNIGHT + 280_001 });
    expect(told()).toBeUndefined();
  });

  test('refuses bars that do not come oldest first', () => {
    const state = cvdInit();
    cvdNext(state, bar(MIDNIGHT, 1));
    expect(() => {
      cvdNext(state, bar(MIDNIGHT, 1));
    }).toThrow('oldest first');
  });
});
