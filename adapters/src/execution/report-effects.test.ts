import type { OrderDoc } from '@tradewind/contracts/documents/execution';
import { epochMs } from '@tradewind/core/lib/time';
import { money, price, qty } from '@tradewind/core/lib/units';
import type { Fill, OrderReport } from '@tradewind/core/order/order';
import { provenReport, sortFills } from './report-effects.ts';

const AT = epochMs(1_767_225_605_000);
const fill = (fillId: string, quantity: string, at = AT): Fill => ({
  fillId,
  orderId: 'tw1',
  side: 'BUY',
  price: price('100'),
  quantity: qty(quantity),
  fee: qty('0'),
  feeCurrency: 'USDT',
  at,
});
const report = (status: OrderReport['status'], filled: string): OrderReport => ({
  clientOrderId: 'tw1',
  venueOrderId: 'v1',
  status,
  filledQuantity: qty(filled),
  filledQuote: money('0'),
  averagePrice: null,
  updatedAt: AT,
});
const known = (filled: string) =>
  ({ filledQuantity: qty(filled), filledQuote: money('0') }) as OrderDoc;

test.each([
  ['FILLED', '1', '0', [], 'PARTIAL', '0'],
  ['FILLED', '1', '0.4', ['0.6'], 'FILLED', '1'],
  ['CANCELLED', '0.5', '0', ['0.2'], 'PARTIAL', '0.2'],
  ['CANCELLED', '0.5', '0.5', [], 'CANCELLED', '0.5'],
  ['ACKNOWLEDGED', '0', '0.5', [], 'ACKNOWLEDGED', '0.5'],
] as const)(
  'EXE-11 a report of %s with %s, when %s is booked and %j are new, proves %s with %s',
  (status, reported, booked, fresh, provenStatus, provenQuantity) => {
    const fills = fresh.map((quantity, index) => fill(String(index), quantity));
    const proven = provenReport(known(booked), report(status, reported), fills);
    expect([proven.status, proven.filledQuantity]).toEqual([provenStatus, qty(provenQuantity)]);
  },
);

test('fills are booked oldest first, and by number within a millisecond', () => {
  const fills = [fill('10', '1'), fill('9', '1'), fill('1', '1', epochMs(AT + 1))];
  expect(sortFills(fills).map(({ fillId }) => fillId)).toEqual(['9', '10', '1']);
});
