import { marketKindOf } from '../instrument/instrument.ts';
import {
  addMoney,
  maxMoney,
  money,
  negMoney,
  percentOf,
  subMoney,
  sumMoney,
  ZERO_MONEY,
  type Money,
} from '../lib/units.ts';
import type { DustByMarket } from './dust.ts';
import type { Position } from './position.ts';

/** A book's totals, with everything that it holds. */
export type BookTotals = {
  readonly cash: Money;
  readonly initialBalance: Money;
  /** Deposits less withdrawals since it began. */
  readonly netDeposits: Money;
  readonly realizedPnl: Money;
  readonly positions: readonly Pick<Position, 'marketKey' | 'cost' | 'entryFees'>[];
  readonly dust: DustByMarket;
};

/** What PF-36 found: figures of a book whose two sides differ by more than `tolerance` are suspect. */
export type Identity = {
  /** What the book has, less where it came from: zero in a book that is right. */
  readonly difference: Money;
  readonly tolerance: Money;
  readonly suspect: boolean;
};

const isInventory = ({ marketKey }: { readonly marketKey: string }): boolean =>
  marketKindOf(marketKey) !== 'futures';

/**
 * Cash + cost of what is open, with its entry fees = deposits - withdrawals + realised P&L (PF-36). The cost of a
 * future is no part of it: nothing was bought. Tolerance: one unit of quote, or 0.5 % of what was deposited.
 */
export function checkIdentity(book: BookTotals): Identity {
  const dust = Object.entries(book.dust).map(([marketKey, left]) => ({ ...left, marketKey }));
  const held = [...book.positions, ...dust];
  const has = sumMoney([
    book.cash,
    ...held.filter(isInventory).map(({ cost }) => cost),
    ...held.map(({ entryFees }) => entryFees),
  ]);
  const deposits = addMoney(book.initialBalance, book.netDeposits);
  const difference = subMoney(has, addMoney(deposits, book.realizedPnl));
  const tolerance = maxMoney(money('1'), percentOf(maxMoney(deposits, ZERO_MONEY), 0.5, 'floor'));
  const size = maxMoney(difference, negMoney(difference));
  return { difference, tolerance, suspect: size > tolerance };
}

/** What may be spent, as a multiple of what was deposited, before it is looked at more closely (PF-37). */
export const MAX_SPEND_RATIO = 2;

/**
 * What was spent in all, as a multiple of what was deposited (PF-37). Above 2 the identity is checked at once: money
 * may well be turned over more often, so that it is no verdict by itself. `undefined` without a deposit.
 */
export const grossSpendRatio = (spent: Money, deposits: Money): number | undefined =>
  deposits > 0n ? Number((spent * 1_000n) / deposits) / 1_000 : undefined;
