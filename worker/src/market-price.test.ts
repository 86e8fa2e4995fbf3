import { epochMs } from '@tradewind/core/lib/time';
import { price, qty } from '@tradewind/core/lib/units';
import { createMarketPrice } from './market-price.ts';

const MARKET = { marketKey: 'binance_spot_BTC-USDT', symbol: 'BTC-USDT' };
const at = (seconds: number) => epochMs(1_000_000 + seconds * 1_000);
const seen = (text: string, seconds: number) => ({
  price: price(text),
  at: at(seconds),
  receivedAt: at(seconds),
});
function bench() {
  const market = createMarketPrice(MARKET, { venue: 'binance', market: 'spot' });
  const record = (seconds: number, isTrusted = true) =>
    market.record({ now: at(seconds), isTrusted });
  return { ...market, told: record };
}

test('MD-05 there is no price before the first one', () => {
  expect(bench().told(0)).toBeUndefined();
});

test('a live price says so, with when it was true and when it arrived', () => {
  const { onTrade, told } = bench();
  onTrade(seen('100', 1));
  expect(told(2)).toEqual({
    symbol: 'BTC-USDT',
    price: price('100'),
    bid: null,
    ask: null,
    at: at(1),
    receivedAt: at(1),
    source: 'ws',
    stale: false,
    degraded: false,
    conflict: false,
    dataQuality: 1,
  });
});

test('MD-61 a market that traded every second is stale after twenty of its gaps, at least ten seconds', () => {
  const { onTrade, told } = bench();
  for (let n = 0; n < 30; n += 1) onTrade(seen('100', n));
  expect(told(29 + 20)?.stale).toBe(false);
  expect(told(29 + 22)).toMatchObject({ stale: true, dataQuality: 0 });
});

test('MD-65 a price of a feed that is not trusted is stale, however young', () => {
  const { onTrade, told } = bench();
  onTrade(seen('100', 1));
  expect(told(1, false)).toMatchObject({ stale: true, source: 'ws' });
});

test('MD-62 MD-11 what REST says stands in for a silent stream, degraded; otherwise it is only compared', () => {
  const { onTrade, onRest, told } = bench();
  onTrade(seen('100', 1));
  expect(onRest(seen('101', 10), false)).toBe(false);
  expect(told(10)?.source).toBe('ws');
  expect(onRest(seen('101', 15), true)).toBe(true);
  expect(told(15)).toMatchObject({ source: 'rest', degraded: true, dataQuality: 0.6 });
  expect(onRest(seen('99', 12), true)).toBe(false);
  onTrade(seen('102', 20));
  expect(told(20)).toMatchObject({ source: 'ws', degraded: false, price: price('102') });
});

test('MD-12 stream and REST in dispute for ten seconds block entries, until they agree', () => {
  const { onTrade, onRest, compare, isDisputed, isConflicting, told } = bench();
  onTrade(seen('100', 0));
  const ask = (text: string, seconds: number): void => {
    onRest(seen(text, seconds), false);
    compare(at(seconds));
  };
  ask('100.5', 0);
  expect(isDisputed()).toBe(false);
  ask('100.6', 3);
  expect([isDisputed(), isConflicting()]).toEqual([true, false]);
  ask('100.6', 12.9);
  expect(isConflicting()).toBe(false);
  ask('100.6', 13);
  expect(told(13)?.conflict).toBe(true);
  ask('100.1', 16);
  expect(told(16)?.conflict).toBe(false);
});

test('MD-02 the top of book is told while it is young', () => {
  const { onTrade, onQuote, told } = bench();
  onTrade(seen('100', 0));
  const quote = { marketKey: MARKET.marketKey, bidSize: qty('1'), askSize: qty('1') };
  onQuote({ ...quote, bid: price('99'), ask: price('101'), at: at(0), receivedAt: at(0) });
  expect(told(10)).toMatchObject({ bid: price('99'), ask: price('101') });
  expect(told(10.001)).toMatchObject({ bid: null, ask: null });
});
