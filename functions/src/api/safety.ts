import { readLimitsNow, type LimitsNow } from '@tradewind/adapters/execution/gate-figures';
import type { Store } from '@tradewind/adapters/ledger/store';
import { bookDoc, riskStateDoc, type BookDoc } from '@tradewind/contracts/documents/book';
import { breakerDoc } from '@tradewind/contracts/documents/breaker';
import { paths } from '@tradewind/contracts/paths';
import { formatDecimal, isUnit } from '@tradewind/core/lib/units';
import type { EpochMs } from '@tradewind/core/lib/time';

/** Money and quantities as decimal text, times as ISO text: JSON knows neither. */
type Told = Readonly<Record<string, unknown>>;

const iso = (at: number | null | undefined): string | null =>
  at === null || at === undefined ? null : new Date(at).toISOString();

/** Who changed the limits last, and what of it does not hold yet (ARC-71); `null` while they are the mode's. */
function changeOf({ set }: LimitsNow, wallNow: EpochMs): Told | null {
  if (set === null) return null;
  const { version, setBy, reason, updatedAt, pending } = set;
  const isPending = pending !== null && pending.effectiveAt > wallNow;
  return {
    ...{ version, by: setBy, reason, at: iso(updatedAt) },
    pending: isPending ? { limits: pending.limits, from: iso(pending.effectiveAt) } : null,
  };
}

/** Limits, today's use of them, cooldowns and blocks of one book. */
async function bookSafety(store: Store, book: BookDoc, wallNow: EpochMs): Promise<Told> {
  const { bookId, name, mode } = book;
  const [risk, limitsNow] = await Promise.all([
    store.get(paths.riskState(bookId), riskStateDoc),
    readLimitsNow(store, book, wallNow),
  ]);
  // What cannot be read is not told as safe (RSK-02).
  if (risk === undefined) return { bookId, name, mode, known: false };
  // As the ledger has them: decimal text and times.
  const stored = riskStateDoc.encode(risk);
  const { dayAt, openingEquity, peakEquity, equity, equityAt, tradesToday, ladder } = stored;
  return {
    bookId,
    name,
    mode,
    known: true,
    limits: limitsNow.limits,
    limitsChanged: changeOf(limitsNow, wallNow),
    today: { dayAt, openingEquity, peakEquity, equity, equityAt, tradesToday, ladder },
    cooldowns: { symbols: stored.symbols, strategies: stored.traders },
    blocks: {
      executionOff: !risk.executionEnabled,
      emergencyStop: risk.emergencyStop,
      healthStop: risk.healthStop,
      reconciliation: stored.reconciliation ?? null,
    },
    emergencyStop: risk.emergencyStop,
    emergencyStopAt: iso(risk.emergencyStopAt),
    emergencyStopBy: risk.emergencyStopBy,
    emergency: stored.emergency ?? null,
    lastReset: iso(risk.lastResetAt),
  };
}

/** How safe the desk is right now (RSK-95). */
export async function readSafety(store: Store, wallNow: EpochMs): Promise<Told> {
  const { firestore } = store;
  const [books, breakers] = await Promise.all([
    store.query(firestore.collection(paths.books), bookDoc),
    store.query(firestore.collection(paths.breakers), breakerDoc),
  ]);
  return {
    ok: true,
    books: await Promise.all(books.map((book) => bookSafety(store, book, wallNow))),
    breakers: breakers.map((breaker) => breakerDoc.encode(breaker)),
  };
}

/** A body as JSON text, with money, prices and quantities as decimal text. */
export const asJson = (body: object): string =>
  JSON.stringify(body, (_, value: unknown) => (isUnit(value) ? formatDecimal(value) : value));
