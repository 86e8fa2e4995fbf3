import type { Bar } from '../market/bar.ts';
import { TIMEFRAMES, type Timeframe } from '../market/market.ts';
import { MINUTE } from './profile-testing.ts';
import { isOverlap } from './zone-merge.ts';
import { feed, told, type Ohlc } from './zone-testing.ts';
import { isNearZone, zoneStrength, type Zone } from './zone.ts';
import { liveZones, zonesInit } from './zones.ts';

/** Body 2, lower wick 8 (four bodies, 0.8 × ATR), closes up; then a close above its middle. */
const DEMAND = [told([108, 111, 100, 110]), told([110, 120, 109, 119])];
/** The mirror around 110. */
const SUPPLY = [told([112, 120, 109, 110]), told([110, 111, 100, 101])];

describe('zones from a rejection', () => {
  test('IND-70 IND-72 IND-74 demand runs from the low to the body of the rejected bar', () => {
    expect(feed(DEMAND).zones).toEqual([
      {
        zoneId: '1m-demand-rejection-0',
        timeframe: '1m',
        type: 'demand',
        low: 100,
        high: 108,
        // Wick by body 4 of 5, departure 11 of 20, no mean volume before twenty bars.
        strength: 40 * 0.8 + 35 * (11 / 20),
        firstSeen: 2 * MINUTE,
        lastTested: null,
        testCount: 0,
        status: 'fresh',
        createdFrom: 'rejection',
        away: true,
      },
    ]);
  });

  test('IND-70 IND-72 supply is the mirror, with the upper wick', () => {
    expect(feed(SUPPLY).zones).toMatchObject([
      { type: 'supply', low: 112, high: 120, strength: 40 * 0.8 + 35 * (11 / 20) },
    ]);
  });

  test.each<[string, Ohlc, Ohlc, number]>([
    ['a wick of less than two bodies', [107, 112, 100, 111], [111, 120, 110, 119], 0],
    ['a wick of exactly two bodies', [108, 112, 100, 112], [112, 120, 110, 119], 1],
    ['a wick of less than half the ATR', [104, 105, 100, 105], [105, 120, 104, 119], 0],
    ['a wick of exactly half the ATR', [105, 106, 100, 106], [106, 120, 104, 119], 1],
    ['a close down outside the top third', [109, 114, 100, 108], [108, 120, 108, 119], 0],
    ['a close down in the top third', [109, 111, 100, 108], [108, 120, 108, 119], 1],
    ['a next close at its middle', [108, 111, 101, 110], [110, 111, 105, 106], 0],
    ['a next close a tick above its middle', [108, 111, 101, 110], [110, 111, 105, 107], 1],
  ])('IND-70 %s', (_, bar, next, count) => {
    expect(feed([told(bar), told(next)]).zones).toHaveLength(count);
  });

  test('IND-T12 a doji counts as a body of one tick', () => {
    const { zones } = feed([told([108, 110, 100, 108]), told([108, 115, 107, 114])]);
    expect(zones).toMatchObject([{ type: 'demand', low: 100, high: 108 }]);
    expect(zones[0]?.strength).toBeCloseTo(40 + 35 * (6 / 20), 10);
  });

  test.each<[string, Partial<Bar>]>([
    ['no trades', { trades: 0, volume: 0 }],
    ['trades that are known to be missing', { incomplete: true }],
  ])('no zone is made of a bar with %s', (_, more) => {
    expect(feed([told([108, 111, 100, 110], more), ...DEMAND.slice(1)]).zones).toEqual([]);
  });

  test('the next bar has to follow at once', () => {
    const { state } = feed(DEMAND.slice(0, 1));
    expect(feed(DEMAND.slice(1), { state, from: 2 }).zones).toEqual([]);
  });

  test('IND-72 a zone is at most 1.5 × ATR wide, from where price turned', () => {
    const { zones } = feed([told([128, 131, 100, 130]), told([130, 140, 129, 139])]);
    expect(zones).toMatchObject([{ low: 100, high: 115 }]);
  });

  test('IND-73 volume adds up to 25 from twice its mean over 20 bars', () => {
    const flat = Array.from({ length: 19 }, () => told([115, 116, 114, 115], { volume: 10 }));
    const [rejected, next] = DEMAND;
    if (rejected === undefined || next === undefined) throw new Error('two bars');
    const { zones } = feed([...flat, { ...rejected, volume: 30 }, next]);
    const volume = 30 / ((19 * 10 + 30) / 20);
    expect(zones[0]?.strength).toBeCloseTo(
      40 * 0.8 + 35 * (11 / 20) + 25 * (volume / 2 > 1 ? 1 : volume / 2),
      10,
    );
  });

  test('IND-73 the simple mode takes the true wick alone', () => {
    expect(feed(DEMAND, { state: zonesInit('1m', 'simple') }).zones).toMatchObject([
      { strength: 80 },
    ]);
    const input = { departure: 5, atr: 10, relativeVolume: 1 };
    expect(zoneStrength({ ...input, ratio: 7 }, 'simple')).toBe(100);
    expect(zoneStrength({ ratio: 9, departure: 30, atr: 10, relativeVolume: 9 })).toBe(100);
    expect(zoneStrength({ ratio: 2, departure: -3, atr: 0, relativeVolume: 0 })).toBe(16);
  });
});

