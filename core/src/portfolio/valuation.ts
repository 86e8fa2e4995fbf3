import { isFuturesKey } from '../instrument/instrument.ts';
import {
  addMoney,
  notional,
  subMoney,
  ZERO_MONEY,
  type Money,
  type Price,
  type Qty,
} from '../lib/units.ts';
import type { DustByMarket } from './dust.ts';
import type { Position } from './position.ts';

/** What a book is worth at given prices, in quote. */
export type BookValue = {
  /** Cash, inventory at market, and what futures have gained or lost (RSK-31). */
  readonly equity: Money;
  readonly cash: Money;
  /** Spot quantities and dust at market. */
  readonly inventory: Money;
  /** What all that is held is worth over its cost, without fees (PF-31). */
  readonly unrealized: Money;
  /** Entry fees of what is open, not yet in realised P&L (PF-32). */
  readonly attachedFees: Money;
};

type Holding = {
  readonly marketKey: string;
  readonly quantity: Qty;
  readonly cost: Money;
  readonly entryFees: Money;
  readonly side: Position['side'];
};

/** What a holding is worth over its cost at `value`; a SHORT gains as the price falls (PF-31). */
const gainOf = ({ side, cost }: Holding, value: Money): Money =>
  side === 'LONG' ? subMoney(value, cost) : subMoney(cost, value);

/**
 * Values a book: spot holdings and dust at market, futures by what they have gained or lost.
 *
 * @returns `undefined` when the price of anything held is missing: no figure is better than a wrong one.
 * @throws Error when a spot position is SHORT: a spot book cannot hold one (STR-21).
 */
export function bookValue(book: {
  readonly cash: Money;
  readonly positions: readonly Position[];
  readonly dust: DustByMarket;
  readonly prices: Readonly<Record<string, Price | undefined>>;
}): BookValue | undefined {
  const sums: Sums = {
    equity: book.cash,
    cash: book.cash,
    inventory: ZERO_MONEY,
    unrealized: ZERO_MONEY,
    attachedFees: ZERO_MONEY,
  };
  for (const position of book.positions) {
    if (position.side === 'SHORT' && !isFuturesKey(position.marketKey))
      throw new Error(`Invariant: a spot book holds no SHORT, but ${position.positionId} is one`);
    if (!isAdded(sums, position, book.prices[position.marketKey])) return undefined;
  }
  for (const marketKey in book.dust) {
    const dust = book.dust[marketKey];
    if (dust === undefined) continue;
    const { quantity, cost, entryFees } = dust;
    const holding: Holding = { marketKey, quantity, cost, entryFees, side: 'LONG' };
    if (!isAdded(sums, holding, book.prices[marketKey])) return undefined;
  }
  return sums;
}

type Sums = { -readonly [K in keyof BookValue]: BookValue[K] };

/** Adds a holding at `px` to the sums, in place; false when it is needed and there is none. */
function isAdded(sums: Sums, holding: Holding, px: Price | undefined): boolean {
  const { quantity, side, marketKey } = holding;
  if (quantity === 0n) return true;
  if (px === undefined) return false;
  // Rounded against us: what is held down, what is owed up.
  const value = notional(px, quantity, side === 'LONG' ? 'floor' : 'ceil');
  const gain = gainOf(holding, value);
  const isFuture = isFuturesKey(marketKey);
  sums.equity = addMoney(sums.equity, isFuture ? gain : value);
  if (!isFuture) sums.inventory = addMoney(sums.inventory, value);
  sums.unrealized = addMoney(sums.unrealized, gain);
  sums.attachedFees = addMoney(sums.attachedFees, holding.entryFees);
  return true;
}
