import { botDoc } from '@tradewind/contracts/documents/bot';
import { orderDoc } from '@tradewind/contracts/documents/execution';
import { strategyDoc } from '@tradewind/contracts/documents/strategy';
import { paths } from '@tradewind/contracts/paths';
import type { Discrepancy, ReconcileAction } from '@tradewind/core/order/reconcile/discrepancy';
import { raiseAlert } from '../alerts/raise-alert.ts';
import { cancelAtVenue } from '../execution/cancel-at-venue.ts';
import type { ExecutionPorts } from '../execution/ports.ts';
import { protectAfter, protectPosition } from '../execution/protect-position.ts';
import { amend, markUnconfirmed, merge, recordOrders } from './amend.ts';
import { bookForeign } from './book-foreign.ts';
import { carryOutCorrection, type Acted, type Acting } from './correct.ts';
import { recordIdOf, recordSight, resolveGone, type Difference } from './records.ts';
import { homeOf, type Account } from './accounts.ts';
import type { LedgerLook } from './ledger-look.ts';

/** What one pass did about its differences (EXE-54). */
export type Tally = {
  readonly opened: number;
  readonly closed: number;
  readonly updated: number;
  /** Line keys that are not worth a record, with what the venue holds of them. */
  readonly ignored: readonly string[];
  readonly failures: readonly Error[];
};

const WORDS: Readonly<Record<ReconcileAction['kind'], string>> = {
  recordOrders: 'the order is read at the venue and booked',
  bookFills: 'the fills are booked',
  correct: 'quantities are corrected at cost',
  markUnconfirmed: 'marked CLOSING_UNCONFIRMED; a second read confirms it',
  wait: 'a second read has to confirm it',
  amend: "the venue's figure is taken over",
  report: 'a person looks at it',
  merge: 'the documents become one',
  cancelStop: 'the order is cancelled',
  protect: 'a stop is placed',
};

const differenceOf = ({ positions, action, ...rest }: Discrepancy): Difference => ({
  ...rest,
  positionId: positions[0]?.positionId ?? null,
  action: WORDS[action.kind],
});

/** Sights of one difference after which people are told even though nothing could be done. */
const TELL_AFTER = 6;

/** Records each difference before it is acted on, acts, and records what came of it. */
export async function carryOut(
  ports: ExecutionPorts,
  account: Account,
  { found, look }: { readonly found: readonly Discrepancy[]; readonly look: LedgerLook },
): Promise<Tally> {
  const counts = { opened: 0, closed: 0, updated: 0 };
  const ignored: string[] = [];
  const failures: Error[] = [];
  for (const discrepancy of found)
    try {
      const acted = await carryOutOne(ports, account, { discrepancy, look });
      if (acted?.kind === 'ignored') ignored.push(discrepancy.key);
      if (acted?.kind === 'done') counts[countedAs(discrepancy)] += 1;
    } catch (error) {
      failures.push(error instanceof Error ? error : new Error(String(error)));
    }
  return { ...counts, ignored, failures };
}

function countedAs({ type }: Discrepancy): 'opened' | 'closed' | 'updated' {
  if (type === 'D1' || type === 'D2') return 'opened';
  return ['D3', 'D4', 'D5', 'D6', 'D8'].includes(type) ? 'closed' : 'updated';
}

async function carryOutOne(
  ports: ExecutionPorts,
  account: Account,
  { discrepancy, look }: { readonly discrepancy: Discrepancy; readonly look: LedgerLook },
): Promise<Acted | null> {
  const { store, clock } = ports;
  const bookId = discrepancy.positions[0]?.bookId ?? homeOf(account).bookId;
  const difference = differenceOf(discrepancy);
  if (discrepancy.action.kind === 'protect')
    return protect(ports, discrepancy.action.position, difference);
  const recordId = await recordIdOf(store, bookId, difference);
  const seen = { bookId, id: recordId, difference, now: clock.wallNow() };
  const record = await recordSight(store, seen);
  const acting: Acting = { account, bookId, recordId, difference, seen: look.positions };
  const acted = await act(ports, acting, discrepancy.action);
  if (acted?.kind === 'ignored')
    await resolveGone(store, record, { outcome: acted.outcome, now: clock.wallNow() });
  const isSettled = acted?.kind === 'done';
  if (isSettled && discrepancy.type === 'D4') await pauseTraders(ports, { discrepancy, look });
  // What was put right may be of another size now, or gone: its stop follows at once.
  if (isSettled)
    for (const position of discrepancy.positions) await protectPosition(ports, position);
  if (discrepancy.severity !== 'INFO' && (isSettled || isWorthTelling(discrepancy, record.seen)))
    await tell(ports, acting, isSettled);
  return acted;
}

