import { readLimits } from '@tradewind/adapters/execution/gate-figures';
import type { Store, StoreTx } from '@tradewind/adapters/ledger/store';
import {
  bookDoc,
  bookMarket,
  isOfBook,
  riskStateDoc,
  type BookDoc,
} from '@tradewind/contracts/documents/book';
import { strategyDoc, symbolOf, type StrategyDoc } from '@tradewind/contracts/documents/strategy';
import { paths } from '@tradewind/contracts/paths';
import { err, ok, type Result } from '@tradewind/core/lib/result';
import type { EpochMs } from '@tradewind/core/lib/time';
import { formatDecimal } from '@tradewind/core/lib/units';
import type { Limits } from '@tradewind/core/risk/limits';
import { moveStrategy } from '@tradewind/core/session/lifecycle';
import type { Fault } from '@tradewind/strategies/check';
import type { Command } from '../callables/handle-callable.ts';

type Request = Command<'startSession'>;

/** Markets that one session may start, over all strategies: they are written together. */
const MAX_PARTS = 200;

function bookFaults(request: Request, book: BookDoc, { maxLeverage }: Limits): Fault[] {
  const { mode, leverage, initialCapital } = request;
  const faults: Fault[] = [];
  const fault = (field: string, words: string): void => void faults.push({ field, fault: words });
  if (book.mode !== mode) fault('mode', `${book.name} is a ${book.mode} book, not ${mode}`);
  if (book.status !== 'RUNNING') fault('bookId', `${book.name} is ${book.status.toLowerCase()}`);
  if (initialCapital > book.cash)
    fault(
      'initialCapital',
      `${book.name} has ${formatDecimal(book.cash)} ${book.quote} free, which is less than ${formatDecimal(initialCapital)}`,
    );
  if (leverage > maxLeverage)
    fault('leverage', `${leverage} is above the ceiling of ${book.name}, ${maxLeverage}`);
  else if (leverage > 1 && bookMarket(book) === 'spot')
    fault(
      'leverage',
      `${book.name} trades spot, which knows no leverage: ${leverage} would do nothing`,
    );
  return faults;
}

function strategyFaults(
  request: Request,
  book: BookDoc,
  strategies: readonly (StrategyDoc | undefined)[],
): Fault[] {
  const { bookId, symbols, strategyIds } = request;
  const traded = new Set<string>();
  const faults: Fault[] = [];
  const fault = (field: string, words: string): void => void faults.push({ field, fault: words });
  for (const [index, strategy] of strategies.entries()) {
    if (strategy === undefined) {
      fault('strategyIds', `there is no strategy "${strategyIds[index] ?? ''}"`);
      continue;
    }
    const { name, marketKeys, status } = strategy;
    if (strategy.bookId !== bookId) fault('strategyIds', `${name} belongs to another book`);
    const moved = moveStrategy(status, 'start');
    if (!moved.ok) fault('strategyIds', `${name} ${moved.error}`);
    for (const key of marketKeys)
      if (!isOfBook(book, key))
        fault('strategyIds', `${name} trades ${key}, which is no market of ${book.name}`);
    for (const symbol of marketKeys.map(symbolOf)) {
      traded.add(symbol);
      if (!symbols.includes(symbol))
        fault('symbols', `${name} trades ${symbol}, which the session does not name`);
    }
  }
  for (const symbol of symbols)
    if (!traded.has(symbol)) fault('symbols', `no strategy of the session trades ${symbol}`);
  return faults;
}

/** What a session is to be started with. */
export type Checked = {
  readonly book: BookDoc;
  readonly strategies: readonly StrategyDoc[];
};

/** Reads what a session is made of and judges it (STR-90): all of it good, or every fault. */
export async function checkSession(
  tx: Pick<Store & StoreTx, 'get' | 'getMany'>,
  request: Request,
  wallNow: EpochMs,
): Promise<Result<Checked, readonly Fault[]>> {
  const { bookId, strategyIds } = request;
  const book = await tx.get(paths.book(bookId), bookDoc);
  if (book === undefined) return err([{ field: 'bookId', fault: `there is no book "${bookId}"` }]);
  const [risk, limits] = await Promise.all([
    tx.get(paths.riskState(bookId), riskStateDoc),
    readLimits(tx, book, wallNow),
  ]);
  const strategies = await tx.getMany(strategyIds.map(paths.strategy), strategyDoc);
  const known = strategies.filter((strategy) => strategy !== undefined);
  const parts = known.reduce((sum, { marketKeys }) => sum + marketKeys.length, 0);
  const faults = [
    ...bookFaults(request, book, limits),
    ...strategyFaults(request, book, strategies),
    ...(parts > MAX_PARTS
      ? [{ field: 'strategyIds', fault: `${parts} markets in all are more than ${MAX_PARTS}` }]
      : []),
    ...(risk === undefined || risk.emergencyStop
      ? [{ field: 'bookId', fault: 'an emergency stop is in force; an admin resets it' }]
      : []),
  ];
  return faults.length === 0 ? ok({ book, strategies: known }) : err(faults);
}
