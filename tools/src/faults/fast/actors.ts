import { cancelOrder } from '@tradewind/adapters/execution/cancel-order';
import { closePosition } from '@tradewind/adapters/execution/close-position';
import { emergencyCancel } from '@tradewind/adapters/execution/emergency-cancel';
import { guardBook } from '@tradewind/adapters/execution/guard-book';
import { requireBook } from '@tradewind/adapters/execution/records';
import { reduceOnly } from '@tradewind/adapters/execution/reduce-only';
import type { ExecutionPorts } from '@tradewind/adapters/execution/ports';
import { runGate } from '@tradewind/adapters/execution/run-gate';
import { syncDesk } from '@tradewind/adapters/reconcile/sync-desk';
import { intentDoc, signalDoc, type SignalDoc } from '@tradewind/contracts/documents/execution';
import { paths } from '@tradewind/contracts/paths';
import type { Instrument } from '@tradewind/core/instrument/instrument';
import { epochMs } from '@tradewind/core/lib/time';
import { money, price } from '@tradewind/core/lib/units';
import type { Job, Platform } from './platform.ts';
import { BOOK, put, START } from './seed-book.ts';
import type { World } from './world.ts';

/** What a signal's trigger does (functions/execution/handle-decide-signals). */
async function decideSignals(ports: ExecutionPorts, signalId: string): Promise<void> {
  const run = await runGate(ports, BOOK);
  if (run.decided > 0 || run.busy) return;
  const signal = await ports.store.get(paths.signal(BOOK, signalId), signalDoc);
  if (signal === undefined || signal.intentId === null) return;
  const target = { bookId: BOOK, intentId: signal.intentId };
  const intent = await ports.store.get(paths.intent(BOOK, signal.intentId), intentDoc);
  if (intent?.status === 'APPROVED')
    await ports.queue.enqueue('executeIntent', target, { id: target.intentId });
}

const SYNC: Job = { useCase: 'syncOrders', run: (ports) => syncDesk(ports), maxAttempts: 1 };

/** The guardian's look at every position, by an account that can open nothing (functions/guardian). */
const GUARD: Job = {
  useCase: 'guardian',
  run: async (ports) => {
    const book = await requireBook(ports.store, BOOK);
    const venue = reduceOnly(await ports.venueOf(book));
    const venueOf = () => Promise.resolve(venue);
    return guardBook({ ...ports, venueOf, urgentVenueOf: venueOf }, book);
  },
  maxAttempts: 1,
};

/** What schedules do every minute, now. */
export const runSchedules = (platform: Platform): void => {
  platform.deliver(SYNC, 0);
  platform.deliver(GUARD, 0);
};

/** Writes a signal as the evaluation of a bar does, and has its trigger delivered. */
function signal(
  world: World,
  platform: Platform,
  wish: {
    readonly instrument: Instrument;
    readonly action: 'ENTER' | 'ADD' | 'EXIT';
    readonly direction: SignalDoc['direction'];
    readonly at: number;
  },
): void {
  const { disk, dice } = world;
  const { marketKey, symbol, base } = wish.instrument;
  const at = epochMs(wish.at);
  const value: SignalDoc = {
    signalId: `s-${base}-${wish.action}-${at - START}`,
    bookId: BOOK,
    strategyId: base,
    marketKey,
    symbol,
    signalType: wish.action === 'EXIT' ? 'ZE1' : 'Z1',
    action: wish.action,
    direction: wish.direction,
    confidence: 1,
    score: 1,
    reasons: ['fault lab'],
    indicatorValues: {},
    expectedPrice: world.lastPrice(marketKey) ?? price('100'),
    suggestedQuote: wish.action === 'ENTER' ? money(String(dice.whole(20, 110))) : null,
    suggestedStop: null,
    suggestedTarget: null,
    ttlMs: dice.pick([20_000, 60_000, 3_600_000]),
    barCloseAt: at,
    decidedAt: at,
    executionStatus: 'PENDING',
    rejectionReason: null,
    rejections: [],
    intentId: null,
    createdAt: at,
    updatedAt: at,
  };
  put(disk, [paths.signal(BOOK, value.signalId), signalDoc], value);
  world.trace(() => `signal ${value.signalId}`);
  const job: Job = {
    useCase: 'decideSignals',
    run: (ports) => decideSignals(ports, value.signalId),
    maxAttempts: 8,
  };
  platform.deliver(job, 0);
}

/** One of what is there, if anything is. */
const anyOf = <T>({ dice }: World, items: readonly T[]): T | undefined =>
  items[Math.floor(dice.unit() * items.length)];

/** A person at the dashboard, who tries once. */
function personDoes(
  world: World,
  platform: Platform,
  deed: 'cancel' | 'close' | 'emergency' | 'sync',
): void {
  const { disk, dice } = world;
  const ask = (useCase: string, run: Job['run']): void => {
    platform.deliver({ useCase, run, maxAttempts: 1 }, 0);
  };
  switch (deed) {
    case 'sync':
      ask('syncOrders', (ports) => syncDesk(ports));
      break;
    case 'cancel': {
      const orderId = anyOf(world, [...disk.list(paths.orders(BOOK)).keys()]);
      if (orderId !== undefined)
        ask('cancelOrder', (ports) => cancelOrder(ports, { bookId: BOOK, orderId }));
      break;
    }
    case 'close': {
      const positionId = anyOf(world, [...disk.list(paths.positions(BOOK)).keys()]);
      if (positionId !== undefined)
        ask('closePosition', (ports) => closePosition(ports, { bookId: BOOK, positionId }));
      break;
    }
    case 'emergency': {
      const flatten = dice.chance(0.5);
      ask('emergencyCancel', (ports) => emergencyCancel(ports, { flatten, by: 'person' }));
    }
  }
}

/** Plans what strategies, schedules and people do within `activeMs`. */
export function planActors(
  world: World,
  platform: Platform,
  {
    instruments,
    activeMs,
  }: { readonly instruments: readonly Instrument[]; readonly activeMs: number },
): void {
  const { timeline, dice } = world;
  const begin = timeline.now();
  const anyTime = (): number => begin + dice.whole(500, activeMs);
  const signals = dice.whole(1, 6);
  const burst = dice.chance(0.4);
  for (let index = 0; index < signals; index += 1) {
    const instrument =
      instruments[burst ? index % instruments.length : dice.whole(0, instruments.length - 1)];
    if (instrument === undefined) continue;
    const at = burst ? begin + 1_000 + dice.whole(0, 20) : begin + dice.whole(500, activeMs / 2);
    const isShort = instrument.market === 'futures' && dice.chance(0.5);
    const traded = { instrument, direction: isShort ? 'SHORT' : 'LONG' } as const;
    timeline.at(at, () => {
      signal(world, platform, { ...traded, action: 'ENTER', at });
    });
    for (const [action, p] of [
      ['ADD', 0.3],
      ['EXIT', 0.5],
    ] as const) {
      if (!dice.chance(p)) continue;
      const later = at + dice.whole(1_000, activeMs / 2);
      timeline.at(later, () => {
        signal(world, platform, { ...traded, action, at: later });
      });
    }
  }
  for (const [deed, p] of [
    ['cancel', 0.3],
    ['close', 0.3],
    ['sync', 0.3],
    ['emergency', 0.12],
  ] as const)
    if (dice.chance(p))
      timeline.at(anyTime(), () => {
        personDoes(world, platform, deed);
      });
  for (let at = begin + dice.whole(1_000, 30_000); at < begin + activeMs; at += 30_000)
    timeline.at(at, () => {
      runSchedules(platform);
    });
}
