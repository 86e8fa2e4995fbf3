import type { ExecutionPorts } from '@tradewind/adapters/execution/ports';
import { executeIntent } from '@tradewind/adapters/execution/execute-intent';
import { runGate } from '@tradewind/adapters/execution/run-gate';
import { syncOrders } from '@tradewind/adapters/execution/sync-orders';
import type { Queue } from '@tradewind/adapters/queue/queue';
import {
  bookDoc,
  positionDoc,
  riskStateDoc,
  type BookDoc,
  type PositionDoc,
  type RiskStateDoc,
} from '@tradewind/contracts/documents/book';
import { botDoc, type BotDoc } from '@tradewind/contracts/documents/bot';
import {
  intentDoc,
  orderDoc,
  signalDoc,
  type IntentDoc,
  type OrderDoc,
  type SignalDoc,
} from '@tradewind/contracts/documents/execution';
import { marketDoc } from '@tradewind/contracts/documents/market';
import { alertDoc, type AlertDoc } from '@tradewind/contracts/documents/system';
import { paths } from '@tradewind/contracts/paths';
import { epochMs } from '@tradewind/core/lib/time';
import { isIntentWorking } from '@tradewind/core/order/transitions';
import { addQty, money, price, qty, ZERO_QTY } from '@tradewind/core/lib/units';
import { book, bot, NOW, riskState } from './documents.ts';
import { createFakeVenue, type FakeVenue } from './fake-venue.ts';
import { openLedger, type Ledger } from './open-ledger.ts';
import { openMemoryLedger } from './open-memory-ledger.ts';
import { putPrice } from './put-price.ts';

type Task = { readonly intentId: string; readonly bookId: string; readonly dueAt: number };

/** A desk with one book on the emulator, a fake venue, and a queue that tests run by hand. */
export type Desk = {
  readonly ledger: Ledger;
  readonly venue: FakeVenue;
  readonly ports: ExecutionPorts;
  readonly queue: Queue;
  /** Tasks that wait, by id. */
  readonly tasks: Map<string, Task>;
  /** Seeds the book, a bot and a market for each symbol. */
  readonly seed: (changes?: SeedChanges) => Promise<void>;
  readonly signal: (changes?: Partial<SignalDoc>) => Promise<SignalDoc>;
  /** Runs every task that is due, with the tasks that those enqueue. */
  readonly drain: () => Promise<void>;
  /** What retries and schedules do as time goes by: until nothing is under way. */
  readonly recover: () => Promise<void>;
  readonly signals: () => Promise<SignalDoc[]>;
  readonly intents: () => Promise<IntentDoc[]>;
  readonly orders: () => Promise<OrderDoc[]>;
  readonly positions: () => Promise<PositionDoc[]>;
  readonly alerts: () => Promise<AlertDoc[]>;
  /** Writes a live price that is fresh now. */
  readonly quote: (symbol: string) => Promise<void>;
  readonly bookNow: () => Promise<BookDoc>;
  readonly riskNow: () => Promise<RiskStateDoc>;
  /** Throws unless the ledger holds exactly what the venue holds. */
  readonly expectAgreement: () => Promise<void>;
};

type SeedChanges = {
  readonly symbols?: readonly string[];
  readonly book?: Partial<BookDoc>;
  readonly bot?: Partial<BotDoc>;
  readonly risk?: Partial<RiskStateDoc>;
  /** Bots by id, beside `trend`. */
  readonly bots?: readonly string[];
};

const keyOf = (symbol: string): string => `binance_spot_${symbol}`;
const PRICE = price('100');

type DeskOptions = {
  /** The venue holds stop orders, so that positions get theirs. */
  readonly stops?: boolean;
  /** On the fault lab's store instead of the emulator: the same contract, many times faster. */
  readonly memory?: boolean;
};

