import fc from 'fast-check';
import { shuffled } from '../../test/ticks.ts';
import { batchOf, foldTick, type Batch } from '../market/batch.ts';
import { rangeOver, sumsOver } from '../orderflow/tick-window-read.ts';
import { managerInit } from '../orderflow/timeframe-manager.ts';
import { analyticsBatch, analyticsMark, analyticsQuote, analyticsView } from './analytics.ts';
import { serveTimeframe, type TimeframeResult } from './serve.ts';
import { advance, barText, feed, fresh, restored, START, viewText, walk } from './testing.ts';

const MINUTE = 60_000;

describe('analytics of one market', () => {
  const ticks = walk(16 * 60);
  const end = START + 16 * MINUTE;

  function inOrder() {
    const state = fresh();
    const bars = [...feed(state, ticks), ...advance(state, end + 2_000)];
    return { state, bars, view: viewText(state, end) };
  }

  test('prop: MD-31 MD-41 the same trades in any order within the lateness give the same bars and the same view', () => {
    const expected = inOrder();
    fc.assert(
      fc.property(shuffled(ticks, 2_000), (order) => {
        const state = fresh();
        const bars = [...feed(state, order), ...advance(state, end + 2_000)];
        expect(bars).toEqual(expected.bars);
        expect(viewText(state, end)).toBe(expected.view);
      }),
      { numRuns: 8 },
    );
  });

  test('prop: MD-30 MD-31 IND-T17 shuffled within the lateness, told again, and restored, all the same', () => {
    const expected = inOrder();
    const often = fc.array(fc.nat({ max: 40 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(shuffled(ticks, 2_000), often, fc.nat(1e9), (order, backs, cut) => {
        // Each of some trades is told again, up to 40 trades after it first was.
        const told = order.flatMap((tick, index) => {
          const back = backs[index % backs.length] ?? 0;
          const again = back % 3 === 0 ? order[index - back] : undefined;
          return again === undefined ? [tick] : [tick, again];
        });
        const middle = cut % told.length;
        const before = fresh();
        const early = feed(before, told.slice(0, middle));
        const state = restored(before);
        const bars = [...early, ...feed(state, told.slice(middle)), ...advance(state, end + 2_000)];
        expect(told.length).toBeGreaterThanOrEqual(ticks.length);
        expect(bars).toEqual(expected.bars);
        expect(viewText(state, end)).toBe(expected.view);
      }),
      { numRuns: 8 },
    );
  });

  test('prop: IND-T17 IND-06 a snapshot restored in the middle goes on identically', () => {
    const expected = inOrder();
    fc.assert(
      fc.property(fc.nat({ max: ticks.length }), (cut) => {
        const before = fresh();
        const early = feed(before, ticks.slice(0, cut));
        const state = restored(before);
        const bars = [...early, ...feed(state, ticks.slice(cut)), ...advance(state, end + 2_000)];
        expect(bars).toEqual(expected.bars);
        expect(viewText(state, end)).toBe(expected.view);
        expect(restored(state)).toEqual(state);
      }),
      { numRuns: 8 },
    );
  });

  test('MD-30 MD-31 a duplicate counts once and a late trade not at all', () => {
    const { state, view } = inOrder();
    expect(feed(state, ticks.slice(-50))).toEqual([]);
    expect(viewText(state, end)).toBe(view);
  });

  test('IND-05 looking at a view changes nothing', () => {
    const { state } = inOrder();
    const before = JSON.stringify(state);
    viewText(state, end);
    viewText(state, end + 30_000);
    expect(JSON.stringify(state)).toBe(before);
  });

  test('MD-86 a busy hour of one market stays below a fourth of 4 MB of numbers', () => {
    const state = fresh();
    feed(state, walk(3_600, { everyMs: 60 }));
    let numbers = 0;
    JSON.stringify(state, (_, value: unknown) => {
      numbers += 1;
      return value;
    });
    expect(numbers * 8).toBeLessThan(1_000_000);
  });
});

describe('under pressure', () => {
  test('MD-72 trades folded by tenths of a second give the same bars, sums and cumulative deltas', () => {
    const ticks = walk(16 * 60, { everyMs: 30 });
    const [one, folded] = [fresh(), fresh()];
    const expected = feed(one, ticks);
    const batches = new Map<number, Batch>();
    for (const tick of ticks) {
      const span = Math.floor(tick.at / 100);
      const batch = batches.get(span);
      if (batch === undefined) batches.set(span, batchOf(tick));
      else foldTick(batch, tick);
    }
    const bars: string[] = [];
    for (const batch of batches.values())
      analyticsBatch(folded, batch, (series, bar) => bars.push(barText(series, bar)));
    expect(bars).toEqual(expected);
    const now = (ticks.at(-1)?.at ?? 0) + 1;
    const [readings, others] = [one, folded].map(
      (state) => analyticsView(state, now).analytics?.readings ?? {},
    );
    for (const name of ['RSI_14@1m', 'CVD_SESSION', 'PRICE'])
      expect(others?.[name]).toBe(readings?.[name]);
    // From a whole second on: the tape of single trades is that exact so far back.
    const span = { from: Math.floor(now / 1_000 - 60) * 1_000 - 1, to: now };
    expect(sumsOver(folded.tape, span)).toEqual(sumsOver(one.tape, span));
    expect(rangeOver(folded.tape, span)).toEqual(rangeOver(one.tape, span));
  });

  test('a batch with a trade that is known already is left out, and windows know it', () => {
    const state = fresh();
    const ticks = walk(400, { everyMs: 100 });
    feed(state, ticks.slice(0, -1));
    const [known, last] = ticks.slice(-2);
    if (known === undefined || last === undefined) throw new Error('trades');
    const batch = batchOf(known);
    foldTick(batch, last);
    expect(analyticsBatch(state, batch, () => undefined)).toBe('duplicate');
    expect(state.tape.gaps).toEqual([known.at, last.at + 1]);
  });
});

describe('served by timeframe', () => {
  test('IND-95 IND-96 from the cache until the refresh time is over or a bar closes', () => {
    const ticks = walk(300, { everyMs: 200 });
    const state = fresh();
    const cache = managerInit<TimeframeResult>();
    const serve = (now: number) => serveTimeframe(cache, state, { timeframe: '1m', now });
    expect(serve(START)).toEqual({ kind: 'insufficient', ticks: 0, minTicks: 60 });
    feed(
      state,
      ticks.filter(({ at }) => at < START + 200_000),
    );
    expect(serve(START + 200_000)).toMatchObject({ kind: 'ready', asOf: START + 200_000 });
    feed(
      state,
      ticks.filter(({ at }) => at >= START + 200_000 && at < START + 230_000),
    );
    expect(serve(START + 209_999)).toMatchObject({ asOf: START + 200_000 });
    expect(serve(START + 210_000)).toMatchObject({ asOf: START + 210_000 });
    feed(
      state,
      ticks.filter(({ at }) => at >= START + 230_000 && at < START + 243_000),
    );
    // The minute that ends at 240 s has closed by 242 s.
    const after = serve(START + 242_500);
    expect(after).toMatchObject({ kind: 'ready', asOf: START + 242_500 });
    expect(after.kind === 'ready' && after.value.profile?.asOf).toBe(START + 240_000);
    expect(serveTimeframe(cache, state, { timeframe: '15s', now: START + 242_500 })).toMatchObject({
      kind: 'ready',
      value: { profile: null, zones: [], gaps: [] },
    });
    expect(JSON.parse(JSON.stringify(cache))).toEqual(cache);
  });
});

describe('insufficient data', () => {
  test('MD-50 MD-51 a market that has seen nothing tells nothing, and says nothing wrong', () => {
    const state = fresh();
    expect(analyticsView(state, START)).toEqual({
      marketKey: 'sandbox:spot:BTC-USDT',
      analytics: null,
      profiles: [],
      zones: [],
      gaps: [],
      patterns: [],
      flowRecord: null,
    });
    expect(advance(state, START + MINUTE)).toEqual([]);
  });

  test('MD-T11 MD-50 15 s with 29 trades are insufficient: no signal, never a zero', () => {
    const state = fresh();
    const at = (index: number) => START + 75_100 + index * 500;
    const trades = (count: number) =>
      Array.from({ length: count }, (_, index) => {
        return { id: 10 + index, at: at(index), price: 100_000 + index, size: 5, isBuy: true };
      });
    feed(state, [{ id: 1, at: START, price: 100_000, size: 1, isBuy: true }, ...trades(29)]);
    advance(state, START + 92_000);
    const view = analyticsView(state, START + 90_000).analytics;
    expect(view?.waiting['15s']).toContain('29 of 30 trades within 15 s');
    const readings = Object.entries(view?.readings ?? {}).filter(([name]) => name.endsWith('@15s'));
    expect(readings.length).toBeGreaterThan(20);
    for (const [, value] of readings) expect(value).toBeNull();
    expect(view?.flow).toEqual({ signal: null, microstructure: null, tags: [] });
    expect(view?.regime).toBeNull();

    const enough = fresh();
    feed(enough, [{ id: 1, at: START, price: 100_000, size: 1, isBuy: true }, ...trades(30)]);
    advance(enough, START + 92_000);
    expect(analyticsView(enough, START + 90_000).analytics?.waiting['15s']).toBeUndefined();
  });

  test('MD-50 a lower minimum is heeded in paper mode only', () => {
    for (const isPaper of [true, false]) {
      const state = fresh({ isPaper, minimumTrades: { '1m': 3 } });
      feed(state, walk(70, { everyMs: 4_000 }));
      advance(state, START + 72_000);
      const waiting = analyticsView(state, START + 70_000).analytics?.waiting;
      expect(waiting?.['1m'] === undefined).toBe(isPaper);
    }
  });

  test('IND-07 no reading is ever infinite or not a number', () => {
    const state = fresh();
    const flat = Array.from({ length: 4_000 }, (_, id) => {
      return { id, at: START + id * 300, price: 100_000, size: 1, isBuy: true };
    });
    feed(state, flat);
    const readings = analyticsView(state, START + 1_200_000).analytics?.readings ?? {};
    for (const [name, value] of Object.entries(readings))
      expect({ name, isFine: value === null || Number.isFinite(value) }).toEqual({
        name,
        isFine: true,
      });
    expect(readings['TWPA_300_0']).toBeCloseTo(1_000, 9);
    expect(readings['VOLATILITY_TICK_300_0']).toBe(0);
    expect(readings['IMBALANCE_60_0']).toBe(10);
    expect(readings['RSI_14@1m']).toBe(50);
  });

  test('IND-41 a window waits for 95 % of its length, also after a gap', () => {
    const ticks = walk(660, { everyMs: 300 });
    const state = fresh();
    const reading = (now: number) => analyticsView(state, now).analytics?.readings['TWPA_300_0'];
    feed(
      state,
      ticks.filter(({ at }) => at < START + 284_000),
    );
    expect(reading(START + 284_000)).toBeNull();
    expect(reading(START + 285_000)).toBeGreaterThan(0);
    feed(
      state,
      ticks.filter(({ at }) => at >= START + 284_000),
    );
    expect(reading(START + 650_000)).toBeGreaterThan(0);
    analyticsMark(state, { from: START + 600_000, until: START + 620_000, incomplete: true });
    expect(reading(START + 650_000)).toBeNull();
    expect(reading(START + 918_000)).toBeDefined();
  });
});

describe('what comes in beside good trades', () => {
  test('MD-32 MD-T08 a print 40 % off is held back and changes nothing', () => {
    const ticks = walk(120);
    const [state, expected] = [fresh(), fresh()];
    feed(expected, ticks);
    feed(state, ticks.slice(0, 100));
    const last = ticks[99];
    if (last === undefined) throw new Error('100 trades');
    feed(state, [{ ...last, id: 'odd', price: last.price * 1.4 }]);
    feed(state, ticks.slice(100));
    const now = START + 120_000;
    expect(viewText(state, now)).toBe(viewText(expected, now));
  });

  test('MD-32 a second print at the new price lets both in', () => {
    const ticks = walk(60);
    const last = ticks.at(-1);
    if (last === undefined) throw new Error('trades');
    const state = fresh();
    feed(state, ticks);
    const jump = (id: string, at: number) => ({
      ...last,
      id,
      at,
      price: Math.round(last.price * 1.4),
    });
    feed(state, [jump('a', last.at + 10), jump('b', last.at + 20)]);
    advance(state, last.at + 70_000);
    expect(state.tape.cells[(state.tape.count - 2) * 9]).toBe(last.at + 10);
  });

  test('IND-37 the spread is quoted while the quote is fresh, and estimated after', () => {
    const state = fresh();
    feed(state, walk(300));
    analyticsQuote(state, { bid: 99_900, ask: 100_100, at: START + 299_000 });
    const spread = (now: number) => analyticsView(state, now).analytics?.readings['SPREAD_PCT'];
    expect(spread(START + 300_000)).toBeCloseTo(0.2, 12);
    expect(spread(START + 310_000)).not.toBeCloseTo(0.2, 6);
  });

  test('MD-73 a minute that is marked incomplete closes as such', () => {
    const state = fresh();
    feed(state, walk(90));
    analyticsMark(state, { from: START + 61_000, until: START + 62_000, incomplete: true });
    const bars = advance(state, START + 130_000);
    expect(bars.filter((bar) => bar.startsWith('1m'))[0]).toContain('"incomplete":true');
  });
});
