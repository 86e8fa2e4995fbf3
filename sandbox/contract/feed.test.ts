import { createFeed } from '@tradewind/adapters/venue/create-feed';
import { createMarketData } from '@tradewind/adapters/venue/market-data';
import type { FeedBatch, FeedFault, TradeFeed } from '@tradewind/adapters/venue/venue';
import { epochMs } from '@tradewind/core/lib/time';
import { formatDecimal, price, qty } from '@tradewind/core/lib/units';
import { setTimeout as delay } from 'node:timers/promises';
import { startSandbox, SYMBOLS } from './start.ts';

type Desk = Awaited<ReturnType<typeof startSandbox>>;
let desk: Desk;
let feed: TradeFeed;
const forever = new AbortController().signal;
/** The desk may close while a trade is still on its way to it. */
const gone = (): void => undefined;

beforeEach(async () => {
  desk = await startSandbox();
  feed = createFeed({ venue: 'binance', sandboxPort: desk.sandbox.port });
});
afterEach(async () => {
  await feed.close();
  await desk.sandbox.close();
});

/** Trades and faults of batches until `isEnough`, in order. */
async function collect(isEnough: (prices: string[], faults: FeedFault[]) => boolean) {
  const prices: string[] = [];
  const faults: FeedFault[] = [];
  const batches: FeedBatch[] = [];
  while (!isEnough(prices, faults)) {
    const batch = await feed.next(forever);
    batches.push(batch);
    prices.push(...batch.trades.map((trade) => formatDecimal(trade.price)));
    faults.push(...batch.faults);
  }
  return { prices, faults, batches };
}

/** Prints a trade until the stream, which subscribes in its own time, has delivered one. */
async function firstBatch(symbols: readonly string[] = SYMBOLS): Promise<FeedBatch> {
  for (const symbol of symbols) feed.subscribe(symbol, 'trades');
  const printing = setInterval(() => void desk.trade(['BTC-USDT', '50000.12']).catch(gone), 50);
  try {
    for (;;) {
      const batch = await feed.next(forever);
      if (batch.trades.length > 0) return batch;
    }
  } finally {
    clearInterval(printing);
  }
}

test('trades arrive with exact decimals, over the production address of the stream', async () => {
  const before = Date.now();
  const { trades, receivedAt } = await firstBatch();
  expect(trades[0]).toMatchObject({
    marketKey: 'binance_spot_BTC-USDT',
    price: price('50000.12'),
    size: qty('0.5'),
    side: 'buy',
  });
  expect(trades[0]?.receivedAt).toBeGreaterThanOrEqual(before);
  expect(receivedAt).toBe(trades[0]?.receivedAt);
  expect(feed.lastFrameAt()).toBeGreaterThanOrEqual(receivedAt);
});

test('trades of several symbols in one packet all arrive, each once', async () => {
  await firstBatch();
  const wanted = ['50001', '3001', '50002', '3002'];
  await desk.trade(
    ['BTC-USDT', '50001'],
    ['ETH-USDT', '3001'],
    ['BTC-USDT', '50002'],
    ['ETH-USDT', '3002'],
  );
  const { prices } = await collect((heard) => wanted.every((text) => heard.includes(text)));
  for (const text of wanted) expect(prices.filter((each) => each === text)).toHaveLength(1);
});

test('a lost connection rejects, after what arrived before it', async () => {
  await firstBatch();
  const noticed = expect(collect(() => false)).rejects.toThrow('closed the connection');
  await desk.admin('POST', 'stream', { disconnect: true });
  await noticed;
});

test('MD-22 a connection that is open and dead is given up when its pongs stay away', async () => {
  await feed.close();
  feed = createFeed({ venue: 'binance', sandboxPort: desk.sandbox.port, pingEveryMs: 300 });
  await firstBatch();
  const noticed = expect(collect(() => false)).rejects.toThrow('ping-pong');
  await desk.admin('POST', 'stream', { freeze: true });
  await noticed;
});

test('MD-22 a stream that is mute but answers pings lives on', async () => {
  await feed.close();
  // A pong may be late by this much: a busy machine must not be taken for a dead connection.
  feed = createFeed({ venue: 'binance', sandboxPort: desk.sandbox.port, pingEveryMs: 500 });
  await firstBatch();
  await desk.admin('POST', 'stream', { mute: true });
  const before = feed.lastFrameAt() ?? 0;
  const listening = collect((prices) => prices.includes('51000'));
  // Longer than a connection without pongs would be left open.
  while ((feed.lastFrameAt() ?? 0) < before + 1_500) await delay(20);
  await desk.admin('POST', 'stream', { mute: false });
  await desk.trade(['BTC-USDT', '51000']);
  expect((await listening).prices).toContain('51000');
});

test('a symbol that the venue lacks is reported and stops no other', async () => {
  feed.subscribe('NO-SUCH', 'trades');
  const { faults } = await collect((_, heard) => heard.length > 0);
  expect(faults).toMatchObject([{ kind: 'unlisted', marketKey: 'binance_spot_NO-SUCH', count: 1 }]);
  expect((await firstBatch(['BTC-USDT'])).trades.length).toBeGreaterThan(0);
});

test('closing ends a wait, and so does its signal', async () => {
  await firstBatch();
  const stop = new AbortController();
  const aborted = expect(
    (async () => {
      for (;;) await feed.next(stop.signal);
    })(),
  ).rejects.toThrow('enough');
  stop.abort(new Error('enough'));
  await aborted;
  const ended = expect(collect(() => false)).rejects.toThrow('the feed was closed');
  await feed.close();
  await ended;
});

test('an exchange that is not there is an error, not a wait', async () => {
  const nobody = createFeed({ venue: 'binance', sandboxPort: 1 });
  nobody.subscribe('BTC-USDT', 'trades');
  await expect(nobody.next(forever)).rejects.toThrow('ECONNREFUSED');
  await nobody.close();
});

test('the sandbox stands in for Binance only', async () => {
  const { port: sandboxPort } = desk.sandbox;
  const kraken = createFeed({ venue: 'kraken', sandboxPort });
  kraken.subscribe('BTC-USDT', 'trades');
  await expect(kraken.next(forever)).rejects.toThrow("speaks Binance's dialect");
});

test('a perpetual is streamed as aggregates, and told over REST by the same ids', async () => {
  await feed.close();
  const futures = { venue: 'binance', market: 'futures', sandboxPort: desk.sandbox.port } as const;
  feed = createFeed(futures);
  const { trades } = await firstBatch(['BTC-USDT']);
  const [first] = trades;
  expect(first).toMatchObject({
    ...{ marketKey: 'binance_futures_BTC-USDT', price: price('50000.12'), side: 'buy' },
  });
  const now = () => epochMs(Date.now());
  const data = createMarketData({ ...futures, wallNow: now, marketNow: now });
  const told = await data.trades('BTC-USDT', { limit: 100 });
  expect(told.ok && told.value.map(({ tradeId }) => tradeId)).toContain(first?.tradeId);
  expect(await data.instruments(['BTC-USDT'])).toMatchObject({
    value: [{ market: 'futures', marketKey: 'binance_futures_BTC-USDT' }],
  });
  await data.close();
});
