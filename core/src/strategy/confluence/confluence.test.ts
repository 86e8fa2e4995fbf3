import fc from 'fast-check';
import type { FlowView } from '../../engine/structure.ts';
import { firstFailing } from '../gate.ts';
import { held, judge, prepared } from '../testing.ts';
import { confluence } from './confluence.ts';
import { confluenceParams } from './params.ts';
import { maxScoreOf } from './score.ts';
import {
  buying,
  gap,
  ideal,
  judged,
  long,
  mirrored,
  sceneOf,
  selling,
  zone,
  type Market,
  type View,
} from './testing.ts';

const engine = prepared(confluence);

describe('STR-T09', () => {
  test('STR-62 STR-66 the maximum is 8.0, everything at its best gives it, and the record tells each part and its inputs', () => {
    expect(maxScoreOf(confluenceParams.parse({}))).toBe(8);
    const { view, wish } = judged();
    expect(view).toMatchObject({
      score: 8,
      maxScore: 8,
      primaryMet: true,
      direction: 'LONG',
      probability: 'high',
      missing: '',
      'filter.market_profile': 1.5,
      'filter.mean_reversion': 1.5,
      'filter.autocorrelation': 1,
      'filter.entry_zone': 2,
      'filter.target_zone': 0.5,
      'filter.fvg': 1.5,
      'input.price': 100,
    });
    expect(wish).toMatchObject({ direction: 'LONG', confidence: 1, score: 1 });
    expect(wish?.suggestedStop).toBeCloseTo(99.69, 9);
  });

  test('STR-62 a setup of four filters shows its own maximum', () => {
    const filters = ['market_profile', 'mean_reversion', 'entry_zone', 'fvg'].map((id) => ({ id }));
    expect(judged({}, { filters }).view).toMatchObject({ score: 6.5, maxScore: 6.5 });
  });

  test('prop: mirrored inputs give the mirrored direction and an equal score', () => {
    const px = fc.integer({ min: 9_800, max: 10_200 }).map((ticks) => ticks / 100);
    const band = fc
      .tuple(px, fc.integer({ min: 1, max: 60 }))
      .map(([low, width]) => ({ low, high: low + width / 100 }));
    const zones = fc.array(
      fc.record({ band, isDemand: fc.boolean(), touches: fc.integer({ min: 0, max: 3 }) }),
      { maxLength: 4 },
    );
    const market: fc.Arbitrary<Market> = fc
      .record({
        zones,
        gaps: fc.array(fc.record({ band, isUp: fc.boolean() }), { maxLength: 3 }),
        area: fc.option(band, { nil: undefined }),
        distance: fc.option(fc.double({ min: -3, max: 3, noNaN: true }), { nil: undefined }),
        isBought: fc.boolean(),
        drift: fc.option(fc.integer({ min: -3, max: 3 }), { nil: undefined }),
        correlation: fc.option(fc.double({ min: -1, max: 1, noNaN: true }), { nil: undefined }),
      })
      .map(({ zones: found, gaps, area, distance, isBought, drift, correlation }) => ({
        view: {
          zones: found.map(({ band: { low, high }, isDemand, touches }) => ({
            ...zone(isDemand ? 'demand' : 'supply', low, high),
            testCount: touches,
          })),
          gaps: gaps.map(({ band: { low, high }, isUp }) =>
            gap(isUp ? 'bullish' : 'bearish', low, high),
          ),
          profile:
            area === undefined
              ? undefined
              : { poc: area.low, valueAreaHigh: area.high, valueAreaLow: area.low },
          reversion: { strength: 0.5, distance },
        },
        flow: isBought ? buying : selling,
        drift,
        correlation,
      }));
    fc.assert(
      fc.property(market, (given) => {
        const a = judge(engine, sceneOf(given)).verdict;
        const b = judge(engine, sceneOf(mirrored(given))).verdict;
        expect(b.view?.['score']).toBe(a.view?.['score']);
        expect(b.view?.['missing']).toBe(a.view?.['missing']);
        expect(b.wish?.direction).toBe(a.wish?.direction === 'LONG' ? 'SHORT' : 'LONG');
        expect(b.wish?.score).toBe(-(a.wish?.score ?? NaN));
        expect(b.gates.map(({ passes }) => passes)).toEqual(a.gates.map(({ passes }) => passes));
      }),
    );
  });
});

