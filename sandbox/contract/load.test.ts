import { createFeed } from '@tradewind/adapters/venue/create-feed';
import { createMarketData } from '@tradewind/adapters/venue/market-data';
import type { FeedTrade } from '@tradewind/adapters/venue/venue';
import { qty } from '@tradewind/core/lib/units';
import { createSandbox } from '../src/create-sandbox.ts';
import { KEY, SECRET } from './start.ts';

const SYMBOLS = Array.from({ length: 20 }, (_, index) => `S${index + 1}-USDT`);

test('MD-04 under a steady load each market delivers its ids without a gap, and REST tells the same trades', async () => {
  const sandbox = await createSandbox({
    port: 0,
    symbols: SYMBOLS,
    feed: 'rate:50',
    seed: 3,
    apiKey: KEY,
    apiSecret: SECRET,
    initial: { USDT: qty('10000') },
  });
  const { port: sandboxPort } = sandbox;
  const feed = createFeed({ venue: 'binance', sandboxPort });
  for (const symbol of SYMBOLS) feed.subscribe(symbol, 'trades');
  const heard = new Map<string, FeedTrade[]>(SYMBOLS.map((symbol) => [symbol, []]));
  const faults: unknown[] = [];
  while (![...heard.values()].every((trades) => trades.length >= 40)) {
    const batch = await feed.next(new AbortController().signal);
    faults.push(...batch.faults);
    for (const trade of batch.trades) heard.get(trade.marketKey.split('_')[2] ?? '')?.push(trade);
  }
  await feed.close();
  const data = createMarketData({ venue: 'binance', market: 'spot', sandboxPort });
  for (const [symbol, trades] of heard) {
    const ids = trades.map(({ tradeId }) => Number(tradeId));
    const first = ids[0] ?? 0;
    expect(ids).toEqual(ids.map((_, index) => first + index));
    if (symbol !== 'S1-USDT' && symbol !== 'S20-USDT') continue;
    const read = await data.trades(symbol, { sinceId: String(first - 1), limit: ids.length });
    expect(read).toEqual({
      ok: true,
      value: trades.map((trade) => ({ ...trade, receivedAt: undefined })),
    });
  }
  expect(faults).toEqual([]);
  const counts = (await (await fetch(`http://127.0.0.1:${sandboxPort}/admin/feed`)).json()) as {
    readonly markets: Readonly<Record<string, { readonly sent: number; readonly lost: number }>>;
  };
  for (const [symbol, trades] of heard) {
    expect(counts.markets[symbol]?.sent).toBeGreaterThanOrEqual(trades.length);
    expect(counts.markets[symbol]?.lost).toBe(0);
  }
  await data.close();
  await sandbox.close();
});
