import { emergencyCancel } from '@tradewind/adapters/execution/emergency-cancel';
import { executeIntent } from '@tradewind/adapters/execution/execute-intent';
import { countTrade } from '@tradewind/adapters/execution/performance-ledger';
import { runGate } from '@tradewind/adapters/execution/run-gate';
import { syncOrders } from '@tradewind/adapters/execution/sync-orders';
import { checkBooks } from '@tradewind/adapters/reconcile/check-book';
import { rebuildLedger } from '@tradewind/adapters/reconcile/rebuild-ledger';
import type { Venue } from '@tradewind/adapters/venue/venue';
import { bookDoc, tradeDoc } from '@tradewind/contracts/documents/book';
import { integrityDoc } from '@tradewind/contracts/documents/risk';
import { paths } from '@tradewind/contracts/paths';
import { money } from '@tradewind/core/lib/units';
import { unverifiedOrders } from '@tradewind/core/order/unverified';
import { openDesk, type Desk } from './execution-desk.ts';

import.meta.jest.setTimeout(60_000);

let desk: Desk;
let projects = 0;
beforeEach(async () => {
  projects += 1;
  desk = openDesk(`money-${projects}`, { memory: true });
  await desk.ledger.clear();
});
afterEach(() => desk.ledger.close());

/** An approved purchase of one bitcoin for 100, not yet sent. */
async function approved(): Promise<void> {
  await desk.seed({ bots: ['other'], symbols: ['BTC-USDT', 'ETH-USDT'] });
  await desk.signal();
  await runGate(desk.ports, 'paper');
}

const at = (change: (venue: Venue) => Partial<Venue>) => ({
  ...desk.ports,
  venueOf: async (...of: Parameters<typeof desk.ports.venueOf>) => {
    const venue = await desk.ports.venueOf(...of);
    return { ...venue, ...change(venue) };
  },
});
const send = async (change: (venue: Venue) => Partial<Venue>): Promise<void> => {
  for (const task of desk.tasks.values()) await executeIntent(at(change), task);
  desk.tasks.clear();
};
const setBook = async (change: object): Promise<void> =>
  desk.ledger.store.set(paths.book('paper'), bookDoc, { ...(await desk.bookNow()), ...change });
const activeAlerts = async () =>
  (await desk.alerts()).filter(({ state }) => state === 'ACTIVE').map(({ rule }) => rule);

test('PF-T05 PF-34 an order that the venue gives no id is in no total, however filled, and listed with its value', async () => {
  await approved();
  await send((venue) => ({
    submit: async (order) => {
      const sent = await venue.submit(order);
      return sent.kind === 'accepted'
        ? { ...sent, report: { ...sent.report, venueOrderId: '' } }
        : sent;
    },
  }));
  expect(await desk.bookNow()).toMatchObject({ cash: money('10000'), realizedPnl: money('0') });
  expect(await desk.positions()).toEqual([]);
  expect(unverifiedOrders(await desk.orders())).toMatchObject([
    { symbol: 'BTC-USDT', cause: 'noVenueId', quote: money('100') },
  ]);
  expect(await activeAlerts()).toContain('report_refused');
});

test('PF-34 PF-20 fills whose size is assumed count nowhere and are told; once the venue proves them they count', async () => {
  await approved();
  let isProven = false;
  const told = (venue: Venue): Partial<Venue> => ({
    submit: async (order) => {
      const sent = await venue.submit(order);
      return sent.kind === 'accepted'
        ? { ...sent, fills: sent.fills.map((fill) => ({ ...fill, sizeAssumed: true as const })) }
        : sent;
    },
    fills: async (order) => {
      const read = await venue.fills(order);
      if (!read.ok || isProven) return read;
      return { ok: true, value: read.value.map((fill) => ({ ...fill, sizeAssumed: true })) };
    },
  });
  await send(told);
  expect(await desk.bookNow()).toMatchObject({ cash: money('10000') });
  expect(await desk.positions()).toEqual([]);
  expect(unverifiedOrders(await desk.orders())).toMatchObject([
    { cause: 'sizeAssumed', quote: money('100') },
  ]);
  expect(await activeAlerts()).toContain('fill_size_assumed');

  isProven = true;
  desk.ledger.pass(31_000);
  await syncOrders(at(told));
  expect(unverifiedOrders(await desk.orders())).toEqual([]);
  expect(await desk.positions()).toHaveLength(1);
  expect(await activeAlerts()).not.toContain('fill_size_assumed');
  await desk.expectAgreement();
});

