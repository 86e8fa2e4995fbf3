import { createFeed } from '@tradewind/adapters/venue/create-feed';
import type { TradeFeed } from '@tradewind/adapters/venue/venue';
import { price, qty } from '@tradewind/core/lib/units';
import { startSandbox, SYMBOLS } from './start.ts';

type Desk = Awaited<ReturnType<typeof startSandbox>>;
let desk: Desk;
let feed: TradeFeed;
const faults: string[] = [];

beforeEach(async () => {
  faults.length = 0;
  desk = await startSandbox();
  feed = createFeed({
    venue: 'binance',
    sandboxPort: desk.sandbox.port,
    onFault: (symbol, what) => faults.push(`${symbol}: ${what}`),
  });
});
afterEach(async () => {
  await feed.close();
  await desk.sandbox.close();
});

/** Prints a trade until the stream, which subscribes in its own time, has delivered one. */
async function firstBatch(symbols: readonly string[] = SYMBOLS) {
  const batch = feed.next(symbols);
  const printing = setInterval(() => void desk.trade(['BTC-USDT', '50000.12']), 50);
  try {
    return await batch;
  } finally {
    clearInterval(printing);
  }
}

test('trades arrive with exact decimals, over the production address of the stream', async () => {
  const [trade] = await firstBatch();
  expect(trade).toMatchObject({
    marketKey: 'binance_spot_BTC-USDT',
    price: price('50000.12'),
    size: qty('0.5'),
    side: 'buy',
  });
});

test('trades of several symbols in one packet all arrive, each once', async () => {
  await firstBatch();
  const wanted = ['50001', '3001', '50002', '3002'];
  const batches: string[] = [];
  await desk.trade(
    ['BTC-USDT', '50001'],
    ['ETH-USDT', '3001'],
    ['BTC-USDT', '50002'],
    ['ETH-USDT', '3002'],
  );
  while (!wanted.every((text) => batches.includes(text)))
    for (const trade of await feed.next(SYMBOLS)) batches.push(String(trade.price / 10n ** 18n));
  for (const text of wanted) expect(batches.filter((each) => each === text)).toHaveLength(1);
});

test('a lost connection rejects, and the next call connects again', async () => {
  await firstBatch();
  const lost = (async () => {
    for (;;) await feed.next(SYMBOLS);
  })();
  const noticed = expect(lost).rejects.toThrow();
  await desk.admin('POST', 'stream', { disconnect: true });
  await noticed;
  expect((await firstBatch()).length).toBeGreaterThan(0);
});

test('a symbol that the venue lacks is reported and stops no other', async () => {
  expect((await firstBatch(['NO-SUCH', 'BTC-USDT'])).length).toBeGreaterThan(0);
  expect(faults).toEqual(['NO-SUCH: binance does not list it']);
});

test('another set of symbols can be followed later', async () => {
  await firstBatch(['ETH-USDT', 'BTC-USDT']);
  expect((await firstBatch(['BTC-USDT']))[0]?.marketKey).toBe('binance_spot_BTC-USDT');
});

test('closing ends a wait', async () => {
  await firstBatch();
  const waiting = (async () => {
    for (;;) await feed.next(SYMBOLS);
  })();
  const ended = expect(waiting).rejects.toThrow();
  await feed.close();
  await ended;
});

test('an exchange that is not there is an error, not a wait', async () => {
  const nobody = createFeed({ venue: 'binance', sandboxPort: 1 });
  await expect(nobody.next(SYMBOLS)).rejects.toThrow('ECONNREFUSED');
  await nobody.close();
});

test('the sandbox stands in for Binance only', async () => {
  const kraken = createFeed({ venue: 'kraken', sandboxPort: desk.sandbox.port });
  await expect(kraken.next(SYMBOLS)).rejects.toThrow("speaks Binance's dialect");
});
