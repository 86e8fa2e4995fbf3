import fc from 'fast-check';
import type { Bar } from '../market/bar.ts';
import { TIMEFRAMES, type Timeframe } from '../market/market.ts';
import {
  gapsInit,
  gapsNext,
  isGapScored,
  liveGaps,
  type FairValueGap,
  type GapsState,
} from './fair-value-gap.ts';
import { barAt, GRID, MINUTE } from './profile-testing.ts';

const ATR = 10;
const context = { atr: ATR, grid: GRID };

/** Bars of one timeframe in a row, from low to high; `undefined` leaves a bucket out. */
function feed(
  ranges: readonly (Partial<Bar> | readonly [low: number, high: number] | undefined)[],
  given: {
    readonly state?: GapsState;
    readonly atr?: number | undefined;
    readonly from?: number;
  } = {},
) {
  const state = given.state ?? gapsInit('1m');
  const length = TIMEFRAMES[state.timeframe];
  const changes = ranges.flatMap((range, i) => {
    if (range === undefined) return [];
    const told = 'length' in range ? { low: range[0], high: range[1] } : range;
    const bar = barAt(((given.from ?? 0) + i) * length, { close: told.high ?? 100, ...told });
    return gapsNext(state, bar, { ...context, ...('atr' in given ? { atr: given.atr } : {}) });
  });
  return { state, changes, gaps: liveGaps(state) };
}
const UP = [
  [95, 100],
  [99, 103],
  [102, 106],
] as const;

