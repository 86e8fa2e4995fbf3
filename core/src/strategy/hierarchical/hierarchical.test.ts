import fc from 'fast-check';
import type { RegimeView, ZoneLevel } from '../../engine/structure.ts';
import { firstFailing } from '../gate.ts';
import { held, judge, prepared, type Scene } from '../testing.ts';
import { hierarchical } from './hierarchical.ts';

const regime: RegimeView = {
  adx: 30,
  atrPct: 1,
  hurst: 0.6,
  meanReversion: 0.5,
  ema20: 99,
  ema50: 98,
  ema200: 97,
  price: 100,
  converged: true,
};

const zone: ZoneLevel = {
  zoneId: 'z',
  type: 'demand',
  low: 99.78,
  high: 99.9,
  strength: 50,
  testCount: 0,
};

type Market = {
  readonly regime: RegimeView;
  readonly zones: readonly ZoneLevel[];
  readonly ratios: readonly [number | undefined, number | undefined, number | undefined];
  readonly spike: number | undefined;
  readonly bar: { readonly high: number; readonly low: number; readonly close: number };
};

/** An up-trend back at fresh demand, bought ever more one-sidedly, that has just bounced. */
const long: Market = {
  regime,
  zones: [zone],
  ratios: [4, 2, 1.2],
  spike: 2,
  bar: { low: 99.85, high: 100.02, close: 100 },
};

const sceneOf = ({ regime: view, zones, ratios, spike, bar }: Market): Scene => ({
  bar,
  values: { ATR_14: 0.2 },
  structure: {
    '15m': {
      regime: view,
      zones,
      profile: { poc: 99.5, valueAreaHigh: 101, valueAreaLow: 99 },
      imbalance: ratios[2],
    },
    '5m': { imbalance: ratios[1] },
    '1m': { imbalance: ratios[0], volumeSpike: spike },
  },
});

const scalper = prepared(hierarchical);
const judged = (change: Partial<Market>) => judge(scalper, sceneOf({ ...long, ...change }));
const failing = (change: Partial<Market>): string =>
  firstFailing(judged(change).verdict.gates)?.gate ?? 'none';

/** The same market upside down around the price of 100. */
function mirrored({ regime: view, zones, ratios, spike, bar }: Market): Market {
  const turn = (px: number): number => 200 - px;
  const inverse = (ratio: number | undefined) => (ratio === undefined ? undefined : 1 / ratio);
  const { ema20 = 0, ema50 = 0, ema200 = 0 } = view;
  return {
    regime: { ...view, ema20: turn(ema20), ema50: turn(ema50), ema200: turn(ema200) },
    zones: zones.map((each) => ({
      ...each,
      type: each.type === 'demand' ? ('supply' as const) : ('demand' as const),
      low: turn(each.high),
      high: turn(each.low),
    })),
    ratios: [inverse(ratios[0]), inverse(ratios[1]), inverse(ratios[2])],
    spike,
    bar: { low: turn(bar.high), high: turn(bar.low), close: turn(bar.close) },
  };
}

