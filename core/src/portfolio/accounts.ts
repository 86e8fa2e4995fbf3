import { addMoney, negMoney, ZERO_MONEY, type Money } from '../lib/units.ts';

/**
 * Accounts of a book's double entry. What the book has is positive, where it came from negative, so that all of them
 * together are zero at every moment:
 *
 * `cash` quote currency; `inventory` cost of open spot quantities and dust; `fees` entry fees that belong to what is
 * open; `spentFees` fees of what was closed; `realized` results before fees, negative for a gain; `capital` deposits,
 * negative, and what was taken out.
 */
export const ACCOUNTS = ['cash', 'inventory', 'fees', 'spentFees', 'realized', 'capital'] as const;
export type Account = (typeof ACCOUNTS)[number];

/** A signed quote amount on one account; the postings of one entry add up to zero. */
export type Posting = { readonly account: Account; readonly amount: Money };

/**
 * The postings without those of nothing.
 *
 * @throws Error when they do not add up to zero: then the ledger would be wrong.
 */
export function balancedPostings(postings: readonly Posting[], cause: string): readonly Posting[] {
  let sum = ZERO_MONEY;
  for (const { amount } of postings) sum = addMoney(sum, amount);
  if (sum !== 0n) throw new Error(`Invariant: postings of ${cause} add up to zero`);
  return postings;
}

/** What each account holds after all `entries`. */
export function accountTotals(
  entries: Iterable<readonly Posting[]>,
): Readonly<Record<Account, Money>> {
  const totals: Record<Account, Money> = {
    cash: ZERO_MONEY,
    inventory: ZERO_MONEY,
    fees: ZERO_MONEY,
    spentFees: ZERO_MONEY,
    realized: ZERO_MONEY,
    capital: ZERO_MONEY,
  };
  for (const postings of entries)
    for (const { account, amount } of postings) totals[account] = addMoney(totals[account], amount);
  return totals;
}

/** A deposit of quote currency, or with a negative amount a withdrawal (PF-38). */
export const capitalPostings = (amount: Money): readonly Posting[] => [
  { account: 'cash', amount },
  { account: 'capital', amount: negMoney(amount) },
];

/** A result in quote currency that no fill brought; negative for a loss. */
export const resultPostings = (amount: Money): readonly Posting[] => [
  { account: 'cash', amount },
  { account: 'realized', amount: negMoney(amount) },
];
