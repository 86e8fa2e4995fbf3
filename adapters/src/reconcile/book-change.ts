import {
  bookDoc,
  ledgerDoc,
  riskStateDoc,
  type BookDoc,
  type LedgerDoc,
  type RiskStateDoc,
} from '@tradewind/contracts/documents/book';
import { paths } from '@tradewind/contracts/paths';
import type { EpochMs } from '@tradewind/core/lib/time';
import { addMoney, ZERO_MONEY, type Money } from '@tradewind/core/lib/units';
import { balancedPostings, type Posting } from '@tradewind/core/portfolio/accounts';
import { requireBook } from '../execution/records.ts';
import type { StoreTx } from '../ledger/store.ts';

/** A book and its risk state, to be changed by something that no order caused. */
export type OpenBook = { readonly book: BookDoc; readonly risk: RiskStateDoc | undefined };

/** @throws Error when the book does not exist. */
export async function readOpenBook(tx: StoreTx, bookId: string): Promise<OpenBook> {
  const [book, risk] = await Promise.all([
    requireBook(tx, bookId),
    tx.get(paths.riskState(bookId), riskStateDoc),
  ]);
  return { book, risk };
}

/** What changes, and the entry of the ledger that says so. */
export type BookChange = {
  readonly cash: Money;
  readonly realizedPnl: Money;
  /** What came from outside, or left: no profit and no loss (PF-38). */
  readonly flow: Money;
  readonly dust?: BookDoc['dust'];
  readonly entry: Pick<LedgerDoc, 'entryId' | 'kind'> & {
    readonly postings: readonly Posting[];
    readonly cause: string;
  };
};

/** Equity that came from outside is neither a gain of the day nor a new peak (RSK-33). */
const withFlow = (risk: RiskStateDoc, flow: Money, now: EpochMs): RiskStateDoc => ({
  ...risk,
  openingEquity: addMoney(risk.openingEquity, flow),
  peakEquity: addMoney(risk.peakEquity, flow),
  equity: addMoney(risk.equity, flow),
  updatedAt: now,
});

/** Writes the book, its risk state and the ledger's entry; an entry of nothing is left out. */
export function writeBookChange(
  tx: StoreTx,
  { book, risk }: OpenBook,
  {
    change,
    wallNow,
    marketNow,
  }: { readonly change: BookChange; readonly wallNow: EpochMs; readonly marketNow: EpochMs },
): void {
  const { bookId } = book;
  const { cash, realizedPnl, flow, dust, entry } = change;
  tx.set(paths.book(bookId), bookDoc, {
    ...book,
    cash: addMoney(book.cash, cash),
    realizedPnl: addMoney(book.realizedPnl, realizedPnl),
    ...(flow === 0n ? {} : { netDeposits: addMoney(book.netDeposits ?? ZERO_MONEY, flow) }),
    ...(dust === undefined ? {} : { dust }),
    updatedAt: wallNow,
  });
  // Also without a flow: a gate that decides on the positions before has to decide again.
  if (risk !== undefined)
    tx.set(paths.riskState(bookId), riskStateDoc, withFlow(risk, flow, wallNow));
  if (entry.postings.length === 0) return;
  const { entryId, kind, cause } = entry;
  tx.set(paths.ledgerEntry(bookId, entryId), ledgerDoc, {
    entryId,
    bookId,
    orderId: null,
    kind,
    postings: [...balancedPostings(entry.postings, entryId)],
    cause,
    at: marketNow,
  });
}
