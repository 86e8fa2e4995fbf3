import type { ExecutionPorts } from '@tradewind/adapters/execution/ports';
import { executeIntent } from '@tradewind/adapters/execution/execute-intent';
import { runGate } from '@tradewind/adapters/execution/run-gate';
import { createVenue } from '@tradewind/adapters/venue/create-venue';
import type { Venue } from '@tradewind/adapters/venue/venue';
import { bookDoc, positionDoc, riskStateDoc } from '@tradewind/contracts/documents/book';
import { botDoc, type BotDoc } from '@tradewind/contracts/documents/bot';
import { orderDoc, signalDoc, type SignalDoc } from '@tradewind/contracts/documents/execution';
import { marketDoc } from '@tradewind/contracts/documents/market';
import { limitsDoc } from '@tradewind/contracts/documents/risk';
import { alertDoc } from '@tradewind/contracts/documents/system';
import { paths } from '@tradewind/contracts/paths';
import { dayStart, epochMs } from '@tradewind/core/lib/time';
import { money, price } from '@tradewind/core/lib/units';
import { LIMITS } from '@tradewind/core/risk/limits';
import { KEY, SECRET, startSandbox } from '../../sandbox/contract/start.ts';
import { book, bot, riskState } from './documents.ts';
import type { Ledger } from './open-ledger.ts';
import { openMemoryLedger } from './open-memory-ledger.ts';
import { putPrice } from './put-price.ts';

export const MARKET = 'binance_futures_BTC-USDT';
const SYMBOL = 'BTC-USDT';
/** What a bitcoin costs when a desk begins. */
const OPENING = '50000';

export type FuturesDesk = Awaited<ReturnType<typeof openFuturesDesk>>;

/**
 * A book of futures at the sandbox's account: over HTTP, through the adapter that speaks to the real venue, with the
 * ledger in memory. Its clock is the wall's, since the venue's is.
 */
export async function openFuturesDesk() {
  const sandbox = await startSandbox();
  const now = () => epochMs(Date.now());
  const clock = { wallNow: now, marketNow: now };
  const ledger: Ledger = { ...openMemoryLedger('futures', Date.now()), clock };
  const { store } = ledger;
  const account = createVenue({
    ...{ venue: 'binance', market: 'futures', apiKey: KEY, apiSecret: SECRET },
    sandboxPort: sandbox.sandbox.port,
    clock,
  });
  /** Ways in which the account is not as it is. */
  let bent: Partial<Venue> = {};
  const tasks = new Map<string, { readonly bookId: string; readonly intentId: string }>();
  const ports: ExecutionPorts = {
    store,
    clock,
    queue: {
      enqueue: async (_name, payload, { id }) => {
        if ('intentId' in payload) tasks.set(id, payload);
        await Promise.resolve();
      },
    },
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    venueOf: async () => Promise.resolve({ ...account, ...bent }),
    actor: 'test',
    settings: { claimLeaseMs: 30_000, gateLeaseMs: 15_000, priceMaxAgeMs: 300_000 },
  };
  const query = {
    orders: () => store.query(store.firestore.collection(paths.orders('paper')), orderDoc),
    positions: () => store.query(store.firestore.collection(paths.positions('paper')), positionDoc),
    signals: () => store.query(store.firestore.collection(paths.signals('paper')), signalDoc),
    alerts: () => store.query(store.firestore.collection(paths.alerts), alertDoc),
  };
  const valueOf = async <T>(
    answer: Promise<{ ok: true; value: T } | { ok: false; error: object }>,
  ) => {
    const got = await answer;
    if (!got.ok) throw new Error(JSON.stringify(got.error));
    return got.value;
  };
  const addBot = (botId: string, changes: Partial<BotDoc>) =>
    store.set(
      paths.bot(botId),
      botDoc,
      bot({ botId, marketKey: MARKET, leverage: 5, allowShort: true, ...changes }),
    );
  /** The market trades at `px`, at the venue and on the board. */
  const trade = async (px: string): Promise<void> => {
    await sandbox.trade([SYMBOL, px]);
    await putPrice(ledger, { marketKey: MARKET, symbol: SYMBOL, price: price(px) });
  };

  /** Decides what is signalled, and sends what comes of it. */
  const carryOut = async (): Promise<void> => {
    await runGate(ports, 'paper');
    for (const [id, task] of [...tasks]) {
      tasks.delete(id);
      await executeIntent(ports, task);
    }
  };

  await trade(OPENING);
  const market = 'futures' as const;
  await store.set(paths.book('paper'), bookDoc, book({ market, createdAt: now() }));
  const opening = { dayAt: dayStart(now()), equityAt: now() };
  await store.set(paths.riskState('paper'), riskStateDoc, riskState(opening));
  // Strategies may trade the same symbol one right after the other.
  const limits = { ...LIMITS.paper, symbolCooldownMinutes: 0, symbolTradesPerHour: null };
  await store.set(paths.riskLimits('paper'), limitsDoc, {
    ...{ bookId: 'paper', mode: 'paper', limits, pending: null, setBy: 'a test', reason: 'a test' },
    ...{ updatedAt: now(), version: 1 },
  });
  const [instrument] = await valueOf(account.instruments([SYMBOL]));
  if (instrument === undefined) throw new Error('the sandbox has no such market');
  await store.set(paths.market(MARKET), marketDoc, { ...instrument, updatedAt: now() });

  return {
    ...query,
    store,
    ports,
    account,
    trade,
    addBot,
    carryOut,
    bend: (change: Partial<Venue>) => void (bent = change),
    /** A bot wishes to enter, and whatever follows from it. */
    enter: async (direction: SignalDoc['direction'], strategyId = 'trend'): Promise<SignalDoc> => {
      const at = now();
      const signal: SignalDoc = {
        signalId: `s-${strategyId}-${direction}`,
        ...{ bookId: 'paper', strategyId, marketKey: MARKET, symbol: SYMBOL },
        ...{ signalType: 'Z1', action: 'ENTER', direction, confidence: 1, score: 1 },
        ...{ reasons: ['test'], indicatorValues: {}, expectedPrice: price(OPENING) },
        ...{ suggestedQuote: money('100'), suggestedStop: null, suggestedTarget: null },
        ...{ ttlMs: 600_000, barCloseAt: at, decidedAt: at, executionStatus: 'PENDING' },
        ...{ rejectionReason: null, rejections: [], intentId: null, createdAt: at, updatedAt: at },
      };
      await store.set(paths.signal('paper', signal.signalId), signalDoc, signal);
      await carryOut();
      return (await store.get(paths.signal('paper', signal.signalId), signalDoc)) ?? signal;
    },
    /** Orders that rest at the venue: type, side, trigger. */
    resting: async () =>
      (await valueOf(account.openOrders())).map(
        ({ type, side, triggerPrice, quantity, reduceOnly }) => ({
          ...{ type, side, triggerPrice, quantity, reduceOnly },
        }),
      ),
    held: () => valueOf(account.positions()),
    setup: () => valueOf(account.leverage(SYMBOL)),
    /** Throws unless the book has, to the last decimal, the cash that the venue's wallet holds. */
    expectAgreement: async () => {
      const stored = await store.get(paths.book('paper'), bookDoc);
      const { USDT } = await valueOf(account.balances());
      expect(stored?.cash).toEqual((USDT?.free ?? 0n) + (USDT?.used ?? 0n));
    },
    close: async () => {
      await account.close();
      await sandbox.sandbox.close();
    },
  };
}