/** Opens a desk in a Firestore project of its own. */
export function openDesk(name: string, { stops = false, memory = false }: DeskOptions = {}): Desk {
  const ledger = (memory ? openMemoryLedger : openLedger)(name, NOW);
  const { store, clock } = ledger;
  const fake = createFakeVenue({ cash: money('10000'), price: PRICE, now: clock.wallNow });
  const venue = { ...fake, capabilities: { ...fake.capabilities, stopOrders: stops } };
  const tasks = new Map<string, Task>();
  const queue: Queue = {
    enqueue: async (name_, payload, { id, delayMs }) => {
      if (name_ !== 'executeIntent' || !('intentId' in payload) || tasks.has(id)) return;
      tasks.set(id, { ...payload, dueAt: clock.wallNow() + (delayMs ?? 0) });
    },
  };
  const ports: ExecutionPorts = {
    store,
    queue,
    clock,
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    venueOf: async () => venue,
    actor: 'test',
    settings: { claimLeaseMs: 30_000, gateLeaseMs: 15_000, priceMaxAgeMs: 300_000 },
    sleep: async (ms) => {
      ledger.pass(ms);
    },
    random: () => 0.5,
  };
  const collection = (path: string) => store.firestore.collection(path);

  const drain = async (): Promise<void> => {
    for (;;) {
      const due = [...tasks].find(([, { dueAt }]) => dueAt <= clock.wallNow());
      if (due === undefined) return;
      tasks.delete(due[0]);
      await executeIntent(ports, due[1]);
    }
  };
  const bookNow = async (): Promise<BookDoc> => {
    const found = await store.get(paths.book('paper'), bookDoc);
    if (found === undefined) throw new Error('the book is gone');
    return found;
  };
  const quote = (symbol: string): Promise<void> =>
    putPrice(ledger, { marketKey: keyOf(symbol), symbol, price: PRICE });
  const quoted: string[] = [];
  const orders = () => store.query(collection(paths.orders('paper')), orderDoc);
  const intents = () => store.query(collection(paths.intents('paper')), intentDoc);
  const positions = () => store.query(collection(paths.positions('paper')), positionDoc);

  return {
    ledger,
    venue,
    ports,
    queue,
    tasks,
    drain,
    bookNow,
    orders,
    intents,
    positions,
    seed: async (changes = {}) => {
      const symbols = changes.symbols ?? ['BTC-USDT'];
      await store.set(paths.book('paper'), bookDoc, book(changes.book));
      await store.set(paths.riskState('paper'), riskStateDoc, riskState(changes.risk));
      for (const botId of ['trend', ...(changes.bots ?? [])])
        await store.set(paths.bot(botId), botDoc, bot({ ...changes.bot, botId }));
      for (const symbol of symbols) {
        const marketKey = keyOf(symbol);
        await store.set(paths.market(marketKey), marketDoc, {
          marketKey,
          venue: 'binance',
          market: 'spot',
          symbol,
          base: symbol.split('-')[0] ?? '',
          quote: 'USDT',
          tickSize: price('0.01'),
          lotSize: qty('0.0001'),
          minQty: qty('0.0001'),
          minNotional: money('5'),
          updatedAt: NOW,
        });
        await quote(symbol);
        quoted.push(symbol);
      }
    },
    quote,
    signal: async (changes = {}) => {
      const symbol = changes.symbol ?? 'BTC-USDT';
      const at = clock.marketNow();
      const signal: SignalDoc = {
        signalId: `s-${symbol}-${changes.strategyId ?? 'trend'}-${changes.action ?? 'ENTER'}`,
        bookId: 'paper',
        strategyId: 'trend',
        marketKey: keyOf(symbol),
        symbol,
        signalType: changes.action === 'EXIT' ? 'ZE1' : 'Z1',
        action: 'ENTER',
        direction: 'LONG',
        confidence: 1,
        score: 1,
        reasons: ['test'],
        indicatorValues: {},
        expectedPrice: PRICE,
        suggestedQuote: changes.action === 'EXIT' ? null : money('100'),
        suggestedStop: null,
        suggestedTarget: null,
        ttlMs: 3_600_000,
        barCloseAt: at,
        decidedAt: at,
        executionStatus: 'PENDING',
        rejectionReason: null,
        rejections: [],
        intentId: null,
        createdAt: clock.wallNow(),
        updatedAt: clock.wallNow(),
        ...changes,
      };
      await store.set(paths.signal('paper', signal.signalId), signalDoc, signal);
      return signal;
    },
    recover: async () => {
      for (let round = 0; round < 12; round += 1) {
        ledger.pass(31_000);
        // The market goes on whatever crashed here.
        for (const symbol of quoted) await quote(symbol);
        await runGate(ports, 'paper');
        await drain();
        await syncOrders(ports);
        await drain();
        const unfinished = (await intents()).filter(({ status }) => isIntentWorking(status));
        if (unfinished.length + tasks.size === 0) return;
      }
    },
    signals: () => store.query(collection(paths.signals('paper')), signalDoc),
    alerts: () => store.query(collection(paths.alerts), alertDoc),
    riskNow: async () => {
      const found = await store.get(paths.riskState('paper'), riskStateDoc);
      if (found === undefined) throw new Error('the risk state is gone');
      return found;
    },
    expectAgreement: async () => {
      const current = await bookNow();
      expect(current.cash).toEqual(venue.cash());
      const symbols = new Set((await orders()).map(({ symbol }) => symbol));
      for (const symbol of symbols) {
        const open = (await positions()).filter((held) => held.symbol === symbol);
        const dust = current.dust[keyOf(symbol)]?.quantity ?? ZERO_QTY;
        const held = open.reduce((sum, { quantity }) => addQty(sum, quantity), dust);
        expect(held).toEqual(venue.held(symbol));
      }
    },
  };
}

export const at = (ms: number) => epochMs(NOW + ms);
