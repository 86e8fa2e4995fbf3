import fc from 'fast-check';
import { TIMEFRAMES, type Timeframe } from '../market/market.ts';
import { MAX_GRAINS } from './profile-histogram.ts';
import { barAt, barOfTrades, GRID, MINUTE, type TestTrade } from './profile-testing.ts';
import {
  profileOf,
  profilesBar,
  profilesInit,
  profilesTick,
  type ProfilesState,
} from './profile.ts';
import { valueArea } from './value-area.ts';

const FRAMES: readonly Timeframe[] = ['1m', '5m', '15m', '1h'];

/** Passes trades and the closed bars they make through the profiles, minute by minute. */
function drive(
  initial: ProfilesState,
  trades: readonly TestTrade[],
  given: {
    readonly minutes: number;
    readonly atr: (timeframe: Timeframe, openAt: number) => number | undefined;
    readonly between?: (state: ProfilesState, minute: number) => ProfilesState;
    readonly from?: number;
  },
): ProfilesState {
  let state = initial;
  let last = trades[0]?.price ?? 100;
  for (let minute = given.from ?? 0; minute < given.minutes; minute++) {
    const openAt = minute * MINUTE;
    const end = openAt + MINUTE;
    for (const trade of trades.filter(({ at }) => at >= openAt && at < end))
      profilesTick(state, trade);
    for (const timeframe of FRAMES) {
      const length = TIMEFRAMES[timeframe];
      if (end % length !== 0) continue;
      const bar = barOfTrades(trades, { openAt: end - length, length, last });
      const context = { atr: given.atr(timeframe, bar.openAt), grid: GRID };
      profilesBar(state, timeframe, { bar, context });
      last = bar.close;
    }
    state = given.between?.(state, minute) ?? state;
  }
  return state;
}

/** Volume by row of the trades in `[from, to)`, counted from scratch. */
function naiveRows(
  trades: readonly TestTrade[],
  rowSize: number,
  [from, to]: readonly [number, number],
) {
  const rows = new Map<number, number>();
  for (const { at, price, size } of trades) {
    if (at < from || at >= to) continue;
    const row = Math.floor(price / rowSize) * rowSize;
    rows.set(row, (rows.get(row) ?? 0) + size);
  }
  return [...rows].sort(([a], [b]) => a - b);
}

/** The rows with volume of the profile, as `[price, lots]`. */
const rowsOfProfile = (state: ProfilesState, timeframe: Timeframe | 'session') => {
  const profile = profileOf(state, timeframe);
  return (profile?.volumes ?? [])
    .map((volume, row) => [(profile?.from ?? 0) + row * (profile?.rowSize ?? 0), volume])
    .filter(([, volume]) => volume !== 0);
};

const wave = (minutes: number, step = 7): TestTrade[] =>
  Array.from({ length: minutes * 4 }, (_, i) => ({
    at: i * 15_000,
    price: 10_000 + Math.round(300 * Math.sin(i / 90)) + ((i * step) % 23),
    size: 1 + (i % 5),
  }));

