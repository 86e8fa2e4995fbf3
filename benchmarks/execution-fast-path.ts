import { setTimeout as delay } from 'node:timers/promises';
import { clockOf, wallNow } from '@tradewind/adapters/clock/clock';
import { createAccountGuard } from '@tradewind/adapters/execution/guard-account';
import type { ExecutionPorts } from '@tradewind/adapters/execution/ports';
import { requestExit } from '@tradewind/adapters/execution/request-exit';
import type { Store } from '@tradewind/adapters/ledger/store';
import { readPrices } from '@tradewind/adapters/market/read-prices';
import { silentLog } from '@tradewind/adapters/telemetry/log';
import { createVenue } from '@tradewind/adapters/venue/create-venue';
import type { Venue } from '@tradewind/adapters/venue/venue';
import {
  bookDoc,
  NO_VENUE_STOP,
  positionDoc,
  riskStateDoc,
  type PositionDoc,
} from '@tradewind/contracts/documents/book';
import { clockDoc, marketDoc } from '@tradewind/contracts/documents/market';
import { paths } from '@tradewind/contracts/paths';
import { movePrice, notional, qty, ZERO_MONEY, type Price } from '@tradewind/core/lib/units';
import { aPosition } from '@tradewind/core/order/fixtures';
import { armProtection } from '@tradewind/core/portfolio/protection';
import { createPositionGuard } from '@tradewind/worker/position-guard';
import * as z from 'zod';
import { connectAdmin, type Desk } from '../tools/src/desk/desk.ts';
import { ensureSecrets } from '../tools/src/desk/secrets.ts';
import { BOOK } from '../tools/src/desk/seed.ts';
import { callJson } from '../tools/src/lib/http.ts';

const FAST = 'fast';
const PROJECT = 'demo-tradewind-fast';
const SYMBOL = 'BTC-USDT';
const KEY = `binance_spot_${SYMBOL}`;
const SIZE = qty('0.0005');
/** All positions together and what their purchase costs in fees. */
const STOCK = qty('0.045');
const EXITS = 80;
/** The first ones are V8's and the sockets' to learn. */
const WARM_UP = 10;
/** So far apart that the account's rate budget keeps none waiting. */
const EVERY_MS = 300;

const venueState = z.looseObject({
  orders: z.array(z.looseObject({ clientOrderId: z.string(), placedAt: z.number() })),
});

/**
 * A ledger beside the desk's, in the same emulator: no trigger hears of it. In the cloud functions run on other
 * machines than the worker; here what follows an exit would take the same two cores that the next one needs.
 */
async function openLedger(desk: Desk): Promise<Store> {
  const { store } = connectAdmin(desk.plan.ports, PROJECT);
  const [clock, market, book, risk] = await Promise.all([
    desk.store.get(paths.clock, clockDoc),
    desk.store.get(paths.market(KEY), marketDoc),
    desk.store.get(paths.book(BOOK), bookDoc),
    desk.store.get(paths.riskState(BOOK), riskStateDoc),
  ]);
  if (clock === undefined || market === undefined || book === undefined || risk === undefined)
    throw new Error('Invariant: a desk has a clock, a market and a book');
  await Promise.all([
    store.set(paths.clock, clockDoc, clock),
    store.set(paths.market(KEY), marketDoc, market),
    store.set(paths.book(FAST), bookDoc, { ...book, bookId: FAST, name: 'Fast path' }),
    store.set(paths.riskState(FAST), riskStateDoc, risk),
  ]);
  return store;
}

/** What the worker has, with its budget and breakers, in this process. */
async function openPorts(
  { plan }: Desk,
  store: Store,
): Promise<{ readonly ports: ExecutionPorts; readonly venue: Venue }> {
  const { BINANCE_API_KEY, BINANCE_API_SECRET } = ensureSecrets(plan.root);
  const queue: ExecutionPorts['queue'] = { enqueue: () => Promise.resolve() };
  const clock = clockOf(await store.get(paths.clock, clockDoc));
  const account = createVenue({
    venue: 'binance',
    apiKey: BINANCE_API_KEY,
    apiSecret: BINANCE_API_SECRET,
    sandboxPort: plan.ports.sandbox,
    clock: { wallNow },
  });
  const parts = { store, queue, clock, log: silentLog, breakerOpenMs: 60_000 };
  const venue = createAccountGuard(parts, { name: 'binance', process: 'worker' })(
    account,
    'urgent',
  );
  const venueOf = () => Promise.resolve(venue);
  const ports = {
    ...parts,
    venueOf,
    urgentVenueOf: venueOf,
    actor: 'bench',
    settings: { claimLeaseMs: 30_000, gateLeaseMs: 15_000, priceMaxAgeMs: 300_000 },
  };
  return { ports, venue };
}

