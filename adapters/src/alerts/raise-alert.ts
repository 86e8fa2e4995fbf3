import { alertDoc, type AlertDoc } from '@tradewind/contracts/documents/system';
import { paths } from '@tradewind/contracts/paths';
import { hashId } from '@tradewind/core/lib/ids';
import type { EpochMs } from '@tradewind/core/lib/time';
import type { Store } from '../ledger/store.ts';

/** What makes two conditions the same one (NTF-56). */
type AlertKey = {
  /** Stable name of the rule, such as `order_unknown`. */
  readonly rule: string;
  readonly bookId: string | null;
  readonly symbol: string | null;
  /** What else tells two conditions of one rule apart, such as an order's id. */
  readonly label?: string;
};

/** A condition that needs eyes. */
export type Condition = AlertKey & {
  readonly severity: AlertDoc['severity'];
  /** A sentence for people, with what to do. */
  readonly message: string;
  readonly details: Readonly<Record<string, string>>;
  /** Wall clock. */
  readonly now: EpochMs;
};

/** Resolved for longer than this, a condition that comes back is a new one (NTF-56). */
const REOPEN_AFTER_MS = 1_800_000;
const RANK = { INFO: 0, WARNING: 1, CRITICAL: 2 } as const;

const idOf = ({ rule, bookId, symbol, label }: AlertKey): string =>
  hashId('alert', rule, bookId ?? '', symbol ?? '', label ?? '');

function counted(known: AlertDoc, { severity, now }: Condition): Partial<AlertDoc> {
  const isNew = known.state === 'RESOLVED' && now - known.lastAt > REOPEN_AFTER_MS;
  if (isNew) return {};
  const isWorse = RANK[severity] > RANK[known.severity];
  return {
    firstAt: known.firstAt,
    count: known.count + 1,
    severity: isWorse ? severity : known.severity,
    // Acknowledging covers what was known: worse wants eyes again.
    ...(known.state === 'ACKNOWLEDGED' && !isWorse
      ? {
          state: known.state,
          acknowledgedBy: known.acknowledgedBy,
          acknowledgedAt: known.acknowledgedAt,
        }
      : {}),
  };
}

/**
 * Records a condition and returns its alert's id: the same rule, book, symbol and label count up
 * on one document until it was resolved for half an hour (NTF-56).
 */
export function raiseAlert(store: Store, condition: Condition): Promise<string> {
  const alertId = idOf(condition);
  const { rule, bookId, symbol, severity, message, details, now } = condition;
  return store.transact(async (tx) => {
    const known = await tx.get(paths.alert(alertId), alertDoc);
    tx.set(paths.alert(alertId), alertDoc, {
      alertId,
      rule,
      severity,
      message,
      details: { ...details },
      bookId,
      symbol,
      firstAt: now,
      lastAt: now,
      count: 1,
      state: 'ACTIVE',
      acknowledgedBy: null,
      acknowledgedAt: null,
      ...(known === undefined ? {} : counted(known, condition)),
    });
    return alertId;
  });
}

/** Marks the condition's alert as resolved; without such an alert nothing happens. */
export function resolveAlert(
  store: Store,
  key: AlertKey & { readonly now: EpochMs },
): Promise<void> {
  const path = paths.alert(idOf(key));
  return store.transact(async (tx) => {
    const known = await tx.get(path, alertDoc);
    if (known === undefined || known.state === 'RESOLVED') return;
    tx.set(path, alertDoc, { ...known, state: 'RESOLVED', lastAt: key.now });
  });
}
