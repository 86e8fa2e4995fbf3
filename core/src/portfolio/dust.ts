import { addMoney, addQty, type Money, type Qty } from '../lib/units.ts';

/** What closed positions of one market left behind: too little to sell, yet part of equity. */
export type Dust = { readonly quantity: Qty; readonly cost: Money; readonly entryFees: Money };

/** Dust of a book by market key. */
export type DustByMarket = Readonly<Record<string, Dust>>;

/** The book's dust with what one more position left behind. */
export function addDust(
  dust: DustByMarket,
  { marketKey, left }: { readonly marketKey: string; readonly left: Dust },
): DustByMarket {
  const before = dust[marketKey];
  if (before === undefined) return { ...dust, [marketKey]: left };
  return {
    ...dust,
    [marketKey]: {
      quantity: addQty(before.quantity, left.quantity),
      cost: addMoney(before.cost, left.cost),
      entryFees: addMoney(before.entryFees, left.entryFees),
    },
  };
}
