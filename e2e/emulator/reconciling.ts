import { runGate } from '@tradewind/adapters/execution/run-gate';
import {
  reconcileAccounts,
  type AccountPass,
} from '@tradewind/adapters/reconcile/reconcile-account';
import { ledgerDoc, type PositionDoc } from '@tradewind/contracts/documents/book';
import {
  reconciliationDoc,
  type ReconciliationDoc,
} from '@tradewind/contracts/documents/reconciliation';
import { paths } from '@tradewind/contracts/paths';
import { addMoney, subMoney, sumMoney, ZERO_MONEY } from '@tradewind/core/lib/units';
import { accountTotals } from '@tradewind/core/portfolio/accounts';
import type { Desk } from './execution-desk.ts';

export const SYMBOL = 'BTC-USDT';

/** What tests of reconciliation ask a desk. */
export type Reconciling = {
  readonly records: () => Promise<readonly ReconciliationDoc[]>;
  /** The only record. */
  readonly only: () => Promise<ReconciliationDoc>;
  /** One comparison, so many milliseconds after the last. */
  readonly pass: (ms?: number) => Promise<AccountPass>;
  /** A position of 1 BTC less its fee, bought by the bot. */
  readonly holding: () => Promise<PositionDoc>;
  /** The books balance: every entry by itself, and all accounts with the book and its positions (PF-36). */
  readonly expectBalanced: () => Promise<void>;
};

export function reconciling(desk: Desk): Reconciling {
  const { store } = desk.ledger;
  const records = () =>
    store.query(store.firestore.collection(paths.reconciliations('paper')), reconciliationDoc);

  const pass = async (ms = 10_000) => {
    desk.ledger.pass(ms);
    await desk.quote(SYMBOL);
    const [first] = await reconcileAccounts(desk.ports);
    if (first === undefined) throw new Error('nothing was compared');
    return first;
  };

  const holding = async () => {
    await desk.signal();
    await runGate(desk.ports, 'paper');
    await desk.drain();
    const [position] = await desk.positions();
    if (position === undefined) throw new Error('nothing was bought');
    await desk.expectAgreement();
    return position;
  };

  const only = async () => {
    const [record, ...others] = await records();
    expect(others).toEqual([]);
    if (record === undefined) throw new Error('nothing was recorded');
    return record;
  };

  const expectBalanced = async () => {
    const entries = await store.query(store.firestore.collection(paths.ledger('paper')), ledgerDoc);
    for (const { postings } of entries)
      expect(sumMoney(postings.map(({ amount }) => amount))).toBe(0n);
    const totals = accountTotals(entries.map(({ postings }) => postings));
    const book = await desk.bookNow();
    const open = await desk.positions();
    const dust = Object.values(book.dust);
    expect(addMoney(book.initialBalance, totals.cash)).toBe(book.cash);
    expect(totals.inventory).toBe(sumMoney([...open, ...dust].map(({ cost }) => cost)));
    expect(totals.fees).toBe(sumMoney([...open, ...dust].map(({ entryFees }) => entryFees)));
    expect(addMoney(totals.fees, totals.spentFees)).toBe(book.fees);
    expect(subMoney(ZERO_MONEY, addMoney(totals.realized, totals.spentFees))).toBe(
      book.realizedPnl,
    );
    expect(subMoney(ZERO_MONEY, totals.capital)).toBe(book.netDeposits ?? ZERO_MONEY);
  };

  return { records, only, pass, holding, expectBalanced };
}
