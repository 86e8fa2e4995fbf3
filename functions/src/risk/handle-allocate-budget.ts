import { openPositions, workingIntents } from '@tradewind/adapters/execution/ledger-queries';
import type { ExecutionPorts } from '@tradewind/adapters/execution/ports';
import type { CommandReply } from '@tradewind/contracts/callables';
import { bookDoc, positionDoc, riskStateDoc } from '@tradewind/contracts/documents/book';
import { intentDoc } from '@tradewind/contracts/documents/execution';
import { budgetDoc } from '@tradewind/contracts/documents/risk';
import { paths } from '@tradewind/contracts/paths';
import { formatDecimal } from '@tradewind/core/lib/units';
import { budgetUse, fitsEquity } from '@tradewind/core/risk/budget';
import type { Command } from '../callables/handle-callable.ts';
import { refuse } from '../callables/refuse.ts';

/** Allots an amount to a strategy, if all allotments together fit into the book's equity (RSK-55). */
export function handleAllocateBudget(
  { store, clock }: ExecutionPorts,
  { bookId, strategyId, amount }: Command<'allocateBudget'>,
  by: string,
): Promise<CommandReply> {
  return store.transact(async (tx): Promise<CommandReply> => {
    const [book, risk, budgets, positions, intents] = await Promise.all([
      tx.get(paths.book(bookId), bookDoc),
      tx.get(paths.riskState(bookId), riskStateDoc),
      tx.query(store.firestore.collection(paths.budgets(bookId)), budgetDoc),
      tx.query(openPositions(store, bookId), positionDoc),
      tx.query(workingIntents(store, bookId), intentDoc),
    ]);
    if (book === undefined || risk === undefined)
      return refuse('not_found', `There is no book "${bookId}".`);
    const others = budgets.filter((budget) => budget.strategyId !== strategyId);
    const allotted = [...others.map(({ allocated }) => allocated), amount];
    if (!fitsEquity(allotted, risk.equity))
      return refuse(
        'over_equity',
        `All budgets of ${book.name} together would be more than its equity of ${formatDecimal(risk.equity)} ${book.quote}.`,
      );
    const now = clock.wallNow();
    tx.set(paths.budget(bookId, strategyId), budgetDoc, {
      ...{ bookId, strategyId, allocated: amount, setBy: by, updatedAt: now, usedAt: now },
      used: budgetUse({ positions, workingIntents: intents }, strategyId),
    });
    const message = `${strategyId} may use ${formatDecimal(amount)} ${book.quote} of ${book.name}.`;
    return { ok: true, code: 'allocated', message, id: strategyId };
  });
}
