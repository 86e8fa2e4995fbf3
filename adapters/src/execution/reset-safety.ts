import type { CommandReply } from '@tradewind/contracts/callables';
import {
  accountName,
  bookDoc,
  riskStateDoc,
  type BookDoc,
} from '@tradewind/contracts/documents/book';
import { orderDoc } from '@tradewind/contracts/documents/execution';
import { breakerDoc } from '@tradewind/contracts/documents/breaker';
import { paths } from '@tradewind/contracts/paths';
import { resetBreakers } from './breaker-duties.ts';
import { workingOrders } from './ledger-queries.ts';
import type { ExecutionPorts } from './ports.ts';
import { requireBook } from './records.ts';
import { syncBook } from './sync-book.ts';

/** The way back from an emergency stop; without `bookId` of every book that is stopped. */
export type ResetRequest = {
  readonly bookId?: string | undefined;
  /** Wall milliseconds that must have passed since the stop (RSK-94). */
  readonly minMs: number;
};

/**
 * Lifts the emergency stop (RSK-94), if no service of the venue is shut out, orders were just compared with the venue
 * and none of them is unclear, and holdings agreed with it within the last minute. Either every book that was asked for is reset, or none.
 */
export async function resetSafety(
  ports: ExecutionPorts,
  request: ResetRequest,
): Promise<CommandReply> {
  const books = await booksOf(ports, request.bookId);
  // Also what a refused key has shut for good: the person who resets says that the cause is gone.
  const tried = await resetBreakers(ports, new Set(books.map(accountName)));
  const stopped = await stoppedBooks(ports, books);
  if (stopped.length === 0 && tried > 0)
    return { ok: true, code: 'breakers_reset', message: 'The venue is tried again.' };
  if (stopped.length === 0)
    return { ok: true, code: 'not_stopped', message: 'There is no emergency stop to lift.' };
  for (const { book, stoppedAt } of stopped) {
    const waitMs = stoppedAt + request.minMs - ports.clock.wallNow();
    if (waitMs > 0)
      return refused(
        'too_soon',
        `${book.name} was stopped less than ${request.minMs / 60_000} minutes ago. Wait ${Math.ceil(waitMs / 1_000)} s more.`,
      );
  }
  for (const { book } of stopped) {
    const breaker = await findBreaker(ports, book);
    if (breaker !== null) return refused('breaker_open', breaker);
    const difference = await findDifference(ports, book);
    if (difference !== null) return refused('not_reconciled', difference);
  }
  for (const { book } of stopped) await lowerFlag(ports, book.bookId);
  const names = stopped.map(({ book }) => book.name).join(', ');
  return { ok: true, code: 'reset', message: `${names} may trade again.` };
}

const refused = (code: string, message: string): CommandReply => ({ ok: false, code, message });

/** RSK-94: how young the comparison of ledger and venue has to be. */
const RECONCILED_WITHIN_MS = 60_000;

type Stopped = { readonly book: BookDoc; readonly stoppedAt: number };

const booksOf = async (
  { store }: ExecutionPorts,
  bookId: string | undefined,
): Promise<readonly BookDoc[]> =>
  bookId === undefined
    ? store.query(store.firestore.collection(paths.books), bookDoc)
    : [await requireBook(store, bookId)];

async function stoppedBooks(
  { store }: ExecutionPorts,
  books: readonly BookDoc[],
): Promise<readonly Stopped[]> {
  const risks = await Promise.all(
    books.map((book) => store.get(paths.riskState(book.bookId), riskStateDoc)),
  );
  return books.flatMap((book, index) => {
    const risk = risks[index];
    return risk?.emergencyStop === true ? [{ book, stoppedAt: risk.emergencyStopAt ?? 0 }] : [];
  });
}

/** Why the ledger cannot be trusted to agree with the venue; `null` when it was just found to agree. */
async function findDifference(ports: ExecutionPorts, book: BookDoc): Promise<string | null> {
  const pass = await syncBook(ports, book);
  const [failure] = pass.failures;
  if (failure !== undefined)
    return `Orders of ${book.name} could not be compared with the venue: ${failure.message}`;
  const orders = await ports.store.query(workingOrders(ports.store, book.bookId), orderDoc);
  const unclear = orders.filter(({ status }) => status !== 'ACKNOWLEDGED' && status !== 'PARTIAL');
  if (unclear.length > 0)
    return `${unclear.length} orders of ${book.name} are unclear: ${unclear.map(({ orderId, status }) => `${orderId} ${status}`).join(', ')}. Wait until they are resolved.`;
  if (!pass.clean) return `Orders of ${book.name} are being repaired. Try again in half a minute.`;
  const risk = await ports.store.get(paths.riskState(book.bookId), riskStateDoc);
  const holdings = risk?.reconciliation;
  if (holdings === undefined) return null;
  if (holdings.at === null || ports.clock.wallNow() - holdings.at > RECONCILED_WITHIN_MS)
    return `What ${book.name} holds was not compared with the venue in the last minute. Try again when it was.`;
  return holdings.criticals > 0 || holdings.recovering
    ? `Ledger and venue differ in ${book.name}: ${holdings.criticals} critical differences are open. Resolve them first.`
    : null;
}

/** Which service of the book's venue is shut out; `null` when none is. */
async function findBreaker({ store }: ExecutionPorts, book: BookDoc): Promise<string | null> {
  const ofVenue = store.firestore
    .collection(paths.breakers)
    .where('venue', '==', accountName(book));
  const breakers = await store.query(ofVenue, breakerDoc);
  const open = breakers.filter(({ status }) => status !== 'CLOSED');
  return open.length === 0
    ? null
    : `The breaker ${open.map(({ name, status }) => `${name} is ${status}`).join(', ')}. Wait until the venue is back.`;
}

function lowerFlag({ store, clock }: ExecutionPorts, bookId: string): Promise<void> {
  return store.transact(async (tx) => {
    const path = paths.riskState(bookId);
    const risk = await tx.get(path, riskStateDoc);
    if (risk?.emergencyStop !== true) return;
    const now = clock.wallNow();
    tx.set(path, riskStateDoc, {
      ...risk,
      emergency: null,
      emergencyStop: false,
      emergencyStopAt: null,
      emergencyStopBy: null,
      lastResetAt: now,
      updatedAt: now,
    });
  });
}
