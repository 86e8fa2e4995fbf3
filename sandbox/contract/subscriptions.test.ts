import { createFeed } from '@tradewind/adapters/venue/create-feed';
import { createMarketData } from '@tradewind/adapters/venue/market-data';
import type { FeedTrade, Quote, TradeFeed } from '@tradewind/adapters/venue/venue';
import { startSandbox } from './start.ts';

type Desk = Awaited<ReturnType<typeof startSandbox>>;
let desk: Desk;
let feed: TradeFeed;
const forever = new AbortController().signal;
/** The desk may close while a trade is still on its way to it. */
const gone = (): void => undefined;
const SYMBOLS = ['BTC-USDT', 'ETH-USDT', 'SOL-USDT', 'XRP-USDT'];

beforeEach(async () => {
  desk = await startSandbox(SYMBOLS);
  feed = createFeed({ venue: 'binance', sandboxPort: desk.sandbox.port });
});
afterEach(async () => {
  await feed.close();
  await desk.sandbox.close();
});

const keyOf = (symbol: string): string => `binance_spot_${symbol}`;

type Report = {
  readonly connections: { readonly open: number; readonly total: number };
  readonly markets: Readonly<Record<string, { readonly generated: number; readonly sent: number }>>;
};
async function report(): Promise<Report> {
  const reply = await fetch(`http://127.0.0.1:${desk.sandbox.port}/admin/feed`);
  return (await reply.json()) as Report;
}

/** Reads until `isEnough`, while every symbol trades now and then. */
async function readUntil(isEnough: (heard: { trades: FeedTrade[]; quotes: Quote[] }) => boolean) {
  const heard: { trades: FeedTrade[]; quotes: Quote[] } = { trades: [], quotes: [] };
  const printing = setInterval(() => {
    void desk.trade(...SYMBOLS.map((symbol) => [symbol, '50000'] as const)).catch(gone);
  }, 40);
  try {
    while (!isEnough(heard)) {
      const { trades, quotes } = await feed.next(forever);
      heard.trades.push(...trades);
      heard.quotes.push(...quotes);
    }
    return heard;
  } finally {
    clearInterval(printing);
  }
}
const marketsOf = (all: readonly { readonly marketKey: string }[]): string[] =>
  [...new Set(all.map(({ marketKey }) => marketKey))].sort();
const hearsAll =
  (...symbols: readonly string[]) =>
  ({ trades }: { readonly trades: readonly FeedTrade[] }): boolean =>
    symbols.every((symbol) => trades.some(({ marketKey }) => marketKey === keyOf(symbol)));

test('MD-24 symbols come and go without a new connection, and each only while somebody wants it', async () => {
  const releaseBtc = feed.subscribe('BTC-USDT', 'trades');
  const alsoBtc = feed.subscribe('BTC-USDT', 'trades');
  await readUntil(hearsAll('BTC-USDT'));
  feed.subscribe('ETH-USDT', 'trades');
  await readUntil(hearsAll('BTC-USDT', 'ETH-USDT'));
  releaseBtc();
  releaseBtc();
  const still = await readUntil(hearsAll('BTC-USDT', 'ETH-USDT'));
  expect(marketsOf(still.trades)).toEqual([keyOf('BTC-USDT'), keyOf('ETH-USDT')]);
  alsoBtc();
  feed.subscribe('SOL-USDT', 'trades');
  const later = await readUntil(hearsAll('SOL-USDT', 'ETH-USDT'));
  expect(marketsOf(later.trades)).toEqual([keyOf('ETH-USDT'), keyOf('SOL-USDT')]);
  // The venue was told, too: what it sends of a market that was given up stands still.
  const before = (await report()).markets['BTC-USDT']?.sent;
  await readUntil(({ trades }) => trades.length > 10);
  expect((await report()).markets['BTC-USDT']?.sent).toBe(before);
  feed.subscribe('BTC-USDT', 'trades');
  await readUntil(hearsAll('BTC-USDT'));
  expect((await report()).connections).toEqual({ open: 1, total: 1 });
});

test('MD-24 more subscriptions than a connection carries go over several', async () => {
  await feed.close();
  feed = createFeed({
    venue: 'binance',
    sandboxPort: desk.sandbox.port,
    perConnection: 3,
  });
  for (const symbol of SYMBOLS) feed.subscribe(symbol, 'trades');
  feed.subscribe('BTC-USDT', 'quotes');
  await readUntil((heard) => hearsAll(...SYMBOLS)(heard) && heard.quotes.length > 0);
  expect((await report()).connections).toEqual({ open: 2, total: 2 });
});

test('MD-02 best bids and asks stream beside the trades and are given up alone', async () => {
  feed.subscribe('BTC-USDT', 'trades');
  const release = feed.subscribe('BTC-USDT', 'quotes');
  const { quotes } = await readUntil((heard) => heard.quotes.length > 0);
  const [quote] = quotes;
  expect(quote?.marketKey).toBe(keyOf('BTC-USDT'));
  expect(Number(quote?.ask)).toBeGreaterThan(Number(quote?.bid));
  release();
  await readUntil(hearsAll('BTC-USDT'));
});

test('MD-23 what the stream missed is read on by its ids: REST and stream number trades alike', async () => {
  const { port: sandboxPort } = desk.sandbox;
  feed.subscribe('BTC-USDT', 'trades');
  const { trades } = await readUntil(hearsAll('BTC-USDT'));
  const last = trades.at(-1);
  await desk.admin('POST', 'stream', { mute: true });
  for (const price of ['50001', '50002', '50003']) await desk.trade(['BTC-USDT', price]);
  const data = createMarketData({ venue: 'binance', market: 'spot', sandboxPort });
  const read = await data.trades('BTC-USDT', { sinceId: last?.tradeId ?? '', limit: 1_000 });
  const missed = read.ok ? read.value : [];
  expect(Number(missed[0]?.tradeId)).toBe(Number(last?.tradeId) + 1);
  expect(missed.slice(-3).map(({ price }) => price / 10n ** 18n)).toEqual([
    50_001n,
    50_002n,
    50_003n,
  ]);
  await data.close();
});