describe('zones from a consolidation', () => {
  const base = (count: number) =>
    Array.from({ length: count }, (_, i) => told([102, 104 - (i % 2), 100 + (i % 2), 102]));
  const up = told([102, 121, 102, 120]);

  test('IND-71 IND-72 the base is demand when price departs upwards', () => {
    expect(feed([...base(4), up]).zones).toMatchObject([
      {
        zoneId: '1m-demand-consolidation-0',
        type: 'demand',
        low: 100,
        high: 104,
        firstSeen: 5 * MINUTE,
      },
    ]);
  });

  test('IND-71 the base is supply when price departs downwards', () => {
    expect(feed([...base(4), told([102, 102, 81, 82])]).zones).toMatchObject([
      { type: 'supply', low: 100, high: 104 },
    ]);
  });

  test.each<[string, number, Ohlc, number]>([
    ['two bars are no base', 2, [102, 121, 102, 120], 0],
    ['three bars are', 3, [102, 121, 102, 120], 1],
    ['a body of less than 1.5 × ATR is no departure', 4, [102, 121, 102, 116], 0],
    ['a body of exactly 1.5 × ATR is', 4, [102, 121, 102, 117], 1],
  ])('IND-71 %s', (_, count, departure, zones) => {
    expect(feed([...base(count), told(departure)]).zones).toHaveLength(zones);
  });

  test('IND-71 a base is at most eight bars and 0.6 × ATR', () => {
    expect(feed([...base(12), up]).zones).toMatchObject([
      { zoneId: `1m-demand-consolidation-${4 * MINUTE}` },
    ]);
    const wide = Array.from({ length: 4 }, () => told([102, 107, 100, 102]));
    expect(feed([...wide, up]).zones).toEqual([]);
  });

  test('IND-71 a body that closes inside the base is no departure', () => {
    expect(feed([...base(4), told([85, 104, 85, 103])]).zones).toEqual([]);
  });

  test('a dead market is no base: bars without trades end it', () => {
    const dead = base(6).map((bar) => ({ ...bar, trades: 0, volume: 0 }));
    expect(feed([...dead, up]).zones).toEqual([]);
  });
});

describe('touches and breaks', () => {
  const inside = told([110, 111, 106, 110]);
  const outside = told([115, 118, 114, 116]);

  test('IND-74 price that enters after it left by half the width is one touch a visit', () => {
    const { state } = feed(DEMAND);
    expect(feed([inside], { state, from: 2 }).zones).toMatchObject([
      { testCount: 1, status: 'tested', lastTested: 3 * MINUTE },
    ]);
    // Still at the zone, and out by less than half its width (4 ticks): the same visit.
    const linger = [told([108, 111, 107, 111]), told([110, 111, 109, 110]), inside];
    expect(feed(linger, { state, from: 3 }).zones).toMatchObject([{ testCount: 1 }]);
    expect(feed([outside, inside], { state, from: 6 }).zones).toMatchObject([{ testCount: 2 }]);
  });

  test('IND-74 what leaves and comes back within one bar is one visit', () => {
    const { state } = feed([...DEMAND, inside]);
    const spike = told([110, 118, 106, 110]);
    const { zones } = feed([spike, inside], { state, from: 3 });
    expect(zones[0]).toMatchObject({ type: 'demand', testCount: 1 });
  });

  test('IND-74 a close beyond the far edge breaks it, a wick does not', () => {
    const { state } = feed(DEMAND);
    expect(feed([told([105, 106, 95, 100])], { state, from: 2 }).zones).toHaveLength(1);
    const { changes, zones } = feed([told([100, 101, 95, 99])], { state, from: 3 });
    expect(zones).toEqual([]);
    expect(changes).toMatchObject([{ change: 'broken', zone: { status: 'broken' } }]);
  });

  test('IND-74 supply breaks upwards', () => {
    const { state } = feed(SUPPLY);
    expect(feed([told([118, 126, 117, 121])], { state, from: 2 }).changes).toMatchObject([
      { change: 'tested' },
      { change: 'broken', zone: { type: 'supply' } },
    ]);
  });

  test.each<[Timeframe, number]>([
    ['1m', 24],
    ['5m', 24],
    ['15m', 168],
    ['1h', 168],
  ])('IND-75 a zone on %s is looked back on for %i hours', (timeframe, hours) => {
    const length = TIMEFRAMES[timeframe];
    const { state } = feed(DEMAND, { state: zonesInit(timeframe) });
    const quiet = Array.from({ length: (hours * 3_600_000) / length }, () =>
      told([116, 117, 115, 116]),
    );
    expect(feed(quiet, { state, from: 2 }).zones).toHaveLength(1);
    const { changes } = feed([told([116, 117, 115, 116])], { state, from: 2 + quiet.length });
    expect(changes).toMatchObject([{ change: 'expired' }]);
  });
});

