import { runGate } from '@tradewind/adapters/execution/run-gate';
import { syncOrders } from '@tradewind/adapters/execution/sync-orders';
import { syncBalances } from '@tradewind/adapters/reconcile/sync-balance';
import { price } from '@tradewind/core/lib/units';
import { openDesk } from './execution-desk.ts';
import { reconciling } from './reconciling.ts';

test('EXE-55 cash of a sale that only the venue knows of is no part of the first gap', async () => {
  const behind = openDesk('balance-behind', { stops: true, memory: true });
  await behind.seed();
  await behind.signal();
  await runGate(behind.ports, 'paper');
  await behind.drain();
  // Its stop fires, and nobody has asked yet.
  behind.venue.setPrice(price('94'));
  await syncBalances(behind.ports);
  await syncOrders(behind.ports);
  expect((await behind.positions()).map(({ status }) => status)).toEqual(['CLOSED']);
  for (let minute = 0; minute < 4; minute += 1) {
    behind.ledger.pass(60_000);
    await syncBalances(behind.ports);
  }
  expect(await reconciling(behind).records()).toEqual([]);
  await behind.expectAgreement();
});
