import { ORDER_STATUSES } from '@tradewind/core/order/order';
import { money, price } from '@tradewind/core/lib/units';
import type { OrderDoc } from '@tradewind/contracts/documents/execution';
import { order, T0 } from '../../testing/documents.ts';
import { orderLife } from './order-life.ts';
import { ordersCsv } from './orders-csv.ts';
import { ordersView, slippageTone, type OrderFilter } from './orders-view.ts';

const rowsOf = (data: readonly OrderDoc[], filter: OrderFilter = 'all', search = '') => {
  const view = ordersView(
    { status: 'ready', data, faults: [], live: true },
    { markets: [], filter, search },
  );
  if (view.kind !== 'rows') throw new Error(`expected rows, got ${view.kind}`);
  return view;
};

test('UI-50 every status has a place, and the counts add up', () => {
  const all = ORDER_STATUSES.map((status) => order({ orderId: status, status }));
  const { counts } = rowsOf(all);
  expect(counts.all).toBe(ORDER_STATUSES.length);
  expect(counts.pending + counts.filled + counts.rejected + counts.ended).toBe(counts.all);
  const pending = rowsOf(all, 'pending').rows.map((row) => row.order.status);
  expect(pending).toEqual(
    expect.arrayContaining(['QUEUED', 'SUBMITTED', 'ACKNOWLEDGED', 'PARTIAL', 'UNKNOWN']),
  );
});

test.each([
  ['BUY', '10010', '1'],
  ['BUY', '9990', '-1'],
  ['SELL', '10010', '-1'],
  ['SELL', '9990', '1'],
] as const)('UI-52 a %s at %s instead of 10000 is %s worse', (side, filledAt, worse) => {
  const [row] = rowsOf([order({ side, averagePrice: price(filledAt), slippagePct: 0.1 })]).rows;
  expect(row?.slippage?.quote).toBe(money(worse));
});

test('UI-52 no slippage is a figure, no fill is none', () => {
  expect(rowsOf([order()]).rows[0]?.slippage).toEqual({ quote: 0n, pct: 0 });
  const unfilled = order({ averagePrice: null, slippagePct: null });
  expect(rowsOf([unfilled]).rows[0]?.slippage).toBeUndefined();
  expect([slippageTone(1), slippageTone(-1), slippageTone(0)]).toEqual([
    'negative',
    'positive',
    'neutral',
  ]);
});

test('a stop that waits for its price shows it, and warns of nothing', () => {
  const stop = { type: 'STOP', stopPrice: price('9500'), averagePrice: null } as const;
  const [row] = rowsOf([order({ ...stop, status: 'ACKNOWLEDGED' })], 'pending').rows;
  expect(row).toMatchObject({ word: 'Stop in place', tone: 'info', price: price('9500') });
  const [filled] = rowsOf([order({ ...stop, status: 'FILLED', averagePrice: price('9490') })]).rows;
  expect(filled).toMatchObject({ word: 'Filled', price: price('9490') });
});

test('search looks at symbol, strategy, id, side and reason', () => {
  const data = [order(), order({ orderId: 'twx', rejectionReason: 'insufficient balance' })];
  expect(rowsOf(data, 'all', ' BALANCE ').rows).toHaveLength(2);
  expect(rowsOf(data, 'all', 'insufficient').rows).toHaveLength(1);
});

test('latency is from sending to acknowledgement', () => {
  expect(rowsOf([order()]).rows[0]?.ackMs).toBe(42);
});

test('UI-53 the life lists every station, those not reached too', () => {
  const life = orderLife({ ...order().marks, firstFillAt: null, doneAt: null });
  expect(life.map(({ at }) => at === null)).toEqual([
    false,
    false,
    false,
    false,
    false,
    true,
    true,
  ]);
  expect(life[1]).toMatchObject({ name: 'Passed the gate', afterMs: 12 });
});

test('the CSV has exact decimals, UTC times and no formulas', () => {
  const csv = ordersCsv([order({ rejectionReason: '=HYPERLINK("x"), y' })]);
  const [header, line] = csv.split('\r\n');
  expect(header).toContain('average_price');
  expect(line).toContain(new Date(T0).toISOString());
  expect(line).toContain(`"'=HYPERLINK(""x""), y"`);
});