describe('merging', () => {
  const zone = (low: number, high: number, type: Zone['type'] = 'demand'): Zone => ({
    zoneId: `${low}`,
    timeframe: '1m',
    type,
    low,
    high,
    strength: 50,
    firstSeen: 0,
    lastTested: null,
    testCount: 0,
    status: 'fresh',
    createdFrom: 'rejection',
  });

  test.each([
    ['half of the narrower', zone(100, 110), zone(108, 112), true],
    ['less than half', zone(100, 110), zone(109, 113), false],
    ['one inside the other', zone(100, 110), zone(104, 105), true],
    ['a level inside a zone', zone(100, 110), zone(105, 105), true],
    ['a shared edge', zone(100, 110), zone(110, 120), false],
    ['two types', zone(100, 110), zone(100, 110, 'supply'), false],
  ])('IND-75 of %s', (_, a, b, expected) => {
    expect(isOverlap(a, b)).toBe(expected);
    expect(isOverlap(b, a)).toBe(expected);
  });

  test('IND-75 keeps outer bounds, the greater strength, the earlier time and all touches', () => {
    const touch = told([110, 111, 106, 110]);
    const again = [told([110, 112, 102, 111]), told([111, 122, 110, 121])];
    const { state } = feed([...DEMAND, touch]);
    const [before] = liveZones(state);
    const { zones, changes } = feed(again, { state, from: 3 });
    expect(changes.at(-1)).toMatchObject({ change: 'merged' });
    expect(zones).toMatchObject([
      { zoneId: '1m-demand-rejection-0', low: 100, high: 110, firstSeen: 2 * MINUTE, testCount: 1 },
    ]);
    expect(zones[0]?.strength).toBeGreaterThanOrEqual(before?.strength ?? Infinity);
  });
});

test('IND-74 IND-75 a merged zone is left by half of its own width', () => {
  const again = [told([110, 112, 102, 111]), told([111, 114, 110, 113])];
  const { state, changes } = feed([...DEMAND, told([110, 111, 106, 110]), ...again]);
  expect(changes.at(-1)).toMatchObject({ change: 'merged', zone: { high: 110, testCount: 1 } });
  const { zones } = feed([told([113, 114, 109, 113])], { state, from: 5 });
  expect(zones).toMatchObject([{ testCount: 1 }]);
});

test('IND-75 of more than 20 on one side the weakest goes, the older of two as weak', () => {
  const rising = Array.from({ length: 23 }, (_, i) => {
    const up = (prices: Ohlc): Ohlc => [
      prices[0] + 60 * i,
      prices[1] + 60 * i,
      prices[2] + 60 * i,
      // The fifth closes lower, which makes its zone the weakest.
      prices[3] + 60 * i,
    ];
    return [told(up([108, 111, 100, 110])), told(up([110, 120, 109, i === 4 ? 112 : 119]))];
  });
  const { zones, changes } = feed(rising.flat(), { state: zonesInit('1m') });
  const demand = zones.filter(({ type }) => type === 'demand');
  const lows = demand.map(({ low }) => (low - 100) / 60);
  expect(lows).toEqual(
    Array.from({ length: 23 }, (_, i) => i).filter((i) => ![0, 1, 4].includes(i)),
  );
  expect(changes.filter(({ change }) => change === 'displaced')).toHaveLength(3);
});

describe('near', () => {
  const demand = { type: 'demand', low: 9_000, high: 10_000 } as const;
  test.each([
    ['inside', 9_500, true],
    ['at 0.5 % of the price from the near edge', 10_050, true],
    ['further away', 10_051, false],
    ['below the far edge', 8_999, false],
  ])('IND-76 %s', (_, price, expected) => {
    expect(isNearZone(demand, price)).toBe(expected);
  });
  test('IND-76 the near edge of supply is the lower one', () => {
    expect(isNearZone({ ...demand, type: 'supply' }, 8_960)).toBe(true);
    expect(isNearZone({ ...demand, type: 'supply' }, 8_900)).toBe(false);
  });
});
