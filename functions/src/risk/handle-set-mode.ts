import { codeVersion } from '@tradewind/adapters/config/code-version';
import type { ExecutionPorts } from '@tradewind/adapters/execution/ports';
import type { StoreTx } from '@tradewind/adapters/ledger/store';
import type { CommandReply } from '@tradewind/contracts/callables';
import { bookDoc, riskStateDoc, type BookDoc } from '@tradewind/contracts/documents/book';
import { performanceDoc } from '@tradewind/contracts/documents/performance';
import { gateResultDoc } from '@tradewind/contracts/documents/risk';
import { alertDoc } from '@tradewind/contracts/documents/system';
import { paths } from '@tradewind/contracts/paths';
import type { EpochMs } from '@tradewind/core/lib/time';
import { entryObstacles } from '@tradewind/core/risk/mode-entry';
import type { Command } from '../callables/handle-callable.ts';
import { refuse } from '../callables/refuse.ts';
import { breakersOpen } from './breakers-open.ts';

type Asking = {
  readonly ports: Pick<ExecutionPorts, 'store'>;
  readonly book: BookDoc;
  readonly now: EpochMs;
  readonly openBreakers: number;
};

/** What keeps a small book from becoming a full one, in words; nobody can override it (OPS-60). */
async function obstacles(tx: StoreTx, { ports, book, now, openBreakers }: Asking) {
  const { bookId } = book;
  const { firestore } = ports.store;
  const critical = firestore.collection(paths.alerts).where('severity', '==', 'CRITICAL');
  const [risk, whole, gates, alerts] = await Promise.all([
    tx.get(paths.riskState(bookId), riskStateDoc),
    tx.get(paths.performance(bookId, 'book'), performanceDoc),
    tx.get(paths.config('gates'), gateResultDoc),
    tx.query(critical.where('state', '==', 'ACTIVE'), alertDoc),
  ]);
  const ofBook = alerts.filter((alert) => alert.bookId === bookId || alert.bookId === null);
  return entryObstacles({
    now,
    createdAt: book.createdAt,
    version: codeVersion(),
    gates: gates ?? null,
    trades: whole?.sums.trades ?? 0,
    returnPct: whole?.figures.returnPct ?? null,
    criticalAlerts: ofBook.length,
    openBreakers,
    emergencyStop: risk?.emergencyStop ?? true,
    reconciledAt: risk?.reconciliation?.at ?? null,
  });
}

/**
 * Changes the profile of a live book (RSK-06): down at once, up after all that the stage before asks for. Limits that
 * were set for the other profile do not follow.
 */
export async function handleSetMode(
  ports: ExecutionPorts,
  { bookId, mode }: Command<'setMode'>,
): Promise<CommandReply> {
  const { store, clock } = ports;
  const openBreakers = (await breakersOpen(store)).length;
  return store.transact(async (tx): Promise<CommandReply> => {
    const book = await tx.get(paths.book(bookId), bookDoc);
    if (book === undefined) return refuse('not_found', `There is no book "${bookId}".`);
    if (book.mode === 'paper')
      return refuse('paper_for_life', `${book.name} is a paper book for life: open another one.`);
    if (book.mode === mode)
      return { ok: true, code: 'unchanged', message: `${book.name} is ${mode} already.` };
    const now = clock.wallNow();
    const missing = mode === 'full' ? await obstacles(tx, { ports, book, now, openBreakers }) : [];
    if (missing.length > 0)
      return refuse('not_ready', `${book.name} stays small: ${missing.join('; ')}.`);
    tx.set(paths.book(bookId), bookDoc, { ...book, mode, updatedAt: now });
    return { ok: true, code: 'set', message: `${book.name} is ${mode} now.`, id: bookId };
  });
}