describe('STR-60 the analysers', () => {
  test.each<[string, FlowView | undefined, string, string]>([
    ['a ratio of 2.5', { ...buying, volume: 700, bought: 500 }, 'none', 'none'],
    [
      'a ratio just below',
      { ...buying, volume: 700, bought: 499 },
      'primary.order_flow',
      'no_signal',
    ],
    ['29 trades', { ...buying, trades: 29, buys: 20 }, 'primary.order_flow', 'no_signal'],
    [
      'bought against a falling price',
      { ...buying, move: -0.1 },
      'primary.microstructure',
      'no_signal',
    ],
    ['no split', undefined, 'primary.order_flow', 'low_data_quality'],
    ['no count of buys', { ...buying, buys: null }, 'primary.microstructure', 'low_data_quality'],
  ])('%s: %o fails at %s', (_, flow, gate, reason) => {
    const verdict = judged({ flow });
    const first = firstFailing(verdict.gates);
    expect([first?.gate ?? 'none', first?.reason ?? 'none']).toEqual([gate, reason]);
    if (gate !== 'none')
      expect(verdict).toMatchObject({
        wish: null,
        view: { score: 0, maxScore: 8, primaryMet: false, direction: 'none' },
      });
  });

  test('a side each, but not the same, is no signal', () => {
    // Few large buys barely outweigh many small sales, which press the price.
    const flow: FlowView = { ...buying, bought: 515, trades: 1_000, buys: 50, move: -1 };
    const analysers = [{ id: 'order_flow', ratio: 1.05 }, { id: 'microstructure' }];
    const { gates, wish } = judged({ flow }, { analysers });
    expect(gates.map(({ input }) => input)).toEqual(['BUY', 'BEARISH', false]);
    expect(firstFailing(gates)?.gate).toBe('primary.agree');
    expect(wish).toBeNull();
  });
});

describe('the score', () => {
  /** Only what gives so many points. */
  const worth = (points: number): Partial<Market> => {
    const none: View = {
      zones: [],
      gaps: [],
      profile: { poc: 50, valueAreaHigh: 51, valueAreaLow: 49 },
      reversion: { strength: 0.5, distance: 0 },
    };
    const views: Record<number, View> = {
      3: {
        ...none,
        reversion: ideal.reversion,
        profile: { poc: 100.5, valueAreaHigh: 101, valueAreaLow: 99 },
      },
      4.5: { ...none, reversion: ideal.reversion, zones: [zone('demand', 99.7, 99.9)] },
      5: { ...none, reversion: ideal.reversion, zones: ideal.zones },
      7: { ...ideal, profile: { poc: 100.5, valueAreaHigh: 101, valueAreaLow: 99 } },
    };
    return { view: views[points] ?? none };
  };

  test.each([
    [0, 1, 'insufficient', false],
    [3, 3, 'low', false],
    [4.5, 4.5, 'low', false],
    [5, 5, 'medium', true],
    [7, 7, 'high', true],
  ])('STR-64 worth %d: %d points are %s', (points, score, probability, trades) => {
    const { view, gates, wish } = judged(worth(points));
    expect(view).toMatchObject({
      score,
      probability,
      direction: probability === 'insufficient' ? 'none' : 'LONG',
    });
    expect(firstFailing(gates) === undefined).toBe(trades);
    expect(wish?.confidence).toBeCloseTo(score / 8, 9);
  });

  test('STR-64 paper may trade from 3 points on, and real money says no to that', () => {
    expect(firstFailing(judged(worth(3), { minScore: 3 }).gates)).toBeUndefined();
    expect(prepared(confluence, { minScore: 3 }).liveFaults).toHaveLength(1);
    expect(engine.liveFaults).toEqual([]);
  });

  test('STR-65 with more than half the weight missing there is no signal, with half there may be', () => {
    const without = { ...ideal, profile: undefined };
    const some = judged({ view: without, correlation: undefined });
    expect(some.view).toMatchObject({ score: 5.5, missing: 'market_profile, autocorrelation' });
    expect(firstFailing(some.gates)).toBeUndefined();
    const filters = [
      { id: 'market_profile', weight: 4 },
      { id: 'entry_zone', weight: 4 },
    ];
    const params = { filters, minScore: 3 };
    expect(firstFailing(judged({ view: without }, params).gates)).toBeUndefined();
    const more = [
      { id: 'market_profile', weight: 4.01 },
      { id: 'entry_zone', weight: 4 },
    ];
    expect(
      firstFailing(judged({ view: without }, { ...params, filters: more }).gates),
    ).toMatchObject({
      gate: 'missingWeight',
      reason: 'low_data_quality',
    });
  });

  test.each([
    ['a negative weight', { filters: [{ id: 'fvg', weight: -1 }] }],
    ['an unknown plug-in', { filters: [{ id: 'moon' }] }],
    ['a plug-in twice', { filters: [{ id: 'fvg' }, { id: 'fvg' }] }],
    ['no analyser', { analysers: [] }],
  ])('STR-67 refuses %s', (_, params) => {
    expect(confluence.prepare(params).ok).toBe(false);
  });

  test('STR-67 computes only what its plug-ins look at', () => {
    const { needs } = prepared(confluence, { filters: [{ id: 'entry_zone' }], timeframe: '15m' });
    expect(needs).toMatchObject({
      variants: {},
      structure: [
        { timeframe: '1m', parts: ['flow'] },
        { timeframe: '15m', parts: ['zones'] },
      ],
    });
  });
});

test('a position is left once the analysers agree against it', () => {
  const verdict = (flow: FlowView) =>
    judge(engine, { ...sceneOf({ ...long, flow }), position: held('LONG', 60) }).verdict;
  expect(verdict(buying).wish).toBeNull();
  expect(verdict(selling).wish).toMatchObject({ action: 'EXIT', signalType: 'ZE1' });
});
