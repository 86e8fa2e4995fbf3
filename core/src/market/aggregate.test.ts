import fc from 'fast-check';
import { epochMs } from '../lib/time.ts';
import { money, price, qty } from '../lib/units.ts';
import { aggregate } from './aggregate.ts';
import { TIMEFRAMES, type Candle } from './market.ts';

/** The start of an hour. */
const T0 = 1_700_002_800_000;

type Rough = { minute: number; prices?: readonly number[]; size?: number; buys?: number | null };
/** A minute that traded at these prices in turn. */
function candle({ minute, prices = [100], size = prices.length, buys = 0 }: Rough): Candle {
  const text = (x: number): string => `${x / 100}`;
  return {
    openAt: epochMs(T0 + minute * 60_000),
    open: price(text(prices[0] ?? 0)),
    high: price(text(Math.max(...prices))),
    low: price(text(Math.min(...prices))),
    close: price(text(prices.at(-1) ?? 0)),
    volume: qty(text(size)),
    buyVolume: buys === null ? null : qty(text(buys)),
    quoteVolume: money(text(size * 7)),
    trades: size === 0 ? 0 : prices.length,
    gapFilled: false,
    buyTrades: null,
    incomplete: false,
    revision: 0,
    source: 'trades',
  };
}

const hours = fc.array(
  fc.record({
    prices: fc.array(fc.integer({ min: 1, max: 9_999 }), { minLength: 1, maxLength: 4 }),
    size: fc.integer({ min: 0, max: 500 }),
  }),
  { minLength: 60, maxLength: 130 },
);

test.each(['5m', '15m', '1h'] as const)(
  'MD-41 prop: a %s candle is the exact sum of its minutes',
  (timeframe) => {
    const minutes = TIMEFRAMES[timeframe] / 60_000;
    fc.assert(
      fc.property(hours, (rows) => {
        const candles = rows.map((row, minute) => candle({ minute, ...row, buys: row.size / 2 }));
        const parents = aggregate(candles, timeframe);
        expect(parents).toHaveLength(Math.floor(rows.length / minutes));
        parents.forEach((parent, index) => {
          const children = candles.slice(index * minutes, (index + 1) * minutes);
          const sum = (of: (child: Candle) => bigint): bigint =>
            children.reduce((total, child) => total + of(child), 0n);
          expect(parent.openAt).toBe(children[0]?.openAt);
          expect(parent.volume).toBe(sum((child) => child.volume));
          expect(parent.buyVolume).toBe(sum((child) => child.buyVolume ?? 0n));
          expect(parent.quoteVolume).toBe(sum((child) => child.quoteVolume));
          expect(parent.trades).toBe(children.reduce((total, child) => total + child.trades, 0));
        });
      }),
      { numRuns: 40 },
    );
  },
);

test('a parent opens with its first trade and closes with its last', () => {
  const candles = [[300], [200, 900], [500, 100, 400], [600], [700, 800]].map((prices, minute) =>
    candle({ minute, prices }),
  );
  expect(aggregate(candles, '5m')).toMatchObject([
    { open: price('3'), high: price('9'), low: price('1'), close: price('8') },
  ]);
});

test('MD-44 a minute without trades does not move a price of its parent', () => {
  const empty = (minute: number): Candle => candle({ minute, prices: [999], size: 0 });
  const candles = [
    empty(0),
    candle({ minute: 1, prices: [300, 400] }),
    empty(2),
    empty(3),
    empty(4),
  ];
  expect(aggregate(candles, '5m')).toMatchObject([
    { open: price('3'), high: price('4'), low: price('3'), close: price('4'), trades: 2 },
  ]);
  expect(aggregate([0, 1, 2, 3, 4].map(empty), '5m')).toMatchObject([
    { open: price('9.99'), close: price('9.99'), volume: qty('0'), trades: 0 },
  ]);
});

test('MD-42 parents start on the epoch grid and are made only of all their minutes', () => {
  const minutes = [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 16, 17, 18];
  const parents = aggregate(
    minutes.map((minute) => candle({ minute })),
    '5m',
  );
  expect(parents.map((parent) => (parent.openAt - T0) / 60_000)).toEqual([5]);
});

test('one-minute candles stay as they are', () => {
  const candles = [0, 1, 3].map((minute) => candle({ minute, prices: [100, 200] }));
  expect(aggregate(candles, '1m')).toEqual(candles);
});

test('a parent tells its buy volume only where all its minutes do, and says when one was filled in', () => {
  const candles = [0, 1, 2, 3, 4].map((minute) => ({
    ...candle({ minute, buys: minute === 3 ? null : 1 }),
    gapFilled: minute === 4,
  }));
  expect(aggregate(candles, '5m')).toMatchObject([{ buyVolume: null, gapFilled: true }]);
});

test('IND-T15 candles that come newest first are refused', () => {
  expect(() => aggregate([candle({ minute: 1 }), candle({ minute: 0 })], '5m')).toThrow(
    'candles come oldest first',
  );
});
