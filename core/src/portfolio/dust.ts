import type { Money, Qty } from '../lib/units.ts';

/** What closed positions of one market left behind: too little to sell, yet part of equity. */
export type Dust = { readonly quantity: Qty; readonly cost: Money; readonly entryFees: Money };

/** Dust of a book by market key. */
export type DustByMarket = Readonly<Record<string, Dust>>;