describe('fair value gaps', () => {
  test('IND-80 IND-81 a bullish gap lies between the high of the first and the low of the third bar', () => {
    expect(feed(UP).gaps).toEqual([
      {
        fvgId: '1m-bullish-120000',
        timeframe: '1m',
        type: 'bullish',
        low: 100,
        high: 102,
        createdAt: 3 * MINUTE,
        filledAt: null,
        fillPct: 0,
        status: 'open',
      },
    ]);
  });

  test('IND-80 a bearish gap lies between the high of the third and the low of the first bar', () => {
    const { gaps } = feed([
      [102, 106],
      [99, 103],
      [95, 100],
    ]);
    expect(gaps).toMatchObject([{ type: 'bearish', low: 100, high: 102 }]);
  });

  test('IND-T10 a dip to the middle fills half, one below it all', () => {
    const { state, gaps } = feed([...UP, [101, 104]]);
    expect(gaps).toMatchObject([{ fillPct: 50, status: 'partial' }]);
    const { changes, gaps: left } = feed([[99, 104]], { state, from: 4 });
    expect(left).toEqual([]);
    expect(changes).toMatchObject([
      { change: 'filled', gap: { fillPct: 100, status: 'filled', filledAt: 5 * MINUTE } },
    ]);
  });

  test('IND-81 a bearish gap is entered from below', () => {
    const { gaps } = feed([
      [110, 116],
      [99, 111],
      [95, 100],
      [90, 102],
    ]);
    expect(gaps).toMatchObject([{ low: 100, high: 110, fillPct: 20, status: 'partial' }]);
  });

  test.each([
    ['a missing bucket before the second bar', [UP[0], undefined, UP[1], UP[2]]],
    ['a missing bucket before the third bar', [UP[0], UP[1], undefined, UP[2]]],
    ['a missing bucket in between', [UP[0], undefined, UP[2]]],
    ['a bucket without trades', [UP[0], { low: 100, high: 100, trades: 0, volume: 0 }, UP[2]]],
    ['a bucket that lacks trades', [UP[0], { low: 99, high: 103, incomplete: true }, UP[2]]],
  ])('IND-T11 IND-80 no gap is made over %s', (_, bars) => {
    expect(feed(bars).gaps).toEqual([]);
  });

  test.each([
    [
      'one tick',
      10,
      [
        [95, 100],
        [99, 102],
        [101, 106],
      ],
      0,
    ],
    [
      'two ticks',
      10,
      [
        [95, 100],
        [99, 102],
        [102, 106],
      ],
      1,
    ],
    [
      'less than a tenth of the ATR',
      31,
      [
        [95, 100],
        [99, 104],
        [103, 106],
      ],
      0,
    ],
    [
      'a tenth of the ATR',
      30,
      [
        [95, 100],
        [99, 104],
        [103, 106],
      ],
      1,
    ],
    [
      'no ATR',
      undefined,
      [
        [95, 100],
        [99, 119],
        [119, 126],
      ],
      0,
    ],
  ] as const)('IND-80 a gap of %s with an ATR of %p', (_, atr, bars, count) => {
    expect(feed(bars, { atr }).gaps).toHaveLength(count);
  });

  test.each<[Timeframe, number]>([
    ['1m', 4],
    ['5m', 24],
    ['15m', 168],
    ['1h', 168],
  ])('IND-80 a gap on %s is looked back on for %i hours', (timeframe, hours) => {
    const bars = (hours * 3_600_000) / TIMEFRAMES[timeframe];
    const above = Array.from({ length: bars }, () => [103, 107] as const);
    const { state, gaps } = feed([...UP, ...above], { state: gapsInit(timeframe) });
    expect(gaps).toHaveLength(1);
    const { changes } = feed([[103, 107]], { state, from: bars + 3 });
    expect(changes).toMatchObject([{ change: 'expired' }]);
    expect(liveGaps(state)).toEqual([]);
  });

  test('IND-82 only gaps that are filled by less than half count for scores', () => {
    const [gap] = feed(UP).gaps;
    expect(gap).toBeDefined();
    if (gap === undefined) return;
    expect(isGapScored(gap)).toBe(true);
    expect(isGapScored({ ...gap, fillPct: 49.9, status: 'partial' })).toBe(true);
    expect(isGapScored({ ...gap, fillPct: 50, status: 'partial' })).toBe(false);
    expect(isGapScored({ ...gap, fillPct: 100, status: 'filled' })).toBe(false);
  });

  const bars = fc.array(
    fc.record({ low: fc.integer({ min: 50, max: 250 }), range: fc.nat(12), skip: fc.nat(15) }),
    { minLength: 5, maxLength: 400 },
  );

  test('prop: IND-81 fills never fall, stay within 0 and 100, and no live gap is older than the lookback', () => {
    fc.assert(
      fc.property(bars, (made) => {
        const state = gapsInit('1m');
        let known = new Map<string, FairValueGap>();
        made.forEach(({ low, range, skip }, i) => {
          if (skip === 0) return;
          gapsNext(state, barAt(i * MINUTE, { low, high: low + range, close: low }), context);
          for (const gap of liveGaps(state)) {
            expect(gap.fillPct).toBeGreaterThanOrEqual(known.get(gap.fvgId)?.fillPct ?? 0);
            expect(gap.fillPct).toBeLessThan(100);
            expect(gap.high - gap.low).toBeGreaterThanOrEqual(2);
            expect((i + 1) * MINUTE - gap.createdAt).toBeLessThanOrEqual(4 * 60 * MINUTE);
          }
          known = new Map(liveGaps(state).map((gap) => [gap.fvgId, gap]));
          expect(known.size).toBe(liveGaps(state).length);
        });
      }),
      { numRuns: 60 },
    );
  });

  test('prop: IND-T17 a state that went through JSON continues identically', () => {
    fc.assert(
      fc.property(bars, fc.nat(), (made, at) => {
        const cut = at % made.length;
        const run = (resume: boolean) => {
          let state = gapsInit('1m');
          const changes = made.flatMap(({ low, range }, i) => {
            if (resume && i === cut) state = JSON.parse(JSON.stringify(state)) as GapsState;
            return gapsNext(
              state,
              barAt(i * MINUTE, { low, high: low + range, close: low }),
              context,
            );
          });
          return { state, changes };
        };
        expect(run(true)).toEqual(run(false));
      }),
      { numRuns: 40 },
    );
  });
});