describe('an entry', () => {
  test('STR-50 STR-53 when every level passes: at the zone, with its stop a tick beyond the far edge', () => {
    const { verdict } = judged({});
    expect(firstFailing(verdict.gates)).toBeUndefined();
    expect(verdict.wish).toMatchObject({
      action: 'ENTER',
      direction: 'LONG',
      signalType: 'Z1',
      suggestedStop: 99.77,
    });
    expect(verdict.wish?.suggestedTarget).toBeCloseTo(100.5, 9);
    // Bounce (100 - 99.85) / 0.17, by a ratio of 4.
    expect(verdict.view?.['entryScore']).toBeCloseTo((0.15 / 0.17) * 4, 9);
    expect(verdict.wish?.confidence).toBeCloseTo(0.15 / 0.17, 9);
    expect(verdict.wish?.score).toBeCloseTo((0.15 / 0.17) * 0.4, 9);
  });

  test('STR-51 STR-53 in a down-trend the mirror of it is a SHORT with the same entry score', () => {
    const up = judged({}).verdict;
    const { verdict } = judge(scalper, sceneOf(mirrored(long)));
    expect(verdict.wish).toMatchObject({ direction: 'SHORT' });
    expect(verdict.wish?.suggestedStop).toBeCloseTo(100.23, 9);
    expect(verdict.wish?.suggestedTarget).toBeCloseTo(99.5, 9);
    expect(verdict.wish?.score).toBeCloseTo(-(up.wish?.score ?? NaN), 9);
    expect(verdict.view?.['entryScore']).toBeCloseTo(Number(up.view?.['entryScore']), 9);
  });

  test('prop: STR-51 what a market says, its mirror says the other way round', () => {
    const ratio = fc.double({ min: 0.05, max: 10, noNaN: true });
    const market = fc.record({
      regime: fc.record({
        adx: fc.integer({ min: 10, max: 40 }),
        hurst: fc.double({ min: 0.5, max: 0.7, noNaN: true }),
        ema20: fc.constantFrom(99, 101),
        ema50: fc.constantFrom(98, 102),
        ema200: fc.constantFrom(97, 103),
      }),
      low: fc.integer({ min: 9_900, max: 9_995 }),
      width: fc.integer({ min: 1, max: 60 }),
      ratios: fc.tuple(ratio, ratio, ratio),
      dip: fc.integer({ min: 1, max: 40 }),
      spike: fc.double({ min: 1, max: 3, noNaN: true }),
    });
    fc.assert(
      fc.property(market, ({ regime: view, low, width, ratios, dip, spike }) => {
        const given: Market = {
          regime: { ...regime, ...view },
          zones: [{ ...zone, low: low / 100, high: (low + width) / 100 }],
          ratios,
          spike,
          bar: { low: (10_000 - dip) / 100, high: 100.02, close: 100 },
        };
        const [a, b] = [given, mirrored(given)].map(
          (each) => judge(scalper, sceneOf(each)).verdict,
        );
        expect(b?.gates.map(({ gate, passes }) => [gate, passes])).toEqual(
          a?.gates.map(({ gate, passes }) => [gate, passes]),
        );
        expect(b?.wish?.score ?? 0).toBeCloseTo(-(a?.wish?.score ?? 0), 9);
        if (a?.wish?.direction === 'LONG') expect(b?.wish?.direction).toBe('SHORT');
      }),
    );
  });
});

describe('STR-50 limits', () => {
  const of = (change: Partial<RegimeView>): Partial<Market> => ({
    regime: { ...regime, ...change },
  });
  test.each<[string, Partial<Market>, string]>([
    ['ADX of 20', of({ adx: 20 }), 'none'],
    ['ADX of 19.99', of({ adx: 19.99 }), 'level1.adx'],
    ['ATR of 0.5 %', of({ atrPct: 0.5 }), 'none'],
    ['ATR of 0.49 %', of({ atrPct: 0.49 }), 'level1.atrPct'],
    ['Hurst of 0.55', of({ hurst: 0.55 }), 'none'],
    ['Hurst of 0.54', of({ hurst: 0.54 }), 'level1.hurst'],
    ['mean reversion of 0.6', of({ meanReversion: 0.6 }), 'none'],
    ['mean reversion of 0.61', of({ meanReversion: 0.61 }), 'level1.meanReversion'],
    ['EMA 20 at EMA 50', of({ ema20: 98 }), 'level1.averages'],
    ['EMA 50 at EMA 200', of({ ema50: 97 }), 'level1.averages'],
    ['a price at EMA 20', of({ price: 99 }), 'level1.averages'],
    ['a near edge 0.5 % away', { zones: [{ ...zone, low: 99.4, high: 99.5 }] }, 'level4.bounce'],
    [
      'a near edge 0.51 % away',
      { zones: [{ ...zone, low: 99.4, high: 99.49 }] },
      'level2.zoneDistancePct',
    ],
    ['only supply', { zones: [{ ...zone, type: 'supply' }] }, 'level2.zoneDistancePct'],
    [
      'demand above the price',
      { zones: [{ ...zone, low: 100.1, high: 100.2 }] },
      'level2.zoneDistancePct',
    ],
    // STR-T08: equality does not pass.
    ['a ratio of 2.0 exactly', { ratios: [2, 1.5, 1.2] }, 'level3.ratio'],
    ['a ratio of 2.0001', { ratios: [2.0001, 1.5, 1.2] }, 'none'],
    ['equal ratios of fast and middle', { ratios: [3, 3, 1.2] }, 'level3.overMiddle'],
    ['equal ratios of middle and longest', { ratios: [3, 1.2, 1.2] }, 'level3.overLongest'],
    ['a volume spike of 1.5 exactly', { spike: 1.5 }, 'level4.volumeSpike'],
    ['a volume spike of 1.51', { spike: 1.51 }, 'none'],
    // (99.92 - 99.85) / 0.1 = 0.7
    [
      'a bounce of 0.7',
      { bar: { low: 99, high: 100, close: 99.7 }, zones: [{ ...zone, low: 99.5, high: 99.8 }] },
      'level4.bounce',
    ],
  ])('STR-T08 %s: %o fails at %s', (_, change, gate) => {
    expect(failing(change)).toBe(gate);
  });

  test.each<[string, Partial<Market>, string, string]>([
    ['a regime that is not ready', of({ hurst: undefined }), 'level1.hurst', 'warmup'],
    ['averages that are not ready', of({ ema200: undefined }), 'level1.averages', 'warmup'],
    ['a split that is not told', { ratios: [undefined, 2, 1] }, 'level3.ratio', 'low_data_quality'],
    [
      'a middle that is not told',
      { ratios: [4, undefined, 1] },
      'level3.overMiddle',
      'low_data_quality',
    ],
    ['a spike that is not known', { spike: undefined }, 'level4.volumeSpike', 'warmup'],
  ])('STR-08 %s is no pass and no default', (_, change, gate, reason) => {
    const first = firstFailing(judged(change).verdict.gates);
    expect(first).toMatchObject({ gate, reason, input: null });
  });
});

