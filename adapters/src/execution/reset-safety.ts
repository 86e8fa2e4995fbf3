import type { CommandReply } from '@tradewind/contracts/callables';
import { bookDoc, riskStateDoc, type BookDoc } from '@tradewind/contracts/documents/book';
import { orderDoc } from '@tradewind/contracts/documents/execution';
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
 * Lifts the emergency stop (RSK-94), if orders were just compared with the venue and none of them is
 * unclear. Either every book that was asked for is reset, or none.
 */
export async function resetSafety(
  ports: ExecutionPorts,
  request: ResetRequest,
): Promise<CommandReply> {
  const books = await booksOf(ports, request.bookId);
  // Also what a refused key has shut for good: the person who resets says that the cause is gone.
  const tried = await resetBreakers(ports, new Set(books.map(({ venue }) => venue)));
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
    const obstacle = await findObstacle(ports, book);
    if (obstacle !== null) return refused('not_reconciled', obstacle);
  }
  for (const { book } of stopped) await lowerFlag(ports, book.bookId);
  const names = stopped.map(({ book }) => book.name).join(', ');
  return { ok: true, code: 'reset', message: `${names} may trade again.` };
}

const refused = (code: string, message: string): CommandReply => ({ ok: false, code, message });

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
async function findObstacle(ports: ExecutionPorts, book: BookDoc): Promise<string | null> {
  const pass = await syncBook(ports, book);
  const [failure] = pass.failures;
  if (failure !== undefined)
    return `Orders of ${book.name} could not be compared with the venue: ${failure.message}`;
  const orders = await ports.store.query(workingOrders(ports.store, book.bookId), orderDoc);
  const unclear = orders.filter(({ status }) => status !== 'ACKNOWLEDGED' && status !== 'PARTIAL');
  if (unclear.length > 0)
    return `${unclear.length} orders of ${book.name} are unclear: ${unclear.map(({ orderId, status }) => `${orderId} ${status}`).join(', ')}. Wait until they are resolved.`;
  return pass.clean
    ? null
    : `Orders of ${book.name} are being repaired. Try again in half a minute.`;
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
