import { bookFlow } from '@tradewind/adapters/reconcile/cash-flow';
import { syncBalances } from '@tradewind/adapters/reconcile/sync-balance';
import { bookDoc } from '@tradewind/contracts/documents/book';
import { paths } from '@tradewind/contracts/paths';
import { addMoney, money, subMoney } from '@tradewind/core/lib/units';
import { NOW } from './documents.ts';
import { openDesk, type Desk } from './execution-desk.ts';
import { reconciling, type Reconciling } from './reconciling.ts';

let desk: Desk;
let on: Reconciling;
let projects = 0;
beforeEach(async () => {
  projects += 1;
  desk = openDesk(`balance-${projects}`);
  on = reconciling(desk);
  await desk.ledger.clear();
  await desk.seed();
}, 30_000);
afterEach(() => desk.ledger.close());

describe('EXE-55 cash', () => {
  const flow = {
    flowId: 'd1',
    kind: 'deposit',
    currency: 'USDT',
    amount: money('500'),
    symbol: null,
    at: NOW,
  } as const;
  const balances = async () => {
    desk.ledger.pass(60_000);
    expect(await syncBalances(desk.ports)).toEqual([]);
  };

  test('PF-38 a deposit that the venue tells is an entry of the ledger, once, and no profit', async () => {
    await on.holding();
    await balances();
    desk.venue.setCash(addMoney(desk.venue.cash(), flow.amount));
    desk.venue.setCashFlows([flow]);
    await balances();
    await balances();
    expect((await desk.bookNow()).netDeposits).toEqual(money('500'));
    expect((await desk.riskNow()).openingEquity).toEqual(money('10500'));
    expect((await desk.riskNow()).peakEquity).toEqual(money('10500'));
    expect(await on.records()).toEqual([]);
    expect(await desk.alerts()).toEqual([]);
    await desk.expectAgreement();
    await on.expectBalanced();
  });

  test('a change of more than 0.5 % of equity that nothing explains asks for an entry, and is settled by it', async () => {
    await balances();
    desk.venue.setCash(subMoney(desk.venue.cash(), money('60')));
    await balances();
    expect(await on.records()).toEqual([]);
    await balances();
    expect(await on.only()).toMatchObject({
      type: 'BALANCE',
      status: 'OPEN',
      after: { unexplained: '-60' },
    });
    expect(await desk.alerts()).toEqual([
      expect.objectContaining({ rule: 'unexplained_balance', count: 1 }),
    ]);
    const entry = {
      bookId: 'paper',
      entryId: 'by-hand',
      kind: 'withdrawal',
      symbol: null,
    } as const;
    const byHand = { ...entry, amount: money('-60'), cause: 'taken out', at: NOW };
    expect(await bookFlow(desk.ports, byHand)).toBe(true);
    expect(await bookFlow(desk.ports, byHand)).toBe(false);
    await balances();
    expect(await on.only()).toMatchObject({ status: 'RESOLVED' });
    await desk.expectAgreement();
    await on.expectBalanced();
  });

  test('a smaller change is tolerated', async () => {
    await balances();
    desk.venue.setCash(subMoney(desk.venue.cash(), money('50')));
    await balances();
    await balances();
    expect(await on.records()).toEqual([]);
  });

  test('PF-36 a book that contradicts itself is suspect, and people are told', async () => {
    await on.holding();
    const book = await desk.bookNow();
    await desk.ledger.store.set(paths.book('paper'), bookDoc, {
      ...book,
      cash: addMoney(book.cash, money('51')),
    });
    await balances();
    expect(await desk.alerts()).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ rule: 'PNL_SUSPECT', severity: 'CRITICAL' }),
      ]),
    );
  });
});
