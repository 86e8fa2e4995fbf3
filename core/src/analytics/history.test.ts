import { emaConverged, type EmaState } from '../indicator/ema.ts';
import { setValues } from '../indicator/indicator-set.ts';
import { epochMs } from '../lib/time.ts';
import { aggregate } from '../market/aggregate.ts';
import { candleOf } from '../market/convert.ts';
import type { Candle } from '../market/market.ts';
import { profileOf } from '../orderflow/profile.ts';
import { analyticsHistory, analyticsInit, analyticsView } from './analytics.ts';
import { ringBar, ringCandle, ringLength, ringTrades } from './bar-ring.ts';
import { advance, feed, fresh, GRID, minutes, START, viewText, walk } from './testing.ts';

describe('history', () => {
  test('MD-47 600 minutes make a market ready at its first trade, an EMA 200 converged', () => {
    const state = fresh();
    analyticsHistory(state, minutes(600));
    const view = analyticsView(state, START);
    expect(view.analytics?.asOf).toBe(START);
    expect(view.analytics?.readings['EMA_200@1m']).toBeGreaterThan(0);
    expect(view.analytics?.readings['RSI_14@15m']).toBeGreaterThan(0);
    expect(view.analytics?.waiting['1h']).toBeUndefined();
    expect(view.profiles.map(({ timeframe }) => timeframe)).toEqual(['1m', '5m', '15m', '1h']);
    const emas = state.indicators['1m'].set.cores.filter(({ base }) => base === 'EMA');
    expect(emas.map(({ state: ema }) => emaConverged(ema as EmaState))).toEqual([true, true, true]);
    expect(ringLength(state.bars['1m'])).toBe(600);
    expect(ringLength(state.bars['1h'])).toBe(10);
  });

  test('MD-47 the first longer bars know the minutes before the first trade', () => {
    // History ends seven minutes into a quarter of an hour.
    const candles = minutes(67).map((candle) => ({
      ...candle,
      openAt: epochMs(candle.openAt + 7 * 60_000),
    }));
    const state = fresh();
    analyticsHistory(state, candles);
    const bars = feed(
      state,
      walk(60 * 10).map((tick) => ({ ...tick, at: tick.at + 7 * 60_000 })),
    );
    const quarter = bars.find((bar) => bar.startsWith('15m'));
    expect(quarter).toContain(`"openAt":${START}`);
    expect(quarter).toContain('"incomplete":false');
    expect(ringBar(state.bars['15m'], 0)?.volume).toBeGreaterThan(70_000);
  });

  test('a run from candles equals a run from the trades that they are made of', () => {
    const ticks = walk(40 * 60);
    const live = fresh();
    feed(live, ticks);
    advance(live, START + 40 * 60_000 + 2_000);
    const closed = Array.from({ length: 40 }, (_, index) =>
      ringCandle(live.bars['1m'], 39 - index, GRID),
    );
    const again = fresh();
    analyticsHistory(
      again,
      closed.filter((candle) => candle !== undefined),
    );
    for (const series of ['1m', '5m', '15m'] as const)
      expect(setValues(again.indicators[series].set)).toEqual(
        setValues(live.indicators[series].set),
      );
    expect(again.lastFlow).toEqual(live.lastFlow);
    const pick = (text: string) => JSON.parse(text) as { zones: unknown; gaps: unknown };
    const now = START + 40 * 60_000;
    expect(pick(viewText(again, now)).zones).toEqual(pick(viewText(live, now)).zones);
    expect(pick(viewText(again, now)).gaps).toEqual(pick(viewText(live, now)).gaps);
  });

  test("IND-46 a venue's own candles tell no split: no CVD is counted from them, and they stay marked", () => {
    const state = fresh();
    analyticsHistory(state, minutes(120, { buyVolume: null, buyTrades: null, source: 'venue' }));
    expect(state.lastFlow).toBeNull();
    expect(state.cvd.begunAt).toBe(-1);
    expect(ringCandle(state.bars['1m'], 0, GRID)).toMatchObject({
      buyVolume: null,
      source: 'venue',
    });
    expect(analyticsView(state, START).analytics?.readings['CVD_1H']).toBeNull();
    expect(analyticsView(state, START).analytics?.readings['RSI_14@1m']).toBeGreaterThan(0);
  });

  test('IND-46 candles with a split are counted: each bought 6,000 of 10,000 lots', () => {
    const state = fresh();
    analyticsHistory(state, minutes(600));
    expect(analyticsView(state, START).analytics?.readings['CVD_1H']).toBeCloseTo(60 * 2, 9);
    expect(analyticsView(state, START).analytics?.readings['CVD_4H']).toBeCloseTo(240 * 2, 9);
    expect(analyticsView(state, START).analytics?.readings['CVD_SESSION']).toBeCloseTo(600 * 2, 9);
  });

  test('longer candles reach further back than the minutes do', () => {
    const hours = aggregate(minutes(6_000), '1h');
    const state = fresh();
    analyticsHistory(state, minutes(120), { '1h': hours });
    expect(ringLength(state.bars['1h'])).toBe(100);
    expect(analyticsView(state, START).analytics?.readings['EMA_50@1h']).toBeGreaterThan(0);
    expect(ringCandle(state.bars['1h'], 99, GRID)?.openAt).toBe(START - 6_000 * 60_000);
  });

  test('comes before the first trade', () => {
    const state = fresh();
    feed(state, walk(5));
    expect(() => {
      analyticsHistory(state, minutes(10));
    }).toThrow('before the first trade');
  });

  test('IND-T15 IND-03 candles that come newest first, twice, or past the seed are refused in words', () => {
    const candles = minutes(30);
    const told = (given: readonly Candle[], longer = {}) => {
      expect(() => {
        analyticsHistory(fresh(), given, longer);
      }).toThrow(
        /^Invariant: history comes oldest first, each candle once: the \d+[mh] candle of 2023-/,
      );
    };
    told(candles.toReversed());
    told([...candles, ...candles.slice(-1)]);
    told(candles, { '5m': aggregate(candles, '5m').toReversed() });
    const seed = { closedUntil: START - 60_000, lastClose: null };
    const state = analyticsInit({ marketKey: 'sandbox:spot:BTC-USDT', grid: GRID, seed });
    expect(() => {
      analyticsHistory(state, candles);
    }).toThrow('leave out the candles after');
  });

  test('MD-42 hours that begin at a quarter past are made of minutes as they are of trades', () => {
    const hourOffsetMs = 15 * 60_000;
    const of = (closedUntil: number) =>
      analyticsInit({
        marketKey: 'equity:X',
        grid: GRID,
        seed: { closedUntil, lastClose: null, hourOffsetMs },
      });
    const state = of(START);
    analyticsHistory(state, minutes(200));
    expect(ringBar(state.bars['1h'], 0)?.openAt).toBe(START - 45 * 60_000 - 3_600_000);
    feed(state, walk(16 * 60));
    expect(ringBar(state.bars['1h'], 0)?.openAt).toBe(START - 45 * 60_000);
    const profile = profileOf(state.profiles, '1h');
    expect(profile?.asOf).toBe(START + hourOffsetMs);
    // The last quarter was heard as trades.
    expect(profile?.estimatedVolume).toBeLessThan(profile?.totalVolume ?? 0);
  });
});

describe('ring of bars', () => {
  test('MD-86 keeps the last bars and forgets the rest', () => {
    const state = fresh({ hotBars: 5 });
    feed(state, walk(60));
    const ring = state.bars['1s'];
    expect(ringLength(ring)).toBe(5);
    const last = ringBar(ring, 0);
    expect(ringBar(ring, 4)?.openAt).toBe((last?.openAt ?? 0) - 4_000);
    expect(ringBar(ring, 5)).toBeUndefined();
    expect(ringBar(ring, -1)).toBeUndefined();
    expect(ringCandle(ring, 9, GRID)).toBeUndefined();
    if (last === undefined) throw new Error('bars');
    expect(ringCandle(ring, 0, GRID)).toEqual(candleOf(last, GRID));
    expect(ringTrades(ring, last.openAt)).toBe(last.trades);
    expect(() => fresh({ hotBars: 0 })).toThrow('whole number of bars');
  });
});
