import { ledgerDoc, positionDoc } from '@tradewind/contracts/documents/book';
import { paths } from '@tradewind/contracts/paths';
import type { EpochMs } from '@tradewind/core/lib/time';
import { addMoney, negMoney, ZERO_MONEY, type Money } from '@tradewind/core/lib/units';
import { capitalPostings } from '@tradewind/core/portfolio/accounts';
import { openPositions } from '../execution/ledger-queries.ts';
import type { ExecutionPorts } from '../execution/ports.ts';
import { readOpenBook, writeBookChange } from './book-change.ts';

/** Quote currency that came to a book or left it without a trade (PF-38). */
export type BookFlow = {
  readonly bookId: string;
  /** Names it for good: the same flow is booked once. */
  readonly entryId: string;
  readonly kind: 'deposit' | 'withdrawal' | 'funding';
  /** Negative when it left. */
  readonly amount: Money;
  /** Of funding: its market. */
  readonly symbol: string | null;
  readonly cause: string;
  readonly at: EpochMs;
};

/**
 * Books a flow as an entry of the ledger; false where it is booked already. Deposits and withdrawals are no profit:
 * the day's opening equity and the peak move with them. Funding is: it belongs to the position that it was for.
 */
export function bookFlow({ store, clock }: ExecutionPorts, flow: BookFlow): Promise<boolean> {
  const { bookId, entryId, kind, amount, symbol, cause, at } = flow;
  const isFunding = kind === 'funding';
  return store.transact(async (tx) => {
    const [known, open, held] = await Promise.all([
      tx.get(paths.ledgerEntry(bookId, entryId), ledgerDoc),
      readOpenBook(tx, bookId),
      isFunding ? tx.query(openPositions(store, bookId), positionDoc) : [],
    ]);
    if (known !== undefined) return false;
    const wallNow = clock.wallNow();
    const [position] = held.filter((each) => each.symbol === symbol);
    if (position !== undefined)
      tx.set(paths.position(bookId, position.positionId), positionDoc, {
        ...position,
        realizedPnl: addMoney(position.realizedPnl, amount),
        updatedAt: wallNow,
        version: position.version + 1,
      });
    writeBookChange(tx, open, {
      change: {
        cash: amount,
        realizedPnl: isFunding ? amount : ZERO_MONEY,
        flow: isFunding ? ZERO_MONEY : amount,
        entry: {
          entryId,
          kind,
          cause,
          postings: isFunding
            ? [
                { account: 'cash', amount },
                { account: 'realized', amount: negMoney(amount) },
              ]
            : capitalPostings(amount),
        },
      },
      wallNow,
      marketNow: at,
    });
    return true;
  });
}
