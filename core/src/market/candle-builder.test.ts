import fc from 'fast-check';
import { epochMs } from '../lib/time.ts';
import { money, notional, price, qty } from '../lib/units.ts';
import {
  builderAdd,
  builderAdvance,
  builderInit,
  forming,
  LATENESS,
  MAX_EMPTY_CANDLES,
  type BuilderState,
} from './candle-builder.ts';
import type { Candle, Trade } from './market.ts';

const KEY = 'binance_spot_BTC-USDT';
/** The start of a minute. */
const T0 = 1_700_000_040_000;
const MINUTE = 60_000;

type Rough = { at: number; px?: string; size?: string; side?: 'buy' | 'sell'; id?: string };
const trade = ({ at, px = '100', size = '1', side = 'buy', id = `${at}` }: Rough): Trade => ({
  marketKey: KEY,
  tradeId: id,
  price: price(px),
  size: qty(size),
  side,
  at: epochMs(T0 + at),
});

function feed(state: BuilderState, trades: readonly Trade[]): Candle[] {
  return trades.flatMap((each) => builderAdd(state, each).closed);
}
const finish = (state: BuilderState, at: number): Candle[] =>
  builderAdvance(state, epochMs(T0 + at)).closed;

/** Trades of some minutes in the venue's order; ids count up. */
const streams = fc
  .array(
    fc.record({
      gap: fc.oneof(fc.nat(500), fc.nat(5_000), fc.nat(150_000)),
      px: fc.integer({ min: 9_000, max: 11_000 }),
      size: fc.integer({ min: 1, max: 50_000 }),
      side: fc.constantFrom('buy' as const, 'sell' as const),
      hurry: fc.nat(LATENESS),
      twice: fc.boolean(),
    }),
    { minLength: 1, maxLength: 60 },
  )
  .map((rows) => {
    let at = 0;
    return rows.map(({ gap, px, size, side, hurry, twice }, index) => {
      at += gap;
      const made = trade({
        at,
        px: `${px / 100}`,
        size: `${size / 100_000}`,
        side,
        id: `${8 + index}`,
      });
      return { made, hurry, twice };
    });
  });

/** The order in which trades arrive that are delayed by up to the lateness, some of them twice. */
const shuffled = (rows: readonly { made: Trade; hurry: number; twice: boolean }[]): Trade[] =>
  rows
    .flatMap(({ made, hurry, twice }) => [
      { made, arrives: made.at + hurry },
      ...(twice ? [{ made, arrives: made.at + LATENESS }] : []),
    ])
    .sort((a, b) => a.arrives - b.arrives)
    .map(({ made }) => made);

describe('a one-minute candle', () => {
  test('counts its trades exactly, and the buyers among them', () => {
    const state = builderInit(KEY);
    feed(state, [
      trade({ at: 0, px: '100.10', size: '0.1' }),
      trade({ at: 1_000, px: '100.30', size: '0.2', side: 'sell' }),
      trade({ at: 59_999, px: '99.99', size: '0.00000001' }),
    ]);
    expect(finish(state, MINUTE + 2_000)).toEqual([
      {
        openAt: T0,
        open: price('100.1'),
        high: price('100.3'),
        low: price('99.99'),
        close: price('99.99'),
        volume: qty('0.30000001'),
        buyVolume: qty('0.10000001'),
        quoteVolume: money('30.0700009999'),
        trades: 3,
        buyTrades: 2,
        gapFilled: false,
        incomplete: false,
        revision: 0,
        source: 'trades',
      },
    ]);
  });

  test('MD-43 closes two seconds after its end, and not a millisecond before', () => {
    const state = builderInit(KEY);
    feed(state, [trade({ at: 5 })]);
    expect(finish(state, MINUTE + 1_999)).toEqual([]);
    expect(finish(state, MINUTE + 2_000)).toHaveLength(1);
    expect(finish(state, MINUTE + 2_000)).toEqual([]);
  });

  test('MD-43 is closed by a trade that is two seconds past its end', () => {
    const state = builderInit(KEY);
    expect(feed(state, [trade({ at: 5 }), trade({ at: MINUTE + 1_999 })])).toEqual([]);
    expect(feed(state, [trade({ at: MINUTE + 2_000 })])).toHaveLength(1);
  });

  test('MD-44 without trades repeats the close before it and has no volume', () => {
    const state = builderInit(KEY);
    feed(state, [trade({ at: 5, px: '101' })]);
    const [first, second, third] = feed(state, [trade({ at: 3 * MINUTE + 2_000, px: '105' })]);
    expect(first?.close).toBe(price('101'));
    for (const empty of [second, third])
      expect(empty).toMatchObject({
        open: price('101'),
        high: price('101'),
        low: price('101'),
        close: price('101'),
        volume: qty('0'),
        buyVolume: qty('0'),
        trades: 0,
      });
    expect(third?.openAt).toBe(T0 + 2 * MINUTE);
  });

  test('after more than a day without a trade nothing is filled in', () => {
    const state = builderInit(KEY);
    const gap = (MAX_EMPTY_CANDLES + 3) * MINUTE;
    const closed = feed(state, [trade({ at: 5 }), trade({ at: gap, px: '7' })]);
    expect(closed.map((candle) => candle.openAt)).toEqual([T0]);
    expect(finish(state, gap + MINUTE + 2_000)).toMatchObject([
      { openAt: T0 + gap, close: price('7') },
    ]);
  });

  test('is not made of the time before the first trade', () => {
    const state = builderInit(KEY);
    expect(finish(state, 10 * MINUTE)).toEqual([]);
    expect(feed(state, [trade({ at: 20 * MINUTE })])).toEqual([]);
    expect(finish(state, 21 * MINUTE + 2_000)).toMatchObject([{ openAt: T0 + 20 * MINUTE }]);
  });

  test('that is forming shows the newest bucket and closes nothing', () => {
    const state = builderInit(KEY);
    expect(forming(state)).toBeUndefined();
    feed(state, [trade({ at: 5, px: '1' }), trade({ at: 6, px: '3' })]);
    expect(forming(state)).toMatchObject({ openAt: T0, open: price('1'), close: price('3') });
  });

  test('a seeded builder goes on where history ends', () => {
    const state = builderInit(KEY, { closedUntil: epochMs(T0 + MINUTE), lastClose: price('42') });
    expect(builderAdd(state, trade({ at: 59_999 })).late).toBe(true);
    expect(finish(state, 2 * MINUTE + 2_000)).toMatchObject([
      { openAt: T0 + MINUTE, close: price('42'), trades: 0 },
    ]);
  });
});

