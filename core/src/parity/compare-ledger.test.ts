import fc from 'fast-check';
import { aLedger, type Trip } from '../../test/ledger.ts';
import { addMoney, addQty, money, price, qty, subQty } from '../lib/units.ts';
import { NOON } from '../order/fixtures.ts';
import { compareLedger } from './compare-ledger.ts';
import type { Cause } from './difference.ts';
import type { Ledger, LedgerFill, LedgerOrder } from './ledger.ts';

const OF = { bot: 'balanced', market: 'binance_spot_BTC-USDT' };

const trip = (change: Partial<Trip> = {}): Trip => ({
  minute: 0,
  heldMinutes: 10,
  entries: ['50000', '50010.01'],
  exits: ['50500.5'],
  quantity: '0.00150',
  fee: { amount: '0.05', currency: 'USDT' },
  ...change,
});

const aPrice = fc.integer({ min: 3_000_000, max: 7_000_000 }).map((cents) => `${cents / 100}`);
const aTrip = fc
  .record({
    entries: fc.array(aPrice, { minLength: 1, maxLength: 3 }),
    exits: fc.array(aPrice, { maxLength: 3 }),
    lots: fc.integer({ min: 20, max: 2_000 }),
    isBase: fc.boolean(),
    feeSteps: fc.integer({ min: 0, max: 50 }),
  })
  .map(({ entries, exits, lots, isBase, feeSteps }) =>
    trip({
      entries,
      exits,
      quantity: (lots / 100_000).toFixed(5),
      fee: isBase
        ? { amount: (feeSteps / 10_000_000).toFixed(7), currency: 'BTC' }
        : { amount: (feeSteps / 1_000).toFixed(3), currency: 'USDT' },
    }),
  );
const trips = fc
  .array(aTrip, { minLength: 1, maxLength: 4 })
  .map((all) => all.map((one, index) => ({ ...one, minute: index * 30 })));

const causesOf = (ledger: Ledger): Cause[] => [
  ...new Set(compareLedger(OF, ledger).differences.map(({ cause }) => cause)),
];

test('prop: a ledger that nobody touched is what its fills add up to, to the last decimal', () => {
  fc.assert(
    fc.property(trips, (all) => {
      expect(compareLedger(OF, aLedger(all)).differences).toEqual([]);
    }),
  );
});

const withFill = (ledger: Ledger, change: (fill: LedgerFill) => Partial<LedgerFill>): Ledger => ({
  ...ledger,
  fills: ledger.fills.map((fill, index) => (index === 0 ? { ...fill, ...change(fill) } : fill)),
});
const withOrder = (ledger: Ledger, change: (o: LedgerOrder) => Partial<LedgerOrder>): Ledger => ({
  ...ledger,
  orders: ledger.orders.map((order, index) =>
    index === 0 ? { ...order, ...change(order) } : order,
  ),
});

test.each<[string, Cause, (ledger: Ledger) => Ledger]>([
  ['the price of a fill', 'fill', (l) => withFill(l, () => ({ price: price('49999.99') }))],
  [
    'the quantity of a fill',
    'fill',
    (l) => withFill(l, ({ quantity }) => ({ quantity: subQty(quantity, qty('0.00001')) })),
  ],
  ['the side of a fill', 'fill', (l) => withFill(l, () => ({ side: 'SELL' }))],
  ['the value of a fill', 'fill', (l) => withFill(l, () => ({ sizeQuote: money('1') }))],
  ['the order of a fill', 'fill', (l) => withFill(l, () => ({ orderId: 'nobody' }))],
  ['a fill that is gone', 'fill', (l) => ({ ...l, fills: l.fills.slice(1) })],
  ['all fills of an order gone', 'fill', (l) => ({ ...l, fills: l.fills.slice(0, 2) })],
  ['a fill twice', 'fill', (l) => ({ ...l, fills: [...l.fills, ...l.fills.slice(0, 1)] })],
  ['the fee of a fill', 'fee', (l) => withFill(l, () => ({ fee: qty('0.051') }))],
  [
    'the worth of a fee',
    'fee',
    (l) => withFill(l, ({ feeQuote }) => ({ feeQuote: addMoney(feeQuote, money('0.01')) })),
  ],
  ["an order's fees", 'fee', (l) => withOrder(l, () => ({ fees: money('0') }))],
  [
    "an order's filled quantity",
    'fill',
    (l) => withOrder(l, (o) => ({ filledQuantity: addQty(o.filledQuantity, qty('0.1')) })),
  ],
  ["an order's average price", 'fill', (l) => withOrder(l, () => ({ averagePrice: price('1') }))],
  [
    "a trade's P&L, by its last decimal",
    'fill',
    (l) => ({
      ...l,
      trades: l.trades.map((t) => ({
        ...t,
        netPnl: addMoney(t.netPnl, money('0.000000000000000001')),
      })),
    }),
  ],
  ['a trade that is gone', 'fill', (l) => ({ ...l, trades: [] })],
  [
    "a position's average entry",
    'fill',
    (l) => ({ ...l, positions: l.positions.map((p) => ({ ...p, averageEntry: price('1') })) }),
  ],
  ['a position that is gone', 'fill', (l) => ({ ...l, positions: [] })],
])('a wrong record is found and named: %s', (_, cause, corrupt) => {
  const whole = aLedger([trip()]);
  expect(causesOf(whole)).toEqual([]);
  expect(causesOf(corrupt(whole))).toContain(cause);
});

test('a wrong fee is not called a wrong fill, whatever follows from it', () => {
  const inBase = trip({ fee: { amount: '0.0000015', currency: 'BTC' } });
  const wrong = withFill(aLedger([inBase]), () => ({ fee: qty('0.0000020') }));
  expect(causesOf(wrong)).toEqual(['fee']);
});

test('a difference says when, where, what was expected and what was found', () => {
  const [first] = compareLedger(
    OF,
    withFill(aLedger([trip()]), () => ({ price: price('49000') })),
  ).differences;
  expect(first).toMatchObject({ ...OF, at: NOON, cause: 'fill' });
  expect(first?.expected).toMatch(/^sizeQuote 73.5$/);
  expect(first?.found).toMatch(/^sizeQuote 75$/);
  expect(first?.detail).toMatch(/Fill entry-0-0 of order entry-0/);
});

test('an exit that ended half filled leaves an open position, as the ledger has it', () => {
  const ledger = aLedger([trip({ exits: ['50500', '50600'] })]);
  const kept = ledger.fills.slice(0, 3);
  const replay = compareLedger(OF, {
    ...ledger,
    fills: kept,
    trades: [],
    positions: [],
    orders: ledger.orders.map((order) =>
      order.side === 'SELL' ? { ...order, status: 'CANCELLED' } : order,
    ),
  });
  expect(replay.steps.at(-1)?.position).toMatchObject({ status: 'OPEN', closedAt: null });
});
