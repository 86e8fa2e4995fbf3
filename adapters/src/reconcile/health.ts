import { riskStateDoc, type RiskStateDoc } from '@tradewind/contracts/documents/book';
import { paths } from '@tradewind/contracts/paths';
import { raiseAlert, resolveAlert } from '../alerts/raise-alert.ts';
import type { ExecutionPorts } from '../execution/ports.ts';

/** Consecutive failures of which people are told (EXE-53); three already block entries. */
const CRITICAL_FAILURES = 5;
/** A pass that changes nothing is written down this often, in wall milliseconds. */
const WRITE_EVERY_MS = 20_000;

type Health = NonNullable<RiskStateDoc['reconciliation']>;

const NEVER: Health = { at: null, failures: 0, criticals: 0, recovering: false };

/** How a pass over one book's account ended. */
export type PassEnd =
  | { readonly kind: 'compared'; readonly criticals: number }
  | { readonly kind: 'failed'; readonly cause: string };

/**
 * Writes how the comparison of a book stands, which the gate decides on: entries are off after three failures in a
 * row, while a critical difference is open, and until a starting worker has compared (EXE-53, EXE-60).
 */
export async function recordHealth(
  ports: ExecutionPorts,
  bookId: string,
  end: PassEnd,
): Promise<void> {
  const { store, clock } = ports;
  const now = clock.wallNow();
  const next = await store.transact(async (tx) => {
    const path = paths.riskState(bookId);
    const risk = await tx.get(path, riskStateDoc);
    if (risk === undefined) return null;
    const before = risk.reconciliation ?? NEVER;
    const after: Health =
      end.kind === 'failed'
        ? { ...before, failures: before.failures + 1 }
        : { at: now, failures: 0, criticals: end.criticals, recovering: false };
    const isSame =
      before.failures === after.failures &&
      before.criticals === after.criticals &&
      before.recovering === after.recovering &&
      now - (before.at ?? 0) < WRITE_EVERY_MS;
    if (!isSame || before.at === null)
      tx.set(path, riskStateDoc, { ...risk, reconciliation: after, updatedAt: now });
    return { ...after, failedBefore: before.failures };
  });
  if (next === null) return;
  const alert = { rule: 'reconciliation_failed', bookId, symbol: null, now };
  if (end.kind === 'compared') {
    if (next.failedBefore >= CRITICAL_FAILURES) await resolveAlert(store, alert);
  } else if (next.failures >= CRITICAL_FAILURES)
    await raiseAlert(store, {
      ...alert,
      severity: 'CRITICAL',
      message: `Positions of book ${bookId} could not be compared with the venue ${next.failures} times in a row; entries are off: ${end.cause}`,
      details: { cause: end.cause, failures: String(next.failures) },
    });
}

/** A worker begins: no entries until it has compared (EXE-60). */
export async function beginRecovery(
  { store, clock }: ExecutionPorts,
  bookId: string,
): Promise<void> {
  await store.transact(async (tx) => {
    const path = paths.riskState(bookId);
    const risk = await tx.get(path, riskStateDoc);
    if (risk === undefined || risk.reconciliation?.recovering === true) return;
    const reconciliation = { ...(risk.reconciliation ?? NEVER), recovering: true };
    tx.set(path, riskStateDoc, { ...risk, reconciliation, updatedAt: clock.wallNow() });
  });
}
