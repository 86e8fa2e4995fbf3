import { price, qty } from '@tradewind/core/lib/units';
import { createNamer, readTrade, recentIds } from './trade-reader.ts';

const raw = {
  id: '4711',
  timestamp: 1_795_000_000_123,
  symbol: 'BTC/USDT',
  side: 'buy',
  price: 50_000.12,
  amount: 0.00001,
  info: { p: '50000.12000000', q: '0.00001000' },
};
const read = (over: object) => readTrade('binance_spot_BTC-USDT', { ...raw, ...over });

test('a trade keeps the decimals that the venue wrote', () => {
  expect(read({})).toEqual({
    marketKey: 'binance_spot_BTC-USDT',
    tradeId: '4711',
    price: price('50000.12'),
    size: qty('0.00001'),
    side: 'buy',
    at: 1_795_000_000_123,
  });
});

test('digits that a float cannot hold come from the text', () => {
  const text = '0.123456789012345678';
  const trade = read({ amount: Number(text), info: { size: text } });
  expect(trade?.size).toBe(qty(text));
});

test("text that is another number than ccxt's is not used", () => {
  expect(read({ info: { p: '1', q: '0.00001' } })?.price).toBe(price('50000.12'));
});

test.each<[string, object]>([
  ['no id', { id: undefined }],
  ['no side', { side: undefined }],
  ['a price of zero', { price: 0 }],
  ['no size', { amount: undefined }],
  ['a price that is not a number', { price: NaN }],
  ['an infinite size', { amount: Infinity }],
  ['no time', { timestamp: undefined }],
  ['a size below any digit', { amount: 1e-30, info: {} }],
])('a trade with %s is left out', (_, over) => {
  expect(read(over)).toBeUndefined();
});

test.each([[null], ['x'], [[]], [42]])('%j is no trade', (value) => {
  expect(readTrade('binance_spot_BTC-USDT', value)).toBeUndefined();
});

test('MD-30 an id counts once, and the oldest are forgotten first', () => {
  const ids = recentIds(2);
  expect(['a', 'a', 'b', 'a', 'c', 'b', 'a'].map(ids.isNew)).toEqual([
    true,
    false,
    true,
    false,
    true,
    false,
    true,
  ]);
});

test('MD-T01 two trades without ids of the same moment, price, size and side are two trades', () => {
  const readBoth = () => {
    const name = createNamer();
    return [raw, raw, { ...raw, side: 'sell' }].map(
      (each) => readTrade('x_spot_BTC-USDT', { ...each, id: undefined }, name)?.tradeId,
    );
  };
  expect(new Set(readBoth()).size).toBe(3);
  expect(readBoth()).toEqual(readBoth());
  expect(readTrade('x_spot_BTC-USDT', raw, createNamer())?.tradeId).toBe('4711');
});
