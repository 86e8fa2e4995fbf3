import { withLease } from '@tradewind/adapters/ledger/lease';
import type { ExecutionPorts } from '@tradewind/adapters/execution/ports';
import type { Store } from '@tradewind/adapters/ledger/store';
import type { CommandReply } from '@tradewind/contracts/callables';
import { tradeDoc } from '@tradewind/contracts/documents/book';
import type { SessionDoc } from '@tradewind/contracts/documents/session';
import { paths } from '@tradewind/contracts/paths';
import type { EpochMs } from '@tradewind/core/lib/time';
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

/** What a session has come to until `to`, from the round trips that its strategies closed since it began. */
export async function readFigures(
  { query, firestore }: Pick<Store, 'query' | 'firestore'>,
  { bookId, strategyIds, startTime, initialBalance }: SessionDoc,
  to: EpochMs,
): Promise<SessionFigures> {
  const trades = await query(
    firestore
      .collection(paths.trades(bookId))
      .where('strategyId', 'in', strategyIds)
      .where('closedAt', '>=', new Date(startTime)),
    tradeDoc,
  );
  return sessionFigures(trades, initialBalance, { from: startTime, to });
}