describe('market profile', () => {
  test('IND-60 counts each trade of the last 60 bars in the row of its exact price', () => {
    const trades = wave(200);
    const state = drive(profilesInit(), trades, { minutes: 200, atr: () => 40 });
    const profile = profileOf(state, '1m');
    expect(profile).toMatchObject({ asOf: 200 * MINUTE, rowSize: 4, bars: 60, estimatedVolume: 0 });
    expect(rowsOfProfile(state, '1m')).toEqual(naiveRows(trades, 4, [140 * MINUTE, 200 * MINUTE]));
    expect(profile?.totalVolume).toBe(
      trades.filter(({ at }) => at >= 140 * MINUTE).reduce((sum, { size }) => sum + size, 0),
    );
  });

  test('IND-64 stores point of control, value area, rows, shape and total volume of each timeframe', () => {
    const state = drive(profilesInit(), wave(180), { minutes: 180, atr: () => 40 });
    for (const timeframe of [...FRAMES, 'session'] as const) {
      const profile = profileOf(state, timeframe);
      expect(profile).toBeDefined();
      if (profile === undefined) continue;
      const { volumes, from, rowSize } = profile;
      const area = valueArea(volumes);
      const middle = (row = 0) => from + row * rowSize + Math.floor((rowSize - 1) / 2);
      expect(volumes.length).toBeLessThanOrEqual(200);
      expect(profile).toMatchObject({
        asOf: 180 * MINUTE,
        poc: middle(area?.poc),
        valueAreaLow: middle(area?.low),
        valueAreaHigh: middle(area?.high),
      });
      expect(['P', 'b', 'D', 'B', 'thin']).toContain(profile.shape);
    }
    expect(profileOf(state, '1h')?.bars).toBe(3);
  });

  test('a row of one tick has that tick as its price, a larger one its middle', () => {
    const state = drive(profilesInit(), [{ at: 0, price: 500, size: 3 }], {
      minutes: 1,
      atr: () => undefined,
    });
    expect(profileOf(state, '1m')).toMatchObject({
      from: 500,
      rowSize: 1,
      poc: 500,
      valueAreaHigh: 500,
      valueAreaLow: 500,
      volumes: [3],
    });
  });

  test('says nothing before there is volume', () => {
    const state = drive(profilesInit(), [], { minutes: 3, atr: () => 10 });
    expect(profileOf(state, '1m')).toBeUndefined();
    expect(profileOf(profilesInit(), 'session')).toBeUndefined();
  });

  test('keeps its rows while their size will do, and changes them when it will not', () => {
    const sizes: number[] = [];
    const trades = wave(300).map((trade, i) => ({ ...trade, price: 10_000 + ((i * 37) % 401) }));
    drive(profilesInit(), trades, {
      minutes: 300,
      atr: (_, openAt) => (openAt < 150 * MINUTE ? 40 + ((openAt / MINUTE) % 9) : 400),
      between: (state) => {
        sizes.push(profileOf(state, '1m')?.rowSize ?? 0);
        return state;
      },
    });
    expect(new Set(sizes.slice(80, 150)).size).toBe(1);
    expect(sizes.at(-1)).toBeGreaterThan(sizes[149] ?? Infinity);
  });

  test('rows are fine again once the bars of a burst have left', () => {
    const atr = (_: Timeframe, openAt: number) => (openAt < 5 * MINUTE ? 4_000 : 8);
    const rows = (minutes: number) =>
      profileOf(drive(profilesInit(), wave(minutes), { minutes, atr }), '1m')?.rowSize ?? 0;
    expect(rows(60)).toBeGreaterThanOrEqual(64);
    expect(rows(70)).toBeLessThan(10);
  });

  test('a late trade lands in the minute it belongs to', () => {
    const state = profilesInit();
    profilesTick(state, { at: 59_000, price: 100, size: 1 });
    profilesTick(state, { at: 60_500, price: 101, size: 1 });
    profilesTick(state, { at: 59_900, price: 102, size: 4 });
    const context = { atr: undefined, grid: GRID };
    const bar = barAt(0, { open: 100, close: 102, volume: 5, trades: 2 });
    profilesBar(state, '1m', { bar, context });
    expect(profileOf(state, '1m')).toMatchObject({ from: 100, volumes: [1, 0, 4], totalVolume: 5 });
    expect(state.minutes.map(({ openAt }) => openAt)).toEqual([MINUTE]);
  });

  test('a bar that comes without its trades is spread over its range and told as estimated', () => {
    const state = profilesInit();
    const context = { atr: undefined, grid: GRID };
    const bar = barAt(0, { open: 103, high: 104, low: 100, close: 101, volume: 52 });
    profilesBar(state, '1m', { bar, context });
    expect(profileOf(state, '1m')).toMatchObject({
      from: 100,
      volumes: [10, 12, 10, 10, 10],
      totalVolume: 52,
      estimatedVolume: 52,
    });
    // A bar twice, as where history and stream meet, counts once.
    profilesBar(state, '1m', { bar, context });
    expect(profileOf(state, '1m')?.totalVolume).toBe(52);
  });

  test('the session begins at 00:00 UTC, or where its market opens', () => {
    const day = 24 * 60;
    const trades = wave(day + 30).filter(({ at }) => at >= (day - 30) * MINUTE);
    const around = { minutes: day + 30, from: day - 30, atr: () => 40 };
    const midnight = drive(profilesInit(), trades, around);
    expect(profileOf(midnight, 'session')).toMatchObject({ bars: 30, asOf: (day + 30) * MINUTE });
    const size = profileOf(midnight, 'session')?.rowSize ?? 0;
    expect(rowsOfProfile(midnight, 'session')).toEqual(
      naiveRows(trades, size, [day * MINUTE, (day + 30) * MINUTE]),
    );
    const early = drive(profilesInit((day - 20) * MINUTE), trades, around);
    expect(profileOf(early, 'session')?.bars).toBe(50);
  });
});

