import type { ExecutionPorts } from '@tradewind/adapters/execution/ports';
import type { CommandReply } from '@tradewind/contracts/callables';
import { bookDoc } from '@tradewind/contracts/documents/book';
import { paths } from '@tradewind/contracts/paths';
import type { Command } from '../callables/handle-callable.ts';
import { refuse } from '../callables/refuse.ts';

/** Keeps the range with the book; reports from the next one on compare with it, and nothing trades by it (RSK-73). */
export function handleSetTargetRange(
  { store, clock }: Pick<ExecutionPorts, 'store' | 'clock'>,
  { bookId, target }: Command<'setTargetRange'>,
): Promise<CommandReply> {
  return store.transact(async (tx): Promise<CommandReply> => {
    const book = await tx.get(paths.book(bookId), bookDoc);
    if (book === undefined) return refuse('not_found', `There is no book "${bookId}".`);
    tx.set(paths.book(bookId), bookDoc, { ...book, target, updatedAt: clock.wallNow() });
    const words =
      target === null
        ? 'Reports compare with no range any more.'
        : `Reports compare with ${target.leastPct} to ${target.mostPct} % a month.`;
    return { ok: true, code: 'set', message: words };
  });
}