const isWorthTelling = ({ action, type }: Discrepancy, seen: number): boolean =>
  action.kind === 'markUnconfirmed' || type === 'D10' || seen >= TELL_AFTER;

async function act(
  ports: ExecutionPorts,
  acting: Acting,
  action: ReconcileAction,
): Promise<Acted | null> {
  switch (action.kind) {
    case 'wait':
    case 'report':
      return null;
    case 'markUnconfirmed':
      await markUnconfirmed(ports, action.positions);
      return null;
    case 'recordOrders':
      return recordOrders(ports, acting, action.orders);
    case 'bookFills':
      return bookForeign(ports, acting, action);
    case 'correct':
      return carryOutCorrection(ports, acting, action);
    case 'amend':
      return amend(ports, acting, action);
    case 'merge':
      return merge(ports, acting, action);
    case 'cancelStop':
      return cancelStop(ports, acting, action.order);
    case 'protect':
      return null;
  }
}

/** Recorded only where there was something to do: a position that is too small for a stop needs none. */
async function protect(
  ports: ExecutionPorts,
  { bookId, positionId }: { readonly bookId: string; readonly positionId: string },
  difference: Difference,
): Promise<Acted | null> {
  const { store, clock } = ports;
  const result = await protectPosition(ports, { bookId, positionId });
  if (result === 'nothing' || result === 'unsupported' || result === 'busy') return null;
  const now = clock.wallNow();
  const id = await recordIdOf(store, bookId, difference);
  const record = await recordSight(store, { bookId, id, difference, now });
  if (result === 'stuck') return null;
  const outcome = result === 'closing' ? 'the position is being closed' : `a stop was ${result}`;
  await resolveGone(store, record, { outcome, now });
  return { kind: 'done', outcome };
}

async function cancelStop(
  ports: ExecutionPorts,
  acting: Acting,
  { bookId, orderId }: { readonly bookId: string; readonly orderId: string },
): Promise<Acted | null> {
  const order = await ports.store.get(paths.order(bookId, orderId), orderDoc);
  if (order === undefined) return null;
  const cancelled = await cancelAtVenue(ports, acting.account.venue, order);
  if (cancelled.kind !== 'recorded') return null;
  await protectAfter(ports, { before: order, after: cancelled.order });
  const outcome = `the order is ${cancelled.order.status}`;
  const now = ports.clock.wallNow();
  const record = { bookId: acting.bookId, reconciliationId: acting.recordId };
  await resolveGone(ports.store, record, { outcome, now });
  return { kind: 'done', outcome };
}

async function tell(
  { store, clock }: ExecutionPorts,
  { bookId, difference }: Acting,
  isSettled: boolean,
): Promise<void> {
  const { type, severity, cause, symbol, key, before, after, action } = difference;
  if (severity === 'INFO') return;
  const end = isSettled ? 'It was put right.' : 'It is not put right yet.';
  await raiseAlert(store, {
    rule: `reconciliation_${type}`,
    severity,
    message: `${key}: ${cause} Ledger ${textOf(before)}, venue ${textOf(after)}; ${action}. ${end}`,
    details: { key, ...before },
    bookId,
    symbol,
    label: key,
    now: clock.wallNow(),
  });
}

const textOf = (fields: Readonly<Record<string, string>>): string =>
  Object.entries(fields)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');

/** A strategy that was liquidated enters nothing until a person has looked (D4). */
async function pauseTraders(
  { store, clock }: ExecutionPorts,
  { discrepancy, look }: { readonly discrepancy: Discrepancy; readonly look: LedgerLook },
): Promise<void> {
  const ids = new Set(discrepancy.positions.map(({ positionId }) => positionId));
  const strategyIds = new Set(
    look.positions.filter(({ positionId }) => ids.has(positionId)).map((it) => it.strategyId),
  );
  for (const id of strategyIds)
    await store.transact(async (tx) => {
      const [bot, strategy] = await Promise.all([
        tx.get(paths.bot(id), botDoc),
        tx.get(paths.strategy(id), strategyDoc),
      ]);
      const now = clock.wallNow();
      if (bot?.status === 'RUNNING')
        tx.set(paths.bot(id), botDoc, {
          ...bot,
          status: 'STOPPED',
          updatedAt: now,
          version: bot.version + 1,
        });
      if (strategy?.status === 'RUNNING')
        tx.set(paths.strategy(id), strategyDoc, { ...strategy, status: 'PAUSED', updatedAt: now });
    });
}
