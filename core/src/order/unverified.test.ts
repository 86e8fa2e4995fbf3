import fc from 'fast-check';
import { addQty, money, price, qty, type Qty } from '../lib/units.ts';
import { NOON } from './fixtures.ts';
import type { OrderReport } from './order.ts';
import {
  unprovenAfter,
  unverifiedOrders,
  type ConfirmedOrder,
  type Unproven,
} from './unverified.ts';

const order = (change: Partial<ConfirmedOrder> = {}): ConfirmedOrder => ({
  orderId: 'tw1',
  symbol: 'BTC-USDT',
  venueOrderId: 'v1',
  status: 'ACKNOWLEDGED',
  quantity: qty('2'),
  expectedPrice: price('100'),
  filledQuantity: qty('0'),
  filledQuote: money('0'),
  ...change,
});
const report = (filled: string, quote: string): OrderReport => ({
  clientOrderId: 'tw1',
  venueOrderId: 'v1',
  status: 'PARTIAL',
  filledQuantity: qty(filled),
  filledQuote: money(quote),
  averagePrice: null,
  updatedAt: NOON,
});

describe('PF-34 what the venue has not confirmed', () => {
  test('an order that it has not named is listed with what it may be worth', () => {
    const sent = order({ venueOrderId: null, status: 'SUBMITTED' });
    expect(unverifiedOrders([sent, order({ venueOrderId: '', status: 'UNKNOWN' })])).toEqual([
      { orderId: 'tw1', symbol: 'BTC-USDT', cause: 'noVenueId', quote: money('200') },
      { orderId: 'tw1', symbol: 'BTC-USDT', cause: 'noVenueId', quote: money('200') },
    ]);
  });

  test('one that says it was filled and shows no fill, or one of unknown size, is listed with the difference', () => {
    const of = (assumed: number): Unproven => ({
      quantity: qty('1'),
      quote: money('101'),
      assumed,
    });
    const listed = unverifiedOrders([order({ unverified: of(0) }), order({ unverified: of(2) })]);
    expect(listed.map(({ cause, quote }) => [cause, quote])).toEqual([
      ['noFills', money('101')],
      ['sizeAssumed', money('101')],
    ]);
  });

  test('what is confirmed, was never sent, or ended without the venue is not listed', () => {
    const filled = { filledQuantity: qty('2'), filledQuote: money('200') };
    expect(
      unverifiedOrders([
        order(),
        order({ status: 'FILLED', ...filled }),
        order({ status: 'QUEUED', venueOrderId: null }),
        order({ status: 'NOT_SENT', venueOrderId: null }),
        order({ status: 'REJECTED', venueOrderId: null }),
      ]),
    ).toEqual([]);
    const odd = order({ status: 'FILLED', venueOrderId: null, ...filled });
    expect(unverifiedOrders([odd])).toMatchObject([{ cause: 'noVenueId', quote: money('200') }]);
  });

  test('a report of more than fills prove leaves the difference, and fills take it away again', () => {
    const after = order({ filledQuantity: qty('0.5'), filledQuote: money('50') });
    const rest = unprovenAfter(order(), { report: report('2', '202'), after, assumed: 1 });
    expect(rest).toEqual({ quantity: qty('1.5'), quote: money('152'), assumed: 1 });
    const before = { ...after, unverified: rest };
    const late = unprovenAfter(before, { report: report('1', '100'), after, assumed: 0 });
    expect(late).toEqual(rest);
    const all = order({ filledQuantity: qty('2'), filledQuote: money('202') });
    expect(
      unprovenAfter(before, { report: report('2', '202'), after: all, assumed: 0 }),
    ).toBeNull();
  });

  test('prop: proven and unproven together are the most that the venue ever said', () => {
    const lots = fc.integer({ min: 0, max: 20 });
    const units = (n: number): Qty => qty(String(n));
    fc.assert(
      fc.property(fc.array(fc.tuple(lots, lots), { maxLength: 8 }), (steps) => {
        let state = order({ quantity: units(20) });
        let most = 0;
        for (const [said, shown] of steps) {
          most = Math.max(most, said);
          const proven = Math.max(Number(state.filledQuantity / qty('1')), Math.min(shown, said));
          const after = { ...state, filledQuantity: units(proven) };
          const told = report(String(said), String(said));
          state = {
            ...after,
            unverified: unprovenAfter(state, { report: told, after, assumed: 0 }),
          };
          const rest = state.unverified?.quantity ?? qty('0');
          expect(addQty(state.filledQuantity, rest)).toBe(units(Math.max(most, proven)));
        }
      }),
    );
  });
});
