import fc from 'fast-check';
import { epochMs } from '@tradewind/core/lib/time';
import { price, qty } from '@tradewind/core/lib/units';
import { readBinanceQuote, readBinanceTrade, sortFrame } from './binance-frames.ts';

const T0 = 1_795_000_000_000;
const KEY = 'binance_spot_BTC-USDT';
const at = epochMs(T0 + 7);
const frame = {
  e: 'trade',
  E: T0 + 1,
  s: 'BTCUSDT',
  t: 4_711,
  p: '50000.12000000',
  q: '0.00001000',
  T: T0,
  m: true,
  M: true,
};
const read = (over: object) => readBinanceTrade(KEY, { ...frame, ...over }, at);

test('MD-01 a trade keeps every decimal; the buyer who waited was sold to', () => {
  expect(read({})).toEqual({
    marketKey: KEY,
    tradeId: '4711',
    price: price('50000.12'),
    size: qty('0.00001'),
    side: 'sell',
    at: T0,
    receivedAt: at,
  });
  expect(read({ m: false, p: '0.000000000000000001' })).toMatchObject({
    side: 'buy',
    price: price('0.000000000000000001'),
  });
});

test("an aggregate's id is its own", () => {
  expect(read({ e: 'aggTrade', a: 9, t: undefined })?.tradeId).toBe('9');
  expect(read({ t: '1234567890123456' })?.tradeId).toBe('1234567890123456');
});

test.each<[string, object]>([
  ['no id', { t: undefined }],
  ['a negative id', { t: -1 }],
  ['an id that is text', { t: 'abc' }],
  ['no price', { p: undefined }],
  ['a price of zero', { p: '0.00000000' }],
  ['a negative price', { p: '-1.5' }],
  ['a price as a number', { p: 1.5 }],
  ['text in the size', { q: '12abc' }],
  ['an absurd size', { q: '9'.repeat(60) }],
  ['an exponent', { q: '1e5' }],
  ['no time', { T: undefined }],
  ['a time in words', { T: 'yesterday' }],
  ['half a millisecond', { T: 0.5 }],
  ['no side', { m: undefined }],
  ['a side in words', { m: 'true' }],
])('MD-05 a trade with %s is left out', (_, over) => {
  expect(read(over)).toBeUndefined();
});

const quote = { u: 1, s: 'BTCUSDT', b: '1.5', B: '2', a: '1.6', A: '3' };
const readQuote = (over: object) =>
  readBinanceQuote(KEY, { ...quote, ...over }, { at: epochMs(T0), receivedAt: at });

test('MD-02 a quote has both sides and its time, its own where the venue tells one', () => {
  expect(readQuote({})).toEqual({
    marketKey: KEY,
    bid: price('1.5'),
    bidSize: qty('2'),
    ask: price('1.6'),
    askSize: qty('3'),
    at: T0,
    receivedAt: at,
  });
  expect(readQuote({ T: T0 - 3 })?.at).toBe(T0 - 3);
});

test.each([[{ b: '1.7' }], [{ a: '0' }], [{ A: undefined }], [{ b: null }]])(
  'a quote with %j is left out',
  (over) => {
    expect(readQuote(over)).toBeUndefined();
  },
);

test.each<[unknown, string]>([
  [frame, 'trade'],
  [{ ...frame, e: 'aggTrade' }, 'trade'],
  [quote, 'quote'],
  [{ ...quote, e: 'bookTicker' }, 'quote'],
  [{ result: null, id: 1 }, 'other'],
  [{ error: { code: 2, msg: 'no' }, id: 1 }, 'refused'],
  ['not json', 'rubbish'],
  [null, 'rubbish'],
  [[frame], 'rubbish'],
  [{ e: 'surprise' }, 'rubbish'],
  [{ e: 'trade', s: 5 }, 'rubbish'],
  [{}, 'rubbish'],
])('%j is told apart', (message, kind) => {
  expect(sortFrame(message).kind).toBe(kind);
});

test('MD-06 prop: nothing that can arrive throws', () => {
  const anything = fc.oneof(
    fc.anything(),
    fc.record(
      {
        e: fc.constantFrom('trade', 'aggTrade', 'bookTicker', undefined),
        s: fc.anything(),
        p: fc.anything(),
        q: fc.anything(),
        t: fc.anything(),
        T: fc.anything(),
        m: fc.anything(),
        u: fc.anything(),
        b: fc.anything(),
        a: fc.anything(),
      },
      { requiredKeys: [] },
    ),
  );
  fc.assert(
    fc.property(anything, (message) => {
      const sorted = sortFrame(message);
      if (sorted.kind === 'trade') readBinanceTrade(KEY, sorted.frame, at);
      if (sorted.kind === 'quote')
        readBinanceQuote(KEY, sorted.frame, { at: epochMs(T0), receivedAt: at });
    }),
  );
});
