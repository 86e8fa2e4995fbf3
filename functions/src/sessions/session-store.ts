import { withLease } from '@tradewind/adapters/ledger/lease';
import type { ExecutionPorts } from '@tradewind/adapters/execution/ports';
import type { Store } from '@tradewind/adapters/ledger/store';
import type { CommandReply } from '@tradewind/contracts/callables';
import { tradeDoc, type TradeDoc } from '@tradewind/contracts/documents/book';
import type { SessionDoc } from '@tradewind/contracts/documents/session';
import { paths } from '@tradewind/contracts/paths';
import { epochMs, type EpochMs } from '@tradewind/core/lib/time';
import { sessionFigures, type SessionFigures } from '@tradewind/core/session/figures';
import { refuse } from '../callables/refuse.ts';

/** Longer than a command may take: a dead one is forgotten after this. */
const LEASE_MS = 130_000;

/** Runs a command as the only one on sessions of its book. */
export async function alone(
  { store, clock, actor }: ExecutionPorts,
  bookId: string,
  command: () => Promise<CommandReply>,
): Promise<CommandReply> {
  const lease = { name: `session-${bookId}`, owner: actor, ms: LEASE_MS, clock };
  const result = await withLease(store, lease, command);
  return result.held
    ? result.value
    : refuse('busy', 'Another command on a session of this book is under way. Try again shortly.');
}

const tradesSince = (
  { firestore }: Pick<Store, 'firestore'>,
  { bookId, strategyIds }: SessionDoc,
  since: EpochMs,
) =>
  firestore
    .collection(paths.trades(bookId))
    .where('strategyId', 'in', strategyIds)
    .where('closedAt', '>=', new Date(since));

/** The round trips that a session's strategies closed since it began, the oldest first. */
export async function readTrades(
  { query, firestore }: Pick<Store, 'query' | 'firestore'>,
  session: SessionDoc,
): Promise<readonly TradeDoc[]> {
  const trades = await query(tradesSince({ firestore }, session, session.startTime), tradeDoc);
  return trades.sort((a, b) => a.closedAt - b.closedAt);
}

/** Whether a trade closed that the session's figures do not count yet: a query that reads one document at most. */
export async function hasNewTrades(
  { query, firestore }: Pick<Store, 'query' | 'firestore'>,
  session: SessionDoc,
): Promise<boolean> {
  const { startTime, countedUntil } = session;
  const since = countedUntil === null ? startTime : epochMs(countedUntil + 1);
  const found = await query(tradesSince({ firestore }, session, since).limit(1), tradeDoc);
  return found.length > 0;
}

/** What a session has come to until `to`. */
export async function readFigures(
  store: Pick<Store, 'query' | 'firestore'>,
  session: SessionDoc,
  to: EpochMs,
): Promise<SessionFigures> {
  const trades = await readTrades(store, session);
  return sessionFigures(trades, session.initialBalance, { from: session.startTime, to });
}
