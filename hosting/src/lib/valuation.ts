import type { BookDoc, PositionDoc } from '@tradewind/contracts/documents/book';
import { isFuturesKey } from '@tradewind/core/instrument/instrument';
import {
  addMoney,
  notional,
  subMoney,
  ZERO_MONEY,
  type Money,
  type Price,
} from '@tradewind/core/lib/units';
import { bookValue, type BookValue } from '@tradewind/core/portfolio/valuation';

/** Last price by market key. */
export type Prices = Readonly<Record<string, Price | undefined>>;

/** Value less cost of what a position holds, before fees; exact. */
export function unrealized(position: PositionDoc, px: Price): Money {
  const value = notional(px, position.quantity, 'floor');
  return position.side === 'LONG' ? subMoney(value, position.cost) : subMoney(position.cost, value);
}

/** The book at last prices; `undefined` when a price is missing, or spot is held short, which cannot be. */
export const valueOf = (
  book: BookDoc,
  positions: readonly PositionDoc[],
  prices: Prices,
): BookValue | undefined =>
  positions.some(({ side, marketKey }) => side === 'SHORT' && !isFuturesKey(marketKey))
    ? undefined
    : bookValue({ cash: book.cash, positions, dust: book.dust, prices });

/** Sum over positions; `undefined` when a price is missing. */
export function totalUnrealized(
  positions: readonly PositionDoc[],
  prices: Prices,
): Money | undefined {
  let total = ZERO_MONEY;
  for (const position of positions) {
    const px = prices[position.marketKey];
    if (px === undefined) return undefined;
    total = addMoney(total, unrealized(position, px));
  }
  return total;
}
