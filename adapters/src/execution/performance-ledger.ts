import {
  bookDoc,
  tradeDoc,
  type BookDoc,
  type TradeDoc,
} from '@tradewind/contracts/documents/book';
import { performanceDoc, type PerformanceDoc } from '@tradewind/contracts/documents/performance';
import { strategyDoc } from '@tradewind/contracts/documents/strategy';
import { paths } from '@tradewind/contracts/paths';
import type { Money } from '@tradewind/core/lib/units';
import {
  addTrade,
  agrees,
  figuresOf,
  performanceInit,
  performanceOf,
  scopesOf,
  type Performance,
} from '@tradewind/core/portfolio/performance';
import { raiseAlert } from '../alerts/raise-alert.ts';
import type { ExecutionPorts } from './ports.ts';

type Ports = Pick<ExecutionPorts, 'store' | 'clock' | 'log'>;

const KEPT_IDS = 200;

const sumsOf = (doc: PerformanceDoc | undefined): Performance => doc?.sums ?? performanceInit;

const storedFigures = (performance: Performance, capital: Money) => {
  const { grade, ...figures } = figuresOf(performance, capital);
  return {
    sums: { ...performance, days: { ...performance.days }, hours: { ...performance.hours } },
    figures: { ...figures, grade: grade === null ? null : { ...grade } },
  };
};

/**
 * Adds one closed trade to every scope that it counts in, in one transaction (PF-90). The book's own figures remember
 * the trades that were counted last, so that one which is told twice counts once.
 */
export async function countTrade({ store, clock }: Ports, trade: TradeDoc): Promise<boolean> {
  const { bookId, tradeId, strategyId } = trade;
  return store.transact(async (tx) => {
    const [book, strategy] = await Promise.all([
      tx.get(paths.book(bookId), bookDoc),
      tx.get(paths.strategy(strategyId), strategyDoc),
    ]);
    // What was closed while figures are frozen is counted by the night's count, once they are not (PF-35).
    if (book === undefined || (book.frozen ?? null) !== null) return false;
    const scopes = scopesOf(trade, strategy?.sessionId ?? null);
    const known = await tx.getMany(
      scopes.map((scope) => paths.performance(bookId, scope)),
      performanceDoc,
    );
    if (known[0]?.counted.includes(tradeId) === true) return false;
    for (const [index, scope] of scopes.entries()) {
      const before = known[index];
      tx.set(paths.performance(bookId, scope), performanceDoc, {
        bookId,
        scope,
        ...storedFigures(addTrade(sumsOf(before), trade), book.initialBalance),
        counted: [...(before?.counted ?? []), tradeId].slice(-KEPT_IDS),
        recomputedAt: before?.recomputedAt ?? null,
        updatedAt: clock.wallNow(),
      });
    }
    return true;
  });
}

/**
 * Counts all trades of a book anew (PF-90). A scope whose sum differs by more than 0.01 is told and replaced: the trades
 * are the truth. Sessions are not counted anew, since a trade does not say which one it was of.
 *
 * @returns scopes that were wrong.
 */
export async function recomputePerformance(
  { store, clock, log }: Ports,
  book: BookDoc,
): Promise<readonly string[]> {
  const { bookId, initialBalance } = book;
  if ((book.frozen ?? null) !== null) return [];
  const trades = await store.query(
    store.firestore.collection(paths.trades(bookId)).orderBy('closedAt'),
    tradeDoc,
  );
  const byScope = new Map<string, TradeDoc[]>();
  for (const trade of trades)
    for (const scope of scopesOf(trade, null))
      byScope.set(scope, [...(byScope.get(scope) ?? []), trade]);
  const wrong: string[] = [];
  for (const [scope, own] of byScope) {
    const anew = performanceOf(own);
    const path = paths.performance(bookId, scope);
    const wasRight = await store.transact(async (tx) => {
      const known = await tx.get(path, performanceDoc);
      // One that was closed since the trades were read is counted by its own trigger.
      if (known !== undefined && known.sums.trades > own.length) return true;
      const now = clock.wallNow();
      tx.set(path, performanceDoc, {
        bookId,
        scope,
        ...storedFigures(anew, initialBalance),
        counted: own.slice(-KEPT_IDS).map(({ tradeId }) => tradeId),
        recomputedAt: now,
        updatedAt: now,
      });
      return known !== undefined && agrees(known.sums, anew);
    });
    if (!wasRight) wrong.push(scope);
  }
  if (wrong.length > 0) {
    log.warn('performance was not what the trades make', { bookId, scopes: wrong });
    await raiseAlert(store, {
      rule: 'performance_drift',
      severity: 'WARNING',
      message: `Figures of ${book.name} were not what its trades make and were replaced: ${wrong.join(', ')}.`,
      details: { scopes: wrong.join(', ') },
      bookId,
      symbol: null,
      now: clock.wallNow(),
    });
  }
  return wrong;
}
