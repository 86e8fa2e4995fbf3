import { loadClock, wallNow } from '@tradewind/adapters/clock/clock';
import { createLimiter } from '@tradewind/adapters/archive/limiter';
import { executeIntent } from '@tradewind/adapters/execution/execute-intent';
import type { ExecutionPorts } from '@tradewind/adapters/execution/ports';
import { readPrices } from '@tradewind/adapters/market/read-prices';
import { silentLog } from '@tradewind/adapters/telemetry/log';
import { createVenue } from '@tradewind/adapters/venue/create-venue';
import { botDoc, type BotDoc } from '@tradewind/contracts/documents/bot';
import { positionDoc } from '@tradewind/contracts/documents/book';
import {
  intentDoc,
  orderDoc,
  signalDoc,
  type IntentDoc,
} from '@tradewind/contracts/documents/execution';
import { marketDoc } from '@tradewind/contracts/documents/market';
import { paths } from '@tradewind/contracts/paths';
import { clientOrderIdOf } from '@tradewind/core/lib/ids';
import { durationMs, later } from '@tradewind/core/lib/time';
import { money, movePrice, qtyFor, roundPrice, roundQty } from '@tradewind/core/lib/units';
import type { Desk } from '../desk/desk.ts';
import { ensureSecrets } from '../desk/secrets.ts';
import { BOOK } from '../desk/seed.ts';
import { waitFor } from '../lib/wait.ts';
import { nextSignal } from './signal-source.ts';

const OPEN_MS = 240_000;
const ENTERING = 3;
/** So far below the market that nothing of it is filled. */
const BELOW_PCT = -40;
const REST_QUOTE = money('15');

/** Whether a bot holds a position, and its stop rests at the venue. */
async function isProtected({ store }: Desk, botId: string): Promise<boolean> {
  const own = (path: string) => store.firestore.collection(path).where('strategyId', '==', botId);
  const [positions, orders] = await Promise.all([
    store.query(own(paths.positions(BOOK)), positionDoc),
    store.query(own(paths.orders(BOOK)), orderDoc),
  ]);
  const rests = orders.some(({ type, status }) => type === 'STOP' && status === 'ACKNOWLEDGED');
  return rests && positions.some(({ status }) => status === 'OPEN');
}

/**
 * Lets every bot enter by the usual way, and waits until each holds a position whose stop rests at the venue. A few
 * at a time: the emulator starts a process for every task that is under way.
 */
export async function openPositions(desk: Desk, bots: readonly string[]): Promise<void> {
  const inLane = createLimiter(ENTERING);
  const enter = async (botId: string): Promise<void> => {
    const signalId = `held-${botId}`;
    const wish = { botId, signalId, ttlMs: OPEN_MS };
    const signal = await waitFor(`a price for ${botId}`, () => nextSignal(desk, wish));
    await desk.store.set(paths.signal(BOOK, signalId), signalDoc, signal);
    await waitFor(
      `${botId} to hold a position with its stop`,
      async () => ((await isProtected(desk, botId)) ? true : undefined),
      { timeoutMs: OPEN_MS, everyMs: 500 },
    );
  };
  await Promise.all(bots.map((botId) => inLane(() => enter(botId))));
}

/** What sends orders from here: straight to the sandbox, past the budget that functions and worker keep to. */
async function openPorts({ store, plan }: Desk): Promise<ExecutionPorts> {
  const secrets = ensureSecrets(plan.root);
  const venue = createVenue({
    venue: 'binance',
    apiKey: secrets.BINANCE_API_KEY,
    apiSecret: secrets.BINANCE_API_SECRET,
    sandboxPort: plan.ports.sandbox,
    clock: { wallNow },
  });
  return {
    store,
    queue: {
      enqueue: (name) => Promise.reject(new Error(`Invariant: ${name} is not needed to rest`)),
    },
    clock: await loadClock(store),
    log: silentLog,
    venueOf: () => Promise.resolve(venue),
    actor: 'drill',
    settings: { claimLeaseMs: 30_000, gateLeaseMs: 15_000, priceMaxAgeMs: 300_000 },
  };
}

/** An approved entry of a bot far below the market, as it stands in the outbox. */
async function restingEntry(desk: Desk, bot: BotDoc, intentId: string): Promise<IntentDoc> {
  const { store, marketNow } = desk;
  const { marketKey, symbol } = bot;
  const [market, prices] = await Promise.all([
    store.get(paths.market(marketKey), marketDoc),
    readPrices(store),
  ]);
  const last = prices.get(marketKey)?.price;
  if (market === undefined || last === undefined)
    throw new Error(`Invariant: ${marketKey} is a market with a price`);
  const limitPrice = roundPrice(movePrice(last, BELOW_PCT, 'floor'), market.tickSize, 'floor');
  const quantity = roundQty(qtyFor(REST_QUOTE, limitPrice, 'floor'), market.lotSize, 'floor');
  const at = marketNow();
  const now = wallNow();
  return {
    ...{ intentId, bookId: BOOK, strategyId: bot.botId, marketKey, symbol, signalId: null },
    ...{ positionId: null, action: 'ENTER', direction: 'LONG', side: 'BUY', type: 'LIMIT' },
    ...{ quantity, limitPrice, stopPrice: null, timeInForce: 'GTC', reduceOnly: false },
    ...{ closeReason: null, suggestedStop: null, suggestedTarget: null, expectedPrice: last },
    ...{
      expectedAt: at,
      expiresAt: later(at, durationMs(OPEN_MS)),
      status: 'APPROVED',
      checks: [],
    },
    ...{ orderId: clientOrderIdOf(intentId, 0), claimedBy: null, claimedUntil: null },
    ...{ createdBy: 'drill', failure: null, createdAt: now, updatedAt: now, version: 0 },
  };
}

/**
 * Places `count` entries that rest at the venue, spread over the bots. No gate approves such orders, which is why
 * they are written here; they are sent by the code that sends every order.
 */
export async function restEntries(
  desk: Desk,
  bots: readonly string[],
  count: number,
): Promise<void> {
  const { store } = desk;
  const ports = await openPorts(desk);
  const known = await Promise.all(bots.map((botId) => store.get(paths.bot(botId), botDoc)));
  // One lane a market: its entries leave one after the other.
  const laneOf = new Map(known.map((bot) => [bot?.symbol, createLimiter(1)]));
  await Promise.all(
    Array.from({ length: count }, (_, n) => {
      const bot = known[n % known.length];
      const inLane = laneOf.get(bot?.symbol);
      if (bot === undefined || inLane === undefined)
        throw new Error('Invariant: every bot of the drill exists');
      return inLane(async () => {
        const intent = await restingEntry(desk, bot, `rests-${n}`);
        await store.set(paths.intent(BOOK, intent.intentId), intentDoc, intent);
        const executed = await executeIntent(ports, { bookId: BOOK, intentId: intent.intentId });
        if (executed.kind !== 'recorded')
          throw new Error(`An entry that was to rest came to ${JSON.stringify(executed)}`);
      });
    }),
  );
}
