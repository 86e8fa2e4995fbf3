import { createMarketData } from '@tradewind/adapters/venue/market-data';
import type { MarketData } from '@tradewind/adapters/venue/venue';
import type { Result } from '@tradewind/core/lib/result';
import { epochMs } from '@tradewind/core/lib/time';
import { formatDecimal, price, qty } from '@tradewind/core/lib/units';
import { startSandbox } from './start.ts';

type Desk = Awaited<ReturnType<typeof startSandbox>>;
let desk: Desk;
let data: MarketData;

beforeEach(async () => {
  desk = await startSandbox();
  data = createMarketData({ venue: 'binance', market: 'spot', sandboxPort: desk.sandbox.port });
});
afterEach(async () => {
  await data.close();
  await desk.sandbox.close();
});

function valueOf<T>(result: Result<T, { readonly message: string }>): T {
  if (result.ok) return result.value;
  throw new Error(result.error.message);
}

/** Prints `count` trades of BTC-USDT, a second apart, the first at 1,800,000,000,000. */
const START = 1_800_000_000_000;
async function printTrades(count: number): Promise<void> {
  const trades = Array.from({ length: count }, (_, i) => ({
    symbol: 'BTC-USDT',
    price: `${50_000 + i}`,
    size: '0.5',
    side: 'sell',
    at: START + i * 1_000,
  }));
  await desk.admin('POST', 'trades', { trades });
}

test('MD-23 trades are read on from an id, the newest, or since a time, a thousand at most', async () => {
  await printTrades(1_500);
  const ids = async (query: Parameters<MarketData['trades']>[1]) =>
    valueOf(await data.trades('BTC-USDT', query)).map(({ tradeId }) => Number(tradeId));
  expect(await ids({ sinceId: '7', limit: 3 })).toEqual([8, 9, 10]);
  expect(await ids({ limit: 2 })).toEqual([1_499, 1_500]);
  expect(await ids({ since: epochMs(START + 99_500), limit: 2 })).toEqual([101, 102]);
  expect(await ids({ sinceId: '0', limit: 5_000 })).toHaveLength(1_000);
  expect(await ids({ sinceId: '1500', limit: 10 })).toEqual([]);
  expect(await ids({ since: epochMs(START + 9_999_999), limit: 10 })).toEqual([]);
  expect(valueOf(await data.trades('BTC-USDT', { sinceId: '1', limit: 1 }))).toEqual([
    {
      marketKey: 'binance_spot_BTC-USDT',
      tradeId: '2',
      price: price('50001'),
      size: qty('0.5'),
      side: 'sell',
      at: START + 1_000,
    },
  ]);
});

test('MD-62 last prices of many symbols come in one call; unknown symbols are left out', async () => {
  await desk.trade(['BTC-USDT', '50000.12'], ['ETH-USDT', '3000']);
  const found = valueOf(await data.lastPrices(['BTC-USDT', 'NO-SUCH', 'ETH-USDT']));
  expect([...found].map(([symbol, last]) => [symbol, formatDecimal(last.price)])).toEqual([
    ['BTC-USDT', '50000.12'],
    ['ETH-USDT', '3000'],
  ]);
  expect(valueOf(await data.lastPrices([])).size).toBe(0);
});

test('MD-05 a market without a trade has no price, not zero', async () => {
  await desk.trade(['BTC-USDT', '50000']);
  expect([...valueOf(await data.lastPrices(['BTC-USDT', 'ETH-USDT'])).keys()]).toEqual([
    'BTC-USDT',
  ]);
});

test('MD-02 the best bid and ask are told with their sizes', async () => {
  await desk.trade(['BTC-USDT', '50000']);
  const quote = valueOf(await data.quote('BTC-USDT'));
  expect(quote.bid).toBeLessThan(price('50000'));
  expect(quote.ask).toBeGreaterThan(price('50000'));
  expect(quote.bidSize).toBeGreaterThan(0n);
});

test.each([0, 1_500, -1_500, 6_000])(
  "MD-25 the venue's clock is measured at half the round trip: %d ms ahead",
  async (skewMs) => {
    await desk.admin('POST', 'clock', { skewMs });
    const { skewMs: measured, roundTripMs } = valueOf(await data.clock());
    expect(Math.abs(measured - skewMs)).toBeLessThanOrEqual(roundTripMs / 2 + 2);
  },
);

test('candles of every timeframe, the rules and the list of markets need no key', async () => {
  const minute = Math.floor(Date.now() / 60_000) * 60_000;
  await desk.trade(['BTC-USDT', '50000']);
  for (const timeframe of ['1m', '5m', '15m', '1h'] as const) {
    const since = epochMs(minute - 3_600_000);
    const candles = valueOf(await data.candles('BTC-USDT', { since, limit: 100, timeframe }));
    expect(candles.at(-1)).toMatchObject({ close: price('50000'), trades: 1, source: 'venue' });
  }
  expect(valueOf(await data.instruments(['ETH-USDT']))).toMatchObject([
    { marketKey: 'binance_spot_ETH-USDT', tickSize: price('0.01') },
  ]);
  expect(valueOf(await data.listed())).toEqual(['BTC-USDT', 'ETH-USDT']);
});

test('failures are values: an unknown symbol, and a venue that answers rubbish', async () => {
  expect(await data.trades('NO-SUCH', { limit: 1 })).toMatchObject({
    ok: false,
    error: { code: 'BadSymbol', message: expect.stringContaining('NO-SUCH') as string },
  });
  await desk.admin('POST', 'faults', { match: { path: '/api/v3/trades' }, kind: 'rubbish' });
  expect(await data.trades('BTC-USDT', { limit: 1 })).toMatchObject({ ok: false });
  await desk.admin('POST', 'faults', { match: { path: '/api/v3/trades' }, kind: '429' });
  expect(await data.trades('BTC-USDT', { limit: 1 })).toMatchObject({
    ok: false,
    error: { code: 'RateLimited', retryAfterMs: expect.any(Number) as number },
  });
});
