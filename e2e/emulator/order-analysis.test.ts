import { runGate } from '@tradewind/adapters/execution/run-gate';
import { tradeDoc } from '@tradewind/contracts/documents/book';
import { paths } from '@tradewind/contracts/paths';
import { price } from '@tradewind/core/lib/units';
import { openDesk, type Desk } from './execution-desk.ts';

import.meta.jest.setTimeout(60_000);

let desk: Desk;
beforeEach(async () => {
  desk = openDesk('order-analysis', { stops: true, memory: true });
  await desk.ledger.clear();
});
afterEach(() => desk.ledger.close());

test('PF-17 a trade carries what its entry and exit were expected to cost, and what they came to', async () => {
  await desk.seed();
  await desk.signal();
  await runGate(desk.ports, 'paper');
  await desk.drain();
  const [intent] = await desk.intents();
  expect(intent?.expected).toMatchObject({
    ...{ price: 100, sizeQuote: 100, feeQuote: 0.1 },
    // A stop 5 % away, and fees both ways.
    riskToStop: expect.closeTo(5.2) as number,
    limitUsed: { check: expect.any(String) as string },
  });
  desk.venue.setPrice(price('106'));
  await desk.quote('BTC-USDT');
  await desk.signal({ action: 'EXIT', expectedPrice: price('106.5') });
  await runGate(desk.ports, 'paper');
  await desk.drain();
  const { store } = desk.ledger;
  const trades = await store.query(store.firestore.collection(paths.trades('paper')), tradeDoc);
  const analysis = trades[0]?.analysis;
  expect(analysis?.entry).toMatchObject({
    expected: { price: 100, riskToStop: expect.closeTo(5.2) as number },
    actual: { price: 100, sizeQuote: 100 },
    deviations: [],
  });
  expect(analysis?.exit).toMatchObject({
    expected: { price: 106.5, riskToStop: null },
    actual: { price: 106 },
  });
  const orders = await desk.orders();
  const of = (action: string) => orders.find((order) => order.action === action)?.analysis;
  expect(of('ENTER')).toEqual(analysis?.entry);
  expect(of('EXIT')).toEqual(analysis?.exit);
});