test('MD-42 hours that begin at the opening bell have profiles of their own trades', () => {
  const state = profilesInit(0, 30 * MINUTE);
  const context = { atr: undefined, grid: GRID };
  for (let quarter = 2; quarter < 6; quarter++) {
    const openAt = quarter * 15 * MINUTE;
    const bar = barAt(openAt, { open: 100, close: 100 + quarter, volume: 12 });
    profilesBar(state, '15m', { bar, context });
  }
  const hour = barAt(30 * MINUTE, { open: 100, close: 105, high: 105, volume: 48 });
  profilesBar(state, '1h', { bar: hour, context });
  expect(profileOf(state, '1h')?.volumes).toEqual(profileOf(state, '15m')?.volumes);
});

describe('market profile over random markets', () => {
  const jump = fc.oneof(
    { weight: 30, arbitrary: fc.integer({ min: -20, max: 20 }) },
    { weight: 1, arbitrary: fc.integer({ min: -3_000, max: 3_000 }) },
  );
  const market = fc.record({
    moves: fc.array(fc.tuple(jump, fc.integer({ min: 1, max: 50 }), fc.nat(40_000)), {
      minLength: 20,
      maxLength: 400,
    }),
    atrs: fc.array(fc.option(fc.double({ min: 0.5, max: 900, noNaN: true }), { nil: undefined }), {
      minLength: 1,
      maxLength: 12,
    }),
    start: fc.integer({ min: 5_000, max: 200_000 }),
  });

  const tradesOf = (moves: readonly (readonly [number, number, number])[], start: number) => {
    let at = 0;
    let price = start;
    return moves.map(([move, size, wait]): TestTrade => {
      at += wait;
      price = Math.max(1, price + move);
      return { at, price, size };
    });
  };

  test('prop: adding and removing rows equals counting the same trades from scratch', () => {
    fc.assert(
      fc.property(market, ({ moves, atrs, start }) => {
        const trades = tradesOf(moves, start);
        const atr = (timeframe: Timeframe, openAt: number) =>
          atrs[(openAt / MINUTE + FRAMES.indexOf(timeframe)) % atrs.length];
        const minutes = Math.min(130, Math.ceil(((trades.at(-1)?.at ?? 0) + 1) / MINUTE) + 5);
        drive(profilesInit(), trades, {
          minutes,
          atr,
          between: (state, minute) => {
            for (const timeframe of [...FRAMES, 'session'] as const) {
              const profile = profileOf(state, timeframe);
              if (profile === undefined) continue;
              const length = timeframe === 'session' ? Infinity : 60 * TIMEFRAMES[timeframe];
              const from = Math.max(0, profile.asOf - length);
              expect(profile.volumes.length).toBeLessThanOrEqual(200);
              expect(profile.estimatedVolume).toBe(0);
              expect(rowsOfProfile(state, timeframe)).toEqual(
                naiveRows(trades, profile.rowSize, [from, profile.asOf]),
              );
            }
            // Resumed from what was stored, it goes on the same.
            return minute % 7 === 3 ? (JSON.parse(JSON.stringify(state)) as ProfilesState) : state;
          },
        });
      }),
      { numRuns: 40 },
    );
  });

  test('prop: IND-T17 a state that went through JSON continues identically', () => {
    fc.assert(
      fc.property(market, fc.nat(20), ({ moves, atrs, start }, cut) => {
        const trades = tradesOf(moves, start);
        const run = (between: (state: ProfilesState, minute: number) => ProfilesState) =>
          drive(profilesInit(), trades, {
            minutes: 40,
            atr: (_, openAt) => atrs[(openAt / MINUTE) % atrs.length],
            between,
          });
        const resumed = run((state, minute) =>
          minute === cut ? (JSON.parse(JSON.stringify(state)) as ProfilesState) : state,
        );
        expect(resumed).toEqual(run((state) => state));
      }),
      { numRuns: 30 },
    );
  });

  test('state stays bounded however far price runs', () => {
    const trades = Array.from({ length: 2_000 }, (_, i) => ({
      at: i * 6_000,
      price: 1 + Math.floor(1.006 ** i) + ((i * 7_919) % 1_000),
      size: 3,
    }));
    const state = drive(profilesInit(), trades, { minutes: 200, atr: () => 5 });
    const widths = FRAMES.flatMap((timeframe) => [
      state.frames[timeframe].total.volumes.length,
      state.frames[timeframe].bars.length,
    ]);
    expect(
      Math.max(...widths, state.session.collected.histogram.volumes.length),
    ).toBeLessThanOrEqual(MAX_GRAINS);
    expect(state.minutes.length).toBeLessThanOrEqual(4);
  });
});
