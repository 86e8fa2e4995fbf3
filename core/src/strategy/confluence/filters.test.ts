import type { GapLevel, StructureView, ZoneLevel } from '../../engine/structure.ts';
import { shareOf, type Look } from './filters.ts';
import { confluenceParams, type Filter } from './params.ts';
import { gap, ideal, zone, type View } from './testing.ts';

const filterOf = (id: Filter['id'], change: object = {}): Filter => {
  const [filter] = confluenceParams.parse({ filters: [{ id, ...change }] }).filters;
  if (filter === undefined) throw new Error(`there is no filter ${id}`);
  return filter;
};

describe('STR-61 what a filter gives, in shares of its weight', () => {
  const { profile } = ideal;
  const look = (change: Partial<Look>, view: Partial<View> = {}): Look => ({
    direction: 'LONG',
    price: 100,
    view: { ...ideal, ...view } as unknown as StructureView,
    autocorrelation: 0.7,
    drift: 1,
    ...change,
  });
  const area = (low: number, high: number) => ({
    profile: { ...profile, poc: low, valueAreaLow: low, valueAreaHigh: high },
  });
  const reverting = (distance: number) => ({ reversion: { strength: 0.5, distance } });
  const zones = (...list: ZoneLevel[]) => ({ zones: list });
  const gaps = (...list: GapLevel[]) => ({ gaps: list });

  test.each<[Filter['id'], string, Partial<Look>, Partial<View>, number]>([
    ['market_profile', '5 % of the width above the lower edge', {}, area(99.9, 101.9), 1],
    ['market_profile', '5 % of the width below it', {}, area(100.1, 102.1), 1],
    ['market_profile', 'farther, inside', {}, area(99.89, 101.89), 1 / 3],
    ['market_profile', 'farther, outside', {}, area(100.11, 102.11), 0],
    ['market_profile', 'the upper edge, for a SHORT', { direction: 'SHORT' }, area(98, 100), 1],
    ['market_profile', 'an area of one row, at its price', {}, area(100, 100), 1],
    ['market_profile', 'an area of one row, off it', {}, area(99, 99), 0],
    ['mean_reversion', '-2σ', {}, reverting(-2), 1],
    ['mean_reversion', 'just above -2σ', {}, reverting(-1.99), 0.5],
    ['mean_reversion', '-1σ exactly', {}, reverting(-1), 0],
    ['mean_reversion', '+2σ for a SHORT', { direction: 'SHORT' }, reverting(2), 1],
    ['mean_reversion', '+2σ for a LONG', {}, reverting(2), 0],
    ['autocorrelation', '0.61 with the drift', { autocorrelation: 0.61 }, {}, 1],
    ['autocorrelation', '0.6 exactly', { autocorrelation: 0.6 }, {}, 0.5],
    ['autocorrelation', '0.61 against the drift', { autocorrelation: 0.61, drift: -1 }, {}, 0],
    ['autocorrelation', '0.61 without drift', { autocorrelation: 0.61, drift: 0 }, {}, 0.5],
    ['autocorrelation', '-0.31 against the drift', { autocorrelation: -0.31, drift: -1 }, {}, 1],
    ['autocorrelation', '-0.3 exactly against it', { autocorrelation: -0.3, drift: -1 }, {}, 0.5],
    ['autocorrelation', '-0.31 with the drift', { autocorrelation: -0.31 }, {}, 0.5],
    ['entry_zone', 'fresh, 0.5 % away', {}, zones(zone('demand', 99, 99.5)), 1],
    ['entry_zone', 'fresh, 0.51 % away', {}, zones(zone('demand', 99, 99.49)), 0],
    ['entry_zone', 'touched once', {}, zones({ ...zone('demand', 99, 100), testCount: 1 }), 0.5],
    ['entry_zone', 'touched twice', {}, zones({ ...zone('demand', 99, 100), testCount: 2 }), 0.5],
    [
      'entry_zone',
      'touched three times',
      {},
      zones({ ...zone('demand', 99, 100), testCount: 3 }),
      0,
    ],
    [
      'entry_zone',
      'supply above, for a SHORT',
      { direction: 'SHORT' },
      zones(zone('supply', 100.5, 101)),
      1,
    ],
    [
      'entry_zone',
      'supply below, for a SHORT',
      { direction: 'SHORT' },
      zones(zone('supply', 99, 99.8)),
      0,
    ],
    [
      'entry_zone',
      'the nearest of two counts',
      {},
      zones(zone('demand', 99, 99.6), { ...zone('demand', 99.7, 99.8), testCount: 3 }),
      0,
    ],
    ['target_zone', 'supply ahead', {}, zones(zone('supply', 100.01, 101)), 1],
    ['target_zone', 'supply that the price is in', {}, zones(zone('supply', 100, 101)), 0],
    [
      'target_zone',
      'demand below, for a SHORT',
      { direction: 'SHORT' },
      zones(zone('demand', 98, 99)),
      1,
    ],
    ['target_zone', 'none', {}, zones(), 0],
    ['fvg', 'in a bullish gap', {}, gaps(gap('bullish', 99.9, 100)), 1],
    ['fvg', '0.25 % above it', {}, gaps(gap('bullish', 99, 99.75)), 1],
    ['fvg', '0.26 % above it', {}, gaps(gap('bullish', 99, 99.74)), 0],
    ['fvg', 'in a bearish gap', {}, gaps(gap('bearish', 99.9, 100.1)), 0],
    ['fvg', 'a gap 1 % ahead', {}, gaps(gap('bearish', 101, 102)), 0.5],
    ['fvg', 'a gap 1.01 % ahead', {}, gaps(gap('bearish', 101.01, 102)), 0],
    ['fvg', 'none', {}, gaps(), 0],
  ])('%s, %s', (id, _, change, view, share) => {
    expect(shareOf(filterOf(id), look(change, view))).toBe(share);
  });

  test.each<[Filter['id'], Partial<Look>, Partial<View>]>([
    ['market_profile', {}, { profile: undefined }],
    ['mean_reversion', {}, { reversion: { strength: undefined, distance: undefined } }],
    ['autocorrelation', { autocorrelation: undefined }, {}],
    ['autocorrelation', { drift: undefined }, {}],
    ['entry_zone', { view: undefined }, {}],
    ['target_zone', { view: undefined }, {}],
    ['fvg', { view: undefined }, {}],
  ])('STR-65 %s without its data is missing, not zero', (id, change, view) => {
    expect(shareOf(filterOf(id), look(change, view))).toBeUndefined();
  });

  test('STR-63 the draft modes are there to compare with', () => {
    const draft = filterOf('autocorrelation', { mode: 'draft' });
    expect(shareOf(draft, look({ autocorrelation: 0.1, drift: -1 }))).toBe(1);
    expect(shareOf(draft, look({ autocorrelation: 0.4 }))).toBe(0);
    const magnet = filterOf('fvg', { mode: 'magnet' });
    expect(shareOf(magnet, look({}, gaps(gap('bearish', 101, 102))))).toBe(1);
    expect(shareOf(magnet, look({}, gaps(gap('bullish', 99.9, 100))))).toBe(0);
  });
});
