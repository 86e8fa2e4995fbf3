import { pendingSignals } from '@tradewind/adapters/execution/ledger-queries';
import type { ExecutionPorts } from '@tradewind/adapters/execution/ports';
import type { CommandReply } from '@tradewind/contracts/callables';
import { bookDoc, riskStateDoc, type BookDoc } from '@tradewind/contracts/documents/book';
import { signalDoc } from '@tradewind/contracts/documents/execution';
import { paths } from '@tradewind/contracts/paths';
import { refuse } from '../callables/refuse.ts';

type Ports = Pick<ExecutionPorts, 'store' | 'clock' | 'venueOf'>;

/** The gate decides within seconds, and order sync what it missed after ten: what waits longer, waits for nobody. */
const UNHEARD_AFTER_MS = 60_000;
const LOOKED_AT = 100;

/** Why nobody would decide signals of `book`, or send what comes of them; `null` when somebody does. */
async function whyUnheard({ store, clock, venueOf }: Ports, book: BookDoc): Promise<string | null> {
  const { bookId } = book;
  const risk = await store.get(paths.riskState(bookId), riskStateDoc);
  if (risk === undefined) return 'it has no risk state, without which no signal is decided';
  try {
    await venueOf(book);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const waiting = await store.queryEach(pendingSignals(store, bookId, LOOKED_AT), signalDoc);
  const due = clock.wallNow() - UNHEARD_AFTER_MS;
  const old = waiting.filter((found) => found.ok && found.value.createdAt < due).length;
  return old === 0
    ? null
    : `${old} of its signals have waited undecided for more than a minute: the gate does not run. Look at the logs of decideSignals and syncOrders`;
}

/**
 * Refuses what is to run in a book whose signals nobody would turn into orders (EXE-04); `null` where somebody would.
 * A book that does not exist is for whoever asks to tell.
 */
export async function refuseUnheard(ports: Ports, bookId: string): Promise<CommandReply | null> {
  const book = await ports.store.get(paths.book(bookId), bookDoc);
  if (book === undefined) return null;
  const why = await whyUnheard(ports, book);
  return why === null
    ? null
    : refuse('no_consumer', `Signals in ${book.name} would lead to no order: ${why}.`);
}
