import { qty } from '@tradewind/core/lib/units';
import * as z from 'zod';
import { createSandbox, type Sandbox } from '../../../sandbox/src/create-sandbox.ts';
import { startLiveFeeder } from './live-feeder.ts';

const SYMBOL = 'BTC-USDT';
const open: Sandbox[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((sandbox) => sandbox.close()));
});

async function sandboxFed(by: 'sandbox' | 'push'): Promise<Sandbox> {
  const sandbox = await createSandbox({
    port: 0,
    symbols: [SYMBOL],
    feed: by,
    seed: 7,
    apiKey: 'test-key-0123456789',
    apiSecret: 'test-secret-0123456789',
    initial: { USDT: qty('10000') },
  });
  open.push(sandbox);
  return sandbox;
}

const market = z.looseObject({
  trades: z.number(),
  candles: z.number(),
  lastPrice: z.string().nullable(),
});
const state = z.looseObject({ markets: z.looseObject({ [SYMBOL]: market }) });

const marketOf = async ({ port }: Sandbox): Promise<z.infer<typeof market>> => {
  const answer = await fetch(`http://127.0.0.1:${port}/admin/state`);
  return state.parse(await answer.json()).markets[SYMBOL];
};

const pricesOf = async ({ port }: Sandbox): Promise<string[]> => {
  const answer = await fetch(`http://127.0.0.1:${port}/api/v3/trades?symbol=BTCUSDT&limit=1000`);
  const trades = z.array(z.looseObject({ price: z.string() })).parse(await answer.json());
  return trades.map(({ price }) => String(Number(price)));
};

test("EXE-80 a venue's public trades and last hours become the sandbox's market, without a key", async () => {
  // Another sandbox stands in for the venue: the same client, the same wire, no network.
  const venue = await sandboxFed('sandbox');
  const desk = await sandboxFed('push');
  const said: string[] = [];
  const feeder = await startLiveFeeder({
    venue: 'binance',
    symbols: [SYMBOL],
    sandboxPort: desk.port,
    venuePort: venue.port,
    say: (text) => said.push(text),
  });
  await feeder.stop();

  const fed = await marketOf(desk);
  expect(fed.trades).toBeGreaterThan(0);
  expect(fed.candles).toBeGreaterThanOrEqual(499);
  expect(await pricesOf(venue)).toContain(String(Number(fed.lastPrice)));
  expect(said).toEqual([]);
}, 60_000);