describe('a trade', () => {
  test('MD-31 up to two seconds late goes into its own candle', () => {
    const state = builderInit(KEY);
    feed(state, [trade({ at: 10 }), trade({ at: MINUTE + 1_000, px: '200' })]);
    expect(builderAdd(state, trade({ at: MINUTE - 1_000, px: '90' })).late).toBeUndefined();
    expect(finish(state, MINUTE + 2_000)).toMatchObject([{ low: price('90'), trades: 2 }]);
  });

  test('MD-31 later than that is left out and reported', () => {
    const state = builderInit(KEY);
    feed(state, [trade({ at: 10_000 })]);
    expect(builderAdd(state, trade({ at: 7_999 })).late).toBe(true);
    expect(builderAdd(state, trade({ at: 8_000 })).late).toBeUndefined();
    expect(forming(state)?.trades).toBe(2);
  });

  test('MD-30 counts once however often it comes, and two of the same millisecond count twice', () => {
    const state = builderInit(KEY);
    feed(state, [trade({ at: 5, id: 'a' }), trade({ at: 5, id: 'b' })]);
    expect(builderAdd(state, trade({ at: 5, id: 'a' })).duplicate).toBe(true);
    expect(forming(state)?.trades).toBe(2);
  });

  test('MD-31 that is overtaken by the first of the next minute still gives its own candle', () => {
    const state = builderInit(KEY);
    feed(state, [trade({ at: MINUTE + 500 }), trade({ at: MINUTE - 500, px: '7' })]);
    expect(finish(state, MINUTE + 2_000)).toMatchObject([{ openAt: T0, close: price('7') }]);
  });

  test('of the same millisecond as another comes after it when its id counts higher', () => {
    const state = builderInit(KEY);
    feed(state, [trade({ at: 5, px: '2', id: '10' }), trade({ at: 5, px: '1', id: '9' })]);
    expect(forming(state)).toMatchObject({ open: price('1'), close: price('2') });
  });

  test('of another market is refused', () => {
    expect(() => builderAdd(builderInit('binance_spot_ETH-USDT'), trade({ at: 0 }))).toThrow(
      'a trade of binance_spot_ETH-USDT, was binance_spot_BTC-USDT',
    );
  });

  test('is remembered no longer than it could come again', () => {
    const state = builderInit(KEY);
    feed(
      state,
      Array.from({ length: 5_000 }, (_, i) => trade({ at: i * 100 })),
    );
    expect(state.seen.size).toBeLessThanOrEqual(LATENESS / 100 + 1);
  });
});

describe('a stream of trades', () => {
  const whole = (trades: readonly Trade[]): Candle[] => {
    const state = builderInit(KEY);
    const closed = feed(state, trades);
    const end = Math.max(...trades.map((each) => each.at - T0));
    return [...closed, ...finish(state, end + 2 * MINUTE)];
  };

  test('MD-31 MD-41 prop: gives the same candles in any order within the lateness, duplicates or not', () => {
    fc.assert(
      fc.property(streams, (rows) => {
        const inOrder = rows.map(({ made }) => made);
        expect(whole(shuffled(rows))).toEqual(whole(inOrder));
      }),
    );
  });

  test('prop: neither loses nor doubles a trade, and leaves no minute out', () => {
    fc.assert(
      fc.property(streams, (rows) => {
        const candles = whole(shuffled(rows));
        const sum = (values: readonly bigint[]): bigint => values.reduce((a, b) => a + b, 0n);
        const trades = rows.map(({ made }) => made);
        expect(candles.reduce((all, candle) => all + candle.trades, 0)).toBe(trades.length);
        expect(sum(candles.map((candle) => candle.volume))).toBe(
          sum(trades.map((each) => each.size)),
        );
        expect(sum(candles.map((candle) => candle.quoteVolume))).toBe(
          sum(trades.map((each) => notional(each.price, each.size, 'floor'))),
        );
        const steps = candles
          .slice(1)
          .map((candle, i) => candle.openAt - (candles[i]?.openAt ?? 0));
        expect(steps.every((step) => step === MINUTE)).toBe(true);
      }),
    );
  });

  test('IND-06 prop: goes on from a copy of the state as if nothing had happened', () => {
    fc.assert(
      fc.property(streams, fc.nat(60), (rows, cut) => {
        const trades = shuffled(rows);
        const first = builderInit(KEY);
        const head = feed(first, trades.slice(0, cut));
        const tail = feed(structuredClone(first), trades.slice(cut));
        expect([...head, ...tail]).toEqual(feed(builderInit(KEY), trades));
      }),
    );
  });
});
