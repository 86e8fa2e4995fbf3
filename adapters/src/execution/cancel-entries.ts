import { intentDoc, orderDoc, signalDoc } from '@tradewind/contracts/documents/execution';
import { paths } from '@tradewind/contracts/paths';
import { cancelAtVenue } from './cancel-at-venue.ts';
import { endUnsent } from './claim-intent.ts';
import type { Item } from './item.ts';
import { pendingSignals, workingIntents, workingOrders } from './ledger-queries.ts';
import type { ExecutionPorts } from './ports.ts';
import { protectAfter } from './protect-position.ts';
import { isEntry, requireBook } from './records.ts';

/** Undecided signals of a book that are looked at; no book ever has more. */
const MAX_PENDING = 300;

/** Whose entries, and why; `marketKey` left out = in every market. */
export type EntriesOf = {
  readonly bookId: string;
  readonly strategyId: string;
  readonly marketKey?: string;
  readonly reason: string;
};

type Named = {
  readonly strategyId: string;
  readonly marketKey: string;
  readonly action: 'ENTER' | 'ADD' | 'REDUCE' | 'EXIT';
};

const isOne =
  ({ strategyId, marketKey }: EntriesOf) =>
  (one: Named): boolean =>
    one.strategyId === strategyId &&
    isEntry(one) &&
    (marketKey === undefined || one.marketKey === marketKey);

/**
 * Takes back every entry of a strategy that is not filled yet: undecided signals, what waits to be sent, and
 * orders at the venue (STR-91). What the venue has filled meanwhile is a position, and is booked as one.
 *
 * An order that is being sent right now is missed; the venue's answer or order sync finds it.
 */
export async function cancelEntries(
  ports: ExecutionPorts,
  wanted: EntriesOf,
): Promise<readonly Item[]> {
  // In the order in which an entry moves on, so that none slips through between two looks.
  const signals = await cancelSignals(ports, wanted);
  const intents = await cancelIntents(ports, wanted);
  return [...signals, ...intents, ...(await cancelOrders(ports, wanted))];
}

function cancelSignals(ports: ExecutionPorts, wanted: EntriesOf): Promise<readonly Item[]> {
  const { store, clock } = ports;
  const { bookId, reason } = wanted;
  return store.transact(async (tx) => {
    const pending = await tx.query(pendingSignals(store, bookId, MAX_PENDING), signalDoc);
    return pending.filter(isOne(wanted)).map((signal) => {
      tx.set(paths.signal(bookId, signal.signalId), signalDoc, {
        ...signal,
        executionStatus: 'CANCELLED',
        rejectionReason: 'paused',
        rejections: [`paused: ${reason}`],
        updatedAt: clock.wallNow(),
      });
      return { item: `signal ${signal.action} ${signal.symbol}`, result: 'cancelled', ok: true };
    });
  });
}

async function cancelIntents(ports: ExecutionPorts, wanted: EntriesOf): Promise<readonly Item[]> {
  const { store } = ports;
  const { bookId, reason } = wanted;
  const intents = await store.query(workingIntents(store, bookId), intentDoc);
  const items: Item[] = [];
  for (const { intentId, symbol } of intents.filter(isOne(wanted))) {
    const ended = await store.transact(async (tx) => {
      const intent = await tx.get(paths.intent(bookId, intentId), intentDoc);
      if (intent?.status !== 'APPROVED' && intent?.status !== 'QUEUED') return false;
      const order = await tx.get(paths.order(bookId, intent.orderId), orderDoc);
      await endUnsent(ports, tx, { intent, order, reason });
      return true;
    });
    if (ended) items.push({ item: `entry into ${symbol}`, result: 'not sent any more', ok: true });
  }
  return items;
}

async function cancelOrders(ports: ExecutionPorts, wanted: EntriesOf): Promise<readonly Item[]> {
  const { store } = ports;
  const working = await store.query(workingOrders(store, wanted.bookId), orderDoc);
  const entries = working.filter(isOne(wanted));
  if (entries.length === 0) return [];
  const venue = await ports.venueOf(await requireBook(store, wanted.bookId));
  const items: Item[] = [];
  // One after the other: each changes the same book.
  for (const order of entries) {
    const cancelled = await cancelAtVenue(ports, venue, order);
    if (cancelled.kind === 'recorded')
      await protectAfter(ports, { before: order, after: cancelled.order });
    const item = `order ${order.orderId} (${order.side} ${order.symbol})`;
    items.push(
      cancelled.kind === 'recorded'
        ? { item, result: cancelled.order.status.toLowerCase(), ok: true }
        : { item, result: 'is unclear; order sync looks after it', ok: false },
    );
  }
  return items;
}
