import { bookDoc, riskStateDoc, type BookDoc } from '@tradewind/contracts/documents/book';
import type { CommandReply } from '@tradewind/contracts/callables';
import { paths } from '@tradewind/contracts/paths';
import { raiseAlert } from '../alerts/raise-alert.ts';
import { requestCancels } from './cancel-orders.ts';
import { cancelPending } from './cancel-pending.ts';
import { lockPositions, sellLocked } from './flatten-book.ts';
import type { Item } from './item.ts';
import { pauseTraders } from './pause-traders.ts';
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
 * Stops everything (RSK-90): first the flag of every book, which no later claim can pass, then every order at the
 * venue, what waits to be sent, undecided signals, strategies and bots, and, if asked, every position.
 *
 * It needs neither the worker nor a trigger, and may be run by any number of processes at once: between a stop and
 * its reset each position has one exit at a time, and each order one end (RSK-92). Twice in a row is harmless. What
 * could not be done is listed and raises a critical alert; the guardian tries again.
 */
export async function emergencyCancel(
  ports: ExecutionPorts,
  request: EmergencyRequest,
): Promise<CommandReply> {
  const books = await booksOf(ports, request.bookId);
  await Promise.all(books.map(({ bookId }) => raiseFlag(ports, bookId, request)));
  // Books may share an account: what no book knows goes only when all are stopped.
  const sweep = request.bookId === undefined;
  const items: Item[] = [];
  for (const book of books) items.push(...(await stopBook(ports, book, { ...request, sweep })));

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

/** The first stop counts: a second one changes neither its time nor its author, but may ask for more. */
function raiseFlag(
  { store, clock }: ExecutionPorts,
  bookId: string,
  { by, flatten }: EmergencyRequest,
): Promise<void> {
  return store.transact(async (tx) => {
    const path = paths.riskState(bookId);
    const risk = await tx.get(path, riskStateDoc);
    if (risk === undefined) throw new Error(`Book "${bookId}" has no risk state.`);
    const now = clock.wallNow();
    const stopped = risk.emergencyStop
      ? risk
      : { ...risk, emergencyStop: true, emergencyStopAt: now, emergencyStopBy: by };
    tx.set(path, riskStateDoc, {
      ...stopped,
      emergency: { flatten: flatten || risk.emergency?.flatten === true, doneAt: null },
      updatedAt: now,
    });
  });
}

/** Says that nothing is left to do, unless somebody asked for more meanwhile. */
function markDone(
  { store, clock }: ExecutionPorts,
  { bookId, flatten }: { readonly bookId: string; readonly flatten: boolean },
): Promise<void> {
  return store.transact(async (tx) => {
    const path = paths.riskState(bookId);
    const risk = await tx.get(path, riskStateDoc);
    if (risk?.emergency?.flatten !== flatten) return;
    tx.set(path, riskStateDoc, { ...risk, emergency: { flatten, doneAt: clock.wallNow() } });
  });
}

/**
 * Does what the stop of a book, whose flag is up, asks for. Positions are locked before their stops are taken away
 * and sold after, so that no stop comes back in between and none is in the way.
 */
export async function stopBook(
  ports: ExecutionPorts,
  book: BookDoc,
  { flatten, sweep }: { readonly flatten: boolean; readonly sweep: boolean },
): Promise<readonly Item[]> {
  const { bookId } = book;
  const waiting = await cancelPending(ports, bookId);
  try {
    // The flag stops traders already: the venue need not wait until each has been told.
    const [emptied, paused] = await Promise.all([
      emptyVenue(ports, book, { flatten, sweep }),
      pauseTraders(ports, bookId),
    ]);
    const items = [...emptied.orders, ...waiting, ...emptied.positions, ...paused];
    if (items.every(({ ok }) => ok)) await markDone(ports, { bookId, flatten });
    return items;
  } catch (error) {
    // The other books still have to be stopped: this one's failure is a result.
    const cause = error instanceof Error ? error.message : String(error);
    ports.log.error('emergency cancel failed', { bookId, cause });
    return [...waiting, { item: `book ${book.name}`, result: `failed: ${cause}`, ok: false }];
  }
}

/** Cancels what is open at the venue and, if asked, sells what is held. */
async function emptyVenue(
  ports: ExecutionPorts,
  book: BookDoc,
  { flatten, sweep }: { readonly flatten: boolean; readonly sweep: boolean },
): Promise<{ readonly orders: readonly Item[]; readonly positions: readonly Item[] }> {
  const found = flatten ? await lockPositions(ports, book) : [];
  // What is too small to be sold may be larger once all is booked that its entry had bought.
  const locked = found.filter(({ granted }) => granted.kind !== 'refused');
  const cancelling = await requestCancels(ports, book, { sweep, flatten });
  // What is held goes while the books are still told what was cancelled.
  const [orders, sold] = await Promise.all([cancelling.record(), sellLocked(ports, locked)]);
  // What entries had bought before they were cancelled is only known now.
  const bought = flatten ? await lockPositions(ports, book, locked) : [];
  return { orders, positions: [...sold, ...(await sellLocked(ports, bought))] };
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