test.each([
  ['live', 'paper'],
  ['synthetic', 'synthetic'],
] as const)(
  'PF-35 a live book on %s prices takes no fill of a simulation (which is %s), whatever sent it there',
  async (origin, executed) => {
    await approved();
    await setBook({ mode: 'small', origin });
    await send(() => ({}));
    expect(await desk.bookNow()).toMatchObject({ cash: money('10000'), fees: money('0') });
    expect(await desk.positions()).toEqual([]);
    const [alert] = (await desk.alerts()).filter(({ rule }) => rule === 'report_refused');
    expect(alert).toMatchObject({ severity: 'CRITICAL', details: { origin: executed } });
  },
);

test('PF-35 the integrity view counts fills by origin, and one that is no real money freezes a live book', async () => {
  await approved();
  await desk.drain();
  const { store } = desk.ledger;
  const view = () => store.get(paths.riskIntegrity('paper'), integrityDoc);
  await checkBooks(desk.ports);
  expect(await view()).toMatchObject({
    origins: { synthetic: 1, live: 0, paper: 0, unmarked: 0 },
    unverified: { count: 0, quote: money('0') },
    faults: 0,
  });
  expect((await desk.bookNow()).frozen ?? null).toBeNull();

  await setBook({ mode: 'small', origin: 'live' });
  await checkBooks(desk.ports);
  expect((await desk.bookNow()).frozen?.reason).toMatch(/^fill .* is synthetic$/);
  expect(await activeAlerts()).toEqual(expect.arrayContaining(['figures_frozen']));
  expect((await view())?.firstFault).toMatch(/synthetic/);

  // Frozen: nothing is entered, and no round trip moves the figures.
  await desk.signal({ strategyId: 'other', symbol: 'ETH-USDT', signalId: 'again' });
  await runGate(desk.ports, 'paper');
  const again = (await desk.signals()).find(({ signalId }) => signalId === 'again');
  expect(again).toMatchObject({ executionStatus: 'REJECTED' });
  expect(again?.rejections.join(' ')).toContain('frozen');
  const trade = { ...aTrade, bookId: 'paper' };
  expect(await countTrade(desk.ports, tradeDoc.parse(trade))).toBe(false);

  // Rebuilt from what the venue confirms, the figures go on.
  await emergencyCancel(desk.ports, { bookId: 'paper', flatten: false, by: 'me' });
  const real = at(({ capabilities }) => ({ capabilities: { ...capabilities, simulated: false } }));
  const request = { bookId: 'paper', backupId: 'b1', daysBack: 30, dryRun: false };
  expect(await rebuildLedger(real, request)).toMatchObject({
    ok: true,
    value: { quarantined: [expect.any(String)], imported: [expect.any(String)] },
  });
  expect((await desk.bookNow()).frozen).toBeNull();
  await checkBooks(desk.ports);
  expect((await desk.bookNow()).frozen).toBeNull();
  expect(await view()).toMatchObject({ origins: { live: 1, synthetic: 0 }, faults: 0 });
  expect(await activeAlerts()).not.toContain('figures_frozen');
  await desk.expectAgreement();
});

/** As it is stored. */
const aTrade = {
  ...{ tradeId: 't1', strategyId: 'trend', marketKey: 'binance_spot_BTC-USDT', symbol: 'BTC-USDT' },
  ...{ side: 'LONG', entryPrice: '100', exitPrice: '110', quantity: '1', fees: '0.2' },
  ...{ netPnl: '9.8', netPnlPct: 9.8, holdMs: 60_000, exitReason: 'ZE1', outcome: 'profitable' },
  ...{ openedAt: new Date(1_767_225_605_000), closedAt: new Date(1_767_225_665_000) },
};