describe('short circuit', () => {
  test('STR-T07 a ranging market stops at level 1: nothing of levels 2 to 4 is read', () => {
    const { verdict, read } = judged({ regime: { ...regime, adx: 10 } });
    expect(verdict.view).toMatchObject({ failedAt: 1, direction: null });
    expect([...read]).toEqual(['regime@15m']);
    expect(verdict.gates.every(({ gate }) => gate.startsWith('level1.'))).toBe(true);
    expect(firstFailing(verdict.gates)).toMatchObject({
      gate: 'level1.adx',
      input: 10,
      threshold: 20,
    });
  });

  test.each<[number, Partial<Market>, readonly string[]]>([
    [2, { zones: [] }, ['zones@15m']],
    [
      3,
      { ratios: [1, 1, 1] },
      ['zones@15m', 'profile@15m', 'imbalance@1m', 'imbalance@5m', 'imbalance@15m'],
    ],
  ])('STR-50 what fails at level %d reads nothing of the later ones', (level, change, parts) => {
    const { verdict, read } = judged(change);
    expect(verdict.view?.['failedAt']).toBe(level);
    expect([...read]).toEqual(['regime@15m', ...parts]);
  });
});

test('STR-55 until the EMA 200 has converged level 1 waits in live modes, and only there', () => {
  const scene = sceneOf({ ...long, regime: { ...regime, converged: false } });
  expect(firstFailing(judge(scalper, scene).verdict.gates)).toMatchObject({
    gate: 'level1.converged',
    reason: 'warmup',
  });
  const paper = prepared(hierarchical, { isLive: false });
  expect(firstFailing(judge(paper, scene).verdict.gates)).toBeUndefined();
  expect([scalper.liveFaults, paper.liveFaults.length]).toEqual([[], 1]);
});

test('STR-T14 STR-74 a zone whose far edge lies beyond the band is skipped', () => {
  const { verdict } = judged({ zones: [{ ...zone, low: 99.6 }] });
  expect(firstFailing(verdict.gates)).toMatchObject({ reason: 'stop_out_of_band', threshold: 0.3 });
});

test('STR-50 micro-trend looks at 1h, 15m and 1m', () => {
  const { needs } = prepared(hierarchical, { configuration: 'micro_trend_following' });
  expect(needs.structure).toEqual([
    { timeframe: '1h', parts: ['regime', 'zones', 'profile', 'flow'] },
    { timeframe: '15m', parts: ['flow'] },
    { timeframe: '1m', parts: ['flow', 'volumeSpike'] },
  ]);
});

describe('a position', () => {
  const scene = (change: Partial<RegimeView>, seconds: number): Scene => ({
    ...sceneOf({ ...long, regime: { ...regime, ...change } }),
    position: held('LONG', seconds),
  });
  const down = { ema20: 101, ema50: 102, ema200: 103 };
  test.each([
    ['while the market goes its way', {}, 120, null],
    ['in a market that ranges', { adx: 10 }, 120, null],
    ['once the longest timeframe has turned', down, 120, 'the market has turned SHORT'],
    ['not before the least time', down, 29, null],
    ['from the least time on', down, 30, 'the market has turned SHORT'],
    ['up to its longest time', {}, 299, null],
    ['when its time is up', {}, 300, 'held for 300 s, at most 300'],
  ])('is left or kept: %s', (_, change, seconds, reason) => {
    const { verdict } = judge(scalper, scene(change, seconds));
    expect(verdict.wish?.reasons[0] ?? null).toBe(reason);
    if (reason !== null)
      expect(verdict.wish).toMatchObject({ action: 'EXIT', direction: 'LONG', signalType: 'ZE1' });
  });

  test('is judged by level 1 alone', () => {
    expect([...judge(scalper, scene({}, 60)).read]).toEqual(['regime@15m']);
  });
});
