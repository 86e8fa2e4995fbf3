import { signalDoc, type SignalDoc } from '@tradewind/contracts/documents/execution';
import { nextSignals } from '@tradewind/core/order/next-signals';
import { raiseAlert } from '../alerts/raise-alert.ts';
import { withLease } from '../ledger/lease.ts';
import type { Parsed } from '../ledger/store.ts';
import { decideBatch, type Batch } from './decide-batch.ts';
import { pendingSignals } from './ledger-queries.ts';
import type { ExecutionPorts } from './ports.ts';
import { tellNews } from './trader-news.ts';

/** Verdicts of one transaction. */
export const BATCH_SIZE = 100;
/** Read at once, so that a backlog is decided in a fair order. */
const BACKLOG = 1_000;

/** What one run of the gate did; `busy`: another one is at it and sees the same signals. */
export type GateRun = {
  readonly decided: number;
  readonly approved: number;
  readonly busy: boolean;
};

/**
 * Decides all pending signals of a book, oldest first, as its only decider (04, preamble); in a storm nobody waits
 * behind the strategy that fires it. A signal
 * that arrives while another process holds the gate is seen by that process, which looks once more
 * after it has let go.
 */
export async function runGate(ports: ExecutionPorts, bookId: string): Promise<GateRun> {
  const total = { decided: 0, approved: 0 };
  for (;;) {
    const run = await withLease(
      ports.store,
      {
        name: `gate-${bookId}`,
        owner: ports.actor,
        ms: ports.settings.gateLeaseMs,
        clock: ports.clock,
      },
      (lease) => drain(ports, bookId, lease.renew),
    );
    if (!run.held) return { ...total, busy: true };
    total.decided += run.value.decided;
    total.approved += run.value.approved;
    const more = await ports.store.queryEach(pendingSignals(ports.store, bookId, 1), signalDoc);
    if (more.length === 0) return { ...total, busy: false };
  }
}

async function drain(
  ports: ExecutionPorts,
  bookId: string,
  renew: () => Promise<boolean>,
): Promise<{ readonly decided: number; readonly approved: number }> {
  const total = { decided: 0, approved: 0 };
  for (;;) {
    const listed = await nextBatch(ports, bookId);
    if (listed.length === 0) return total;
    const batch = await ports.store.transact((tx) => decideBatch(ports, tx, { bookId, listed }));
    await enqueue(ports, bookId, batch);
    await tellNews(ports, bookId, batch.told);
    total.decided += batch.decided;
    total.approved += batch.approved.length;
    if (!(await renew())) return total;
  }
}

/** The signals to decide next; what cannot be read is set aside and stops nothing. */
async function nextBatch(ports: ExecutionPorts, bookId: string): Promise<readonly SignalDoc[]> {
  const readable: SignalDoc[] = [];
  for (const found of await listPending(ports, bookId)) {
    if (found.ok) readable.push(found.value);
    else await setAside(ports, bookId, found);
  }
  return nextSignals(readable, BATCH_SIZE);
}

/** Pending signals; of a backlog that is longer than one look, all exits are among them. */
async function listPending(
  { store }: ExecutionPorts,
  bookId: string,
): Promise<readonly Parsed<SignalDoc>[]> {
  const listed = await store.queryEach(pendingSignals(store, bookId, BACKLOG), signalDoc);
  if (listed.length < BACKLOG) return listed;
  const exits = pendingSignals(store, bookId, BACKLOG).where('action', 'in', ['EXIT', 'REDUCE']);
  const known = new Set(listed.map(({ id }) => id));
  return [
    ...listed,
    ...(await store.queryEach(exits, signalDoc)).filter(({ id }) => !known.has(id)),
  ];
}

async function setAside(
  ports: ExecutionPorts,
  bookId: string,
  { id, path, fault }: Extract<Parsed<SignalDoc>, { readonly ok: false }>,
): Promise<void> {
  await ports.store.setAside(path, {
    executionStatus: 'REJECTED',
    rejectionReason: 'strategy_error',
    fault,
  });
  await raiseAlert(ports.store, {
    rule: 'malformed_signal',
    severity: 'WARNING',
    message: `Signal ${id} is malformed and was refused: ${fault}`,
    details: { signalId: id, fault },
    bookId,
    symbol: null,
    label: id,
    now: ports.clock.wallNow(),
  });
}

/** After the commit; what is lost here is found by order sync (EXE-01). */
async function enqueue(ports: ExecutionPorts, bookId: string, batch: Batch): Promise<void> {
  await Promise.all(
    batch.approved.map(({ intentId }) =>
      ports.queue.enqueue('executeIntent', { bookId, intentId }, { id: intentId }),
    ),
  );
}
