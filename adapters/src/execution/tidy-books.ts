import {
  bookDoc,
  positionDoc,
  riskStateDoc,
  type BookDoc,
} from '@tradewind/contracts/documents/book';
import { intentDoc } from '@tradewind/contracts/documents/execution';
import { performanceDoc } from '@tradewind/contracts/documents/performance';
import { budgetDoc } from '@tradewind/contracts/documents/risk';
import { auditDoc } from '@tradewind/contracts/documents/system';
import { paths } from '@tradewind/contracts/paths';
import { hashId } from '@tradewind/core/lib/ids';
import { formatDecimal } from '@tradewind/core/lib/units';
import { monthScope } from '@tradewind/core/portfolio/performance';
import { budgetDrift, budgetUse } from '@tradewind/core/risk/budget';
import { nextPhase } from '@tradewind/core/risk/smart-allocation';
import { codeVersion } from '../config/code-version.ts';
import { bookResults } from './gate-figures.ts';
import { refreshGates } from './judge-gates.ts';
import { openPositions, workingIntents } from './ledger-queries.ts';
import type { ExecutionPorts } from './ports.ts';

type Ports = Pick<ExecutionPorts, 'store' | 'clock' | 'log'>;

/**
 * Reckons the use of every budget of a book from its positions and working entries (RSK-57). What is off by more than
 * 0.01 is corrected with a record of it.
 *
 * @returns strategies whose budget was corrected.
 */
export function correctBudgets(
  { store, clock }: Ports,
  bookId: string,
): Promise<readonly string[]> {
  return store.transact(async (tx) => {
    const [budgets, positions, intents] = await Promise.all([
      tx.query(store.firestore.collection(paths.budgets(bookId)), budgetDoc),
      tx.query(openPositions(store, bookId), positionDoc),
      tx.query(workingIntents(store, bookId), intentDoc),
    ]);
    const now = clock.wallNow();
    const corrected: string[] = [];
    for (const budget of budgets) {
      const { strategyId } = budget;
      const used = budgetUse({ positions, workingIntents: intents }, strategyId);
      const drift = budgetDrift(budget.used, used);
      if (drift === null) continue;
      corrected.push(strategyId);
      tx.set(paths.budget(bookId, strategyId), budgetDoc, { ...budget, used, usedAt: now });
      const auditId = hashId('budgetDrift', bookId, strategyId, String(now));
      tx.set(paths.audit(auditId), auditDoc, {
        auditId,
        actor: 'tidyBooks',
        action: 'correctBudget',
        target: strategyId,
        reason: 'its use was not what its positions and working entries make',
        result: {
          stored: formatDecimal(budget.used),
          used: formatDecimal(used),
          drift: formatDecimal(drift),
        },
        at: now,
      });
    }
    return corrected;
  });
}

/** Evaluates the phase of smart allocation (RSK-71, RSK-72): down at once, up after a day. */
export function evaluatePhase(
  { store, clock }: Ports,
  { bookId, ...book }: BookDoc,
): Promise<void> {
  return store.transact(async (tx) => {
    const [risk, whole, month] = await Promise.all([
      tx.get(paths.riskState(bookId), riskStateDoc),
      tx.get(paths.performance(bookId, 'book'), performanceDoc),
      tx.get(paths.performance(bookId, monthScope(clock.marketNow())), performanceDoc),
    ]);
    if (risk === undefined) return;
    const results = bookResults(book, whole, month);
    const known = risk.cryptoPhase ?? undefined;
    const next = nextPhase(known, results, clock.marketNow());
    if (known?.phase === next.phase && known.bolderSince === next.bolderSince) return;
    const updatedAt = clock.wallNow();
    tx.set(paths.riskState(bookId), riskStateDoc, { ...risk, cryptoPhase: { ...next }, updatedAt });
  });
}

/** What is put in order every hour: the gates, and every book, whose failure is its own. */
export async function tidyBooks(ports: Ports): Promise<void> {
  const { store, log, clock } = ports;
  try {
    await refreshGates(store, { version: codeVersion(), now: clock.wallNow() });
  } catch (error) {
    log.error('the gates could not be judged', { error });
  }
  for (const book of await store.query(store.firestore.collection(paths.books), bookDoc))
    try {
      const corrected = await correctBudgets(ports, book.bookId);
      if (corrected.length > 0) log.warn('budgets corrected', { bookId: book.bookId, corrected });
      await evaluatePhase(ports, book);
    } catch (error) {
      log.error('a book could not be put in order', { bookId: book.bookId, error });
    }
}
