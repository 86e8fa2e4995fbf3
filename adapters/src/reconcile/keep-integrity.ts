import { bookDoc, type BookDoc } from '@tradewind/contracts/documents/book';
import { integrityDoc } from '@tradewind/contracts/documents/risk';
import { paths } from '@tradewind/contracts/paths';
import { sumMoney } from '@tradewind/core/lib/units';
import { raiseAlert, resolveAlert } from '../alerts/raise-alert.ts';
import type { ExecutionPorts } from '../execution/ports.ts';
import type { BookCheck } from './check-book.ts';

/** Checked every night, and two hours more. */
const MAX_AGE_MS = 26 * 3_600_000;

/**
 * Keeps what a check found for people, and freezes the figures of a live book that hold something which is no real
 * money (PF-35): they stand still and nothing is entered. A later check that finds none of it lets them go on.
 */
export async function keepIntegrity(
  ports: Pick<ExecutionPorts, 'store' | 'clock'>,
  check: BookCheck,
): Promise<void> {
  const { store, clock } = ports;
  const { bookId, origins, unverified, faults } = check;
  const now = clock.wallNow();
  await store.set(paths.riskIntegrity(bookId), integrityDoc, {
    ...{ bookId, at: now, origins: { ...origins }, maxAgeMs: MAX_AGE_MS },
    unverified: { count: unverified.length, quote: sumMoney(unverified.map(({ quote }) => quote)) },
    faults: faults.length,
    firstFault: faults[0]?.words ?? null,
  });
  const foreign = faults.filter((fault) => fault.check === 'origin');
  const reason = foreign[0]?.words ?? null;
  const book = await freeze(ports, bookId, reason);
  const alert = { rule: 'figures_frozen', bookId, symbol: null, now };
  if (reason === null) await resolveAlert(store, alert);
  else
    await raiseAlert(store, {
      ...alert,
      severity: 'CRITICAL',
      message: `${book?.name ?? bookId} holds what is no real money (${reason}): its figures are frozen and nothing is entered. Find out how it came there; rebuild-ledger takes it out.`,
      details: { found: String(foreign.length), first: reason },
    });
}

/** Freezes a book's figures, or lets them go on with `null`. */
function freeze(
  { store, clock }: Pick<ExecutionPorts, 'store' | 'clock'>,
  bookId: string,
  reason: string | null,
): Promise<BookDoc | undefined> {
  return store.transact(async (tx) => {
    const book = await tx.get(paths.book(bookId), bookDoc);
    if (book === undefined || (book.frozen?.reason ?? null) === reason) return book;
    const now = clock.wallNow();
    const frozen = reason === null ? null : { at: book.frozen?.at ?? now, reason };
    tx.set(paths.book(bookId), bookDoc, { ...book, frozen, updatedAt: now });
    return book;
  });
}
