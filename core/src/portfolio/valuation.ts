import {
  addMoney,
  notional,
  subMoney,
  sumMoney,
  type Money,
  type Price,
  type Qty,
} from '../lib/units.ts';
import type { DustByMarket } from './dust.ts';
import type { Position } from './position.ts';

/** What a book is worth at given prices, in quote. */
export type BookValue = {
  /** Cash and inventory at market (RSK-31). */
  readonly equity: Money;
  readonly cash: Money;
  /** Open quantities and dust at market. */
  readonly inventory: Money;
  /** Inventory less its cost, without fees (PF-31). */
  readonly unrealized: Money;
  /** Entry fees of what is open, not yet in realised P&L (PF-32). */
  readonly attachedFees: Money;
};

type Holding = {
  readonly marketKey: string;
  readonly quantity: Qty;
  readonly cost: Money;
  readonly entryFees: Money;
};

/**
 * Values a spot book, which holds LONG positions and dust.
 *
 * @returns `undefined` when the price of anything held is missing: no figure is better than a wrong one.
 * @throws Error when a SHORT position is among them: a spot book cannot hold one (STR-21).
 */
export function bookValue(book: {
  readonly cash: Money;
  readonly positions: readonly Position[];
  readonly dust: DustByMarket;
  readonly prices: Readonly<Record<string, Price | undefined>>;
}): BookValue | undefined {
  const holdings: Holding[] = [
    ...book.positions.map(asHolding),
    ...Object.entries(book.dust).map(([marketKey, dust]) => ({ marketKey, ...dust })),
  ].filter(({ quantity }) => quantity > 0n);

  const values: Money[] = [];
  for (const { marketKey, quantity } of holdings) {
    const px = book.prices[marketKey];
    if (px === undefined) return undefined;
    values.push(notional(px, quantity, 'floor'));
  }
  const inventory = sumMoney(values);
  return {
    cash: book.cash,
    inventory,
    equity: addMoney(book.cash, inventory),
    unrealized: subMoney(inventory, sumMoney(holdings.map(({ cost }) => cost))),
    attachedFees: sumMoney(holdings.map(({ entryFees }) => entryFees)),
  };
}

function asHolding(position: Position): Holding {
  if (position.side === 'SHORT')
    throw new Error(`Invariant: a spot book holds no SHORT, but ${position.positionId} is one`);
  return position;
}
