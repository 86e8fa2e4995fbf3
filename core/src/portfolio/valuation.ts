import { marketKindOf } from '../instrument/instrument.ts';
import { notional, subMoney, sumMoney, type Money, type Price, type Qty } from '../lib/units.ts';
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

const isFuture = (marketKey: string): boolean => marketKindOf(marketKey) === 'futures';

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
  const holdings: Holding[] = [
    ...book.positions.map(asHolding),
    ...Object.entries(book.dust).map(([marketKey, dust]) => ({
      marketKey,
      ...dust,
      side: 'LONG' as const,
    })),
  ].filter(({ quantity }) => quantity > 0n);

  const inventory: Money[] = [];
  const gains: Money[] = [];
  const futuresGains: Money[] = [];
  for (const holding of holdings) {
    const px = book.prices[holding.marketKey];
    if (px === undefined) return undefined;
    // Rounded against us: what is held down, what is owed up.
    const value = notional(px, holding.quantity, holding.side === 'LONG' ? 'floor' : 'ceil');
    const gain = gainOf(holding, value);
    gains.push(gain);
    if (isFuture(holding.marketKey)) futuresGains.push(gain);
    else inventory.push(value);
  }
  return {
    cash: book.cash,
    inventory: sumMoney(inventory),
    equity: sumMoney([book.cash, ...inventory, ...futuresGains]),
    unrealized: sumMoney(gains),
    attachedFees: sumMoney(holdings.map(({ entryFees }) => entryFees)),
  };
}

/**
 * Cash that futures positions have bound as margin: their cost, since a book opens them without leverage. Spot
 * binds none, its cost has left the cash.
 */
export const boundMargin = (positions: readonly Position[]): Money =>
  sumMoney(positions.filter(({ marketKey }) => isFuture(marketKey)).map(({ cost }) => cost));

function asHolding(position: Position): Holding {
  if (position.side === 'SHORT' && !isFuture(position.marketKey))
    throw new Error(`Invariant: a spot book holds no SHORT, but ${position.positionId} is one`);
  return position;
}
