import { bookDoc, riskStateDoc, type BookDoc } from '@tradewind/contracts/documents/book';
import type { CommandReply } from '@tradewind/contracts/callables';
import { paths } from '@tradewind/contracts/paths';
import { raiseAlert } from '../alerts/raise-alert.ts';
import { cancelOrders } from './cancel-orders.ts';
import { cancelPending } from './cancel-pending.ts';
import { flattenBook } from './flatten-book.ts';
import type { Item } from './item.ts';
import type { ExecutionPorts } from './ports.ts';
import { requireBook } from './records.ts';

/** What a person asked for; without `bookId` it means every book. */
export type EmergencyRequest = {
  readonly bookId?: string | undefined;
  readonly flatten: boolean;
  /** Who asked. */
  readonly by: string;
};

/**
 * Stops everything (RSK-90): first the flag of every book, which no later claim can pass, then every
 * order at the venue, what waits to be sent, undecided signals, and, if asked, every position.
 *
 * Twice in a row is harmless. What could not be cancelled is listed and raises a critical alert.
 */
export async function emergencyCancel(
  ports: ExecutionPorts,
  request: EmergencyRequest,
): Promise<CommandReply> {
  const books = await booksOf(ports, request.bookId);
  await Promise.all(books.map(({ bookId }) => raiseFlag(ports, bookId, request.by)));
  const items: Item[] = [];
  for (const book of books) items.push(...(await stopBook(ports, book, request)));

  const left = items.filter(({ ok }) => !ok);
  if (left.length > 0) await alertLeftovers(ports, request.bookId ?? null, left);
  const names = books.map(({ name }) => name).join(', ');
  return {
    ok: left.length === 0,
    code: left.length === 0 ? 'stopped' : 'stopped_with_leftovers',
    message:
      left.length === 0
        ? `Stopped: ${names}. New entries are blocked until the safety reset.`
        : `New entries are blocked in ${names}, but ${left.length} of ${items.length} items need you: see the list.`,
    items,
  };
}

async function booksOf(
  { store }: ExecutionPorts,
  bookId: string | undefined,
): Promise<readonly BookDoc[]> {
  return bookId === undefined
    ? store.query(store.firestore.collection(paths.books), bookDoc)
    : [await requireBook(store, bookId)];
}

/** The first stop counts: a second one changes neither its time nor its author. */
function raiseFlag({ store, clock }: ExecutionPorts, bookId: string, by: string): Promise<void> {
  return store.transact(async (tx) => {
    const path = paths.riskState(bookId);
    const risk = await tx.get(path, riskStateDoc);
    if (risk === undefined) throw new Error(`Book "${bookId}" has no risk state.`);
    if (risk.emergencyStop) return;
    const now = clock.wallNow();
    tx.set(path, riskStateDoc, {
      ...risk,
      emergencyStop: true,
      emergencyStopAt: now,
      emergencyStopBy: by,
      updatedAt: now,
    });
  });
}

async function stopBook(
  ports: ExecutionPorts,
  book: BookDoc,
  { flatten, bookId }: EmergencyRequest,
): Promise<readonly Item[]> {
  const waiting = await cancelPending(ports, book.bookId);
  try {
    const orders = await cancelOrders(ports, book, bookId === undefined);
    const positions = flatten ? await flattenBook(ports, book) : [];
    return [...orders, ...waiting, ...positions];
  } catch (error) {
    // The other books still have to be stopped: this one's failure is a result.
    const cause = error instanceof Error ? error.message : String(error);
    ports.log.error('emergency cancel failed', { bookId: book.bookId, cause });
    return [...waiting, { item: `book ${book.name}`, result: `failed: ${cause}`, ok: false }];
  }
}

async function alertLeftovers(
  ports: ExecutionPorts,
  bookId: string | null,
  left: readonly Item[],
): Promise<void> {
  await raiseAlert(ports.store, {
    rule: 'emergency_leftovers',
    severity: 'CRITICAL',
    message: `The emergency stop could not finish: ${left.map(({ item, result }) => `${item} ${result}`).join('; ')}. Act at the venue by hand.`,
    details: Object.fromEntries(left.map(({ item, result }) => [item, result])),
    bookId,
    symbol: null,
    now: ports.clock.wallNow(),
  });
}
