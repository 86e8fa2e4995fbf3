import { ledgerDoc, positionDoc, type PositionDoc } from '@tradewind/contracts/documents/book';
import { paths } from '@tradewind/contracts/paths';
import type { EpochMs } from '@tradewind/core/lib/time';
import {
  addMoney,
  addQty,
  shareOf,
  subMoney,
  ZERO_MONEY,
  ZERO_QTY,
  type Money,
} from '@tradewind/core/lib/units';
import { capitalPostings, resultPostings } from '@tradewind/core/portfolio/accounts';
import { openPositions } from '../execution/ledger-queries.ts';
import type { ExecutionPorts } from '../execution/ports.ts';
import { readOpenBook, writeBookChange } from './book-change.ts';

/** Quote currency that came to a book or left it without a trade (PF-38). */
export type BookFlow = {
  readonly bookId: string;
  /** Names it for good: the same flow is booked once. */
  readonly entryId: string;
  readonly kind: 'deposit' | 'withdrawal' | 'funding' | 'insurance';
  /** Negative when it left. */
  readonly amount: Money;
  /** Of funding and insurance: its market. */
  readonly symbol: string | null;
  readonly cause: string;
  readonly at: EpochMs;
};

/** `amount` over positions by their quantities; the last takes what rounding leaves. */
function sharesOf(amount: Money, positions: readonly PositionDoc[]) {
  const whole = positions.reduce((sum, { quantity }) => addQty(sum, quantity), ZERO_QTY);
  let left = amount;
  return positions.map((position, index) => {
    const isLast = index === positions.length - 1;
    const share = isLast ? left : shareOf(amount, { part: position.quantity, whole }, 'floor');
    left = subMoney(left, share);
    return { position, share };
  });
}

/**
 * Books a flow as an entry of the ledger; false where it is booked already. Deposits and withdrawals are no profit:
 * the day's opening equity and the peak move with them. Funding is, and so is what the venue's insurance bore of a
 * liquidation: it belongs to the open positions that it was for, by what they hold, and to the book where none is left.
 */
export function bookFlow({ store, clock }: ExecutionPorts, flow: BookFlow): Promise<boolean> {
  const { bookId, entryId, kind, amount, symbol, cause, at } = flow;
  const isResult = kind === 'funding' || kind === 'insurance';
  return store.transact(async (tx) => {
    const [known, open, held] = await Promise.all([
      tx.get(paths.ledgerEntry(bookId, entryId), ledgerDoc),
      readOpenBook(tx, bookId),
      isResult ? tx.query(openPositions(store, bookId), positionDoc) : [],
    ]);
    if (known !== undefined) return false;
    const wallNow = clock.wallNow();
    const positions = held.filter((each) => each.symbol === symbol);
    for (const { position, share } of sharesOf(amount, positions))
      tx.set(paths.position(bookId, position.positionId), positionDoc, {
        ...position,
        realizedPnl: addMoney(position.realizedPnl, share),
        updatedAt: wallNow,
        version: position.version + 1,
      });
    writeBookChange(tx, open, {
      change: {
        cash: amount,
        realizedPnl: isResult ? amount : ZERO_MONEY,
        flow: isResult ? ZERO_MONEY : amount,
        entry: {
          entryId,
          kind,
          cause,
          postings: isResult ? resultPostings(amount) : capitalPostings(amount),
        },
      },
      wallNow,
      marketNow: at,
    });
    return true;
  });
}
