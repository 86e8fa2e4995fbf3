import { checkBook } from '@tradewind/adapters/reconcile/check-book';
import { epochMs } from '@tradewind/core/lib/time';
import type { Answer } from './answer.ts';
import { connect, type Target } from './connect.ts';

/** Checks a book against itself (EXE-64). @throws Error when the book is not there. */
export async function checkLedger(target: Target, bookId: string): Promise<Answer> {
  const { store } = await connect(target);
  const check = await checkBook(store, bookId, epochMs(Date.now()));
  const { faults, orders, fills, entries } = check;
  const seen = `${orders} orders, ${fills} fills, ${entries} entries`;
  const text =
    faults.length === 0
      ? `${bookId} is right: ${seen}.`
      : [
          `${bookId} has ${faults.length} faults in ${seen}:`,
          ...faults.map(({ check: name, words }) => `  ${name.padEnd(10)} ${words}`),
        ].join('\n');
  return { ok: faults.length === 0, text, data: check };
}