/** Coins for all positions. */
async function buyStock(venue: Venue): Promise<void> {
  const bought = await venue.submit({
    clientOrderId: `twbench${Date.now()}`,
    symbol: SYMBOL,
    side: 'BUY',
    type: 'MARKET',
    quantity: STOCK,
    limitPrice: null,
    timeInForce: 'GTC',
  });
  if (bought.kind !== 'accepted')
    throw new Error(`The sandbox sold nothing: ${bought.error.message}`);
}

function positionOf(name: string, price: Price, now: PositionDoc['updatedAt']): PositionDoc {
  return {
    ...aPosition({
      positionId: name,
      bookId: FAST,
      strategyId: FAST,
      marketKey: KEY,
      symbol: SYMBOL,
      quantity: SIZE,
      cost: notional(price, SIZE, 'floor'),
      entryFees: ZERO_MONEY,
      fees: ZERO_MONEY,
      averageEntry: price,
      protection: armProtection(
        price,
        { stopLossPct: 5, takeProfitPct: 20, trailingStopPct: null, stopAt: null, targetAt: null },
        'LONG',
      ),
      openedAt: now,
      lastFillAt: now,
    }),
    stop: NO_VENUE_STOP,
    entrySignalId: null,
    updatedAt: now,
    version: 0,
  };
}

/** One position that meets a tick below its stop; answers with its exit's order and when the tick came. */
async function oneExit(ports: ExecutionPorts, name: string, price: Price) {
  const position = positionOf(name, price, ports.clock.wallNow());
  await ports.store.set(paths.position(FAST, name), positionDoc, position);
  let tickAt = 0;
  const orderId = await new Promise<string | undefined>((done) => {
    const guard = createPositionGuard(ports, async (given, wish) => {
      const result = await requestExit(given, wish);
      done(result.kind === 'requested' ? result.intent.orderId : undefined);
      return result;
    });
    guard.update(position);
    tickAt = performance.timeOrigin + performance.now();
    guard.onTrade(KEY, movePrice(price, -10, 'floor'));
  });
  return { orderId, tickAt };
}

/**
 * From a tick that trips a stop to the exit's arrival at the sandbox, by the worker's own guard and executor:
 * Firestore's emulator and a real HTTP call are on the way. Milliseconds of wall time.
 */
export async function measureFastPath(
  desk: Desk,
  say: (text: string) => void,
): Promise<readonly number[]> {
  say(`${EXITS} stops by the fast path`);
  const store = await openLedger(desk);
  const { ports, venue } = await openPorts(desk, store);
  const price = (await readPrices(desk.store)).get(KEY)?.price;
  if (price === undefined) throw new Error('There is no price: no stop can be placed');
  await buyStock(venue);
  const exits: { readonly orderId: string | undefined; readonly tickAt: number }[] = [];
  const run = Date.now().toString(36);
  for (let n = 0; n < EXITS; n += 1) {
    exits.push(await oneExit(ports, `${FAST}-${run}-${n}`, price));
    await delay(EVERY_MS);
  }
  await venue.close();
  await store.firestore.terminate();
  const { orders } = venueState.parse(
    await callJson({ method: 'GET', port: desk.plan.ports.sandbox, path: '/admin/state' }),
  );
  const arrivals = new Map(orders.map(({ clientOrderId, placedAt }) => [clientOrderId, placedAt]));
  return exits.slice(WARM_UP).flatMap(({ orderId, tickAt }) => {
    const at = arrivals.get(orderId ?? '');
    // The sandbox tells whole milliseconds.
    return at === undefined ? [] : [Math.max(0, at - tickAt)];
  });
}
