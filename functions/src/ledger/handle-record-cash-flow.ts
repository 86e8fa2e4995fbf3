import type { ExecutionPorts } from '@tradewind/adapters/execution/ports';
import { bookFlow } from '@tradewind/adapters/reconcile/cash-flow';
import type { CommandReply } from '@tradewind/contracts/callables';
import { bookDoc } from '@tradewind/contracts/documents/book';
import { paths } from '@tradewind/contracts/paths';
import { formatDecimal, type Money } from '@tradewind/core/lib/units';
import { refuse } from '../callables/refuse.ts';

type Request = {
  readonly commandId: string;
  readonly bookId: string;
  readonly amount: Money;
  readonly reason: string;
  readonly by: string;
};

/** Books the flow once, whatever happens to the command: its id names the entry. */
export async function handleRecordCashFlow(
  ports: ExecutionPorts,
  { commandId, bookId, amount, reason, by }: Request,
): Promise<CommandReply> {
  const book = await ports.store.get(paths.book(bookId), bookDoc);
  if (book === undefined) return refuse('not_found', `There is no book "${bookId}".`);
  const entryId = `command-${commandId}`;
  await bookFlow(ports, {
    ...{ bookId, entryId, amount, symbol: null },
    kind: amount < 0n ? 'withdrawal' : 'deposit',
    cause: `${reason} (${by})`,
    at: ports.clock.marketNow(),
  });
  const message = `${formatDecimal(amount)} ${book.quote} is in the books of ${book.name}.`;
  return { ok: true, code: 'recorded', message, id: entryId };
}
