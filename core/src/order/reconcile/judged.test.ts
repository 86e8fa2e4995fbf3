import { qty } from '../../lib/units.ts';
import { compare as compareAll, type Comparison } from './diff.ts';
import type { Discrepancy } from './discrepancy.ts';
import {
  before,
  comparison,
  foreignFill,
  future,
  held,
  ledger,
  restingOrder,
  venueOf,
} from './testing.ts';
import type { LedgerOrder, VenueFill, VenueSnapshot } from './snapshot.ts';

const compare = (of: Comparison): readonly Discrepancy[] => compareAll(of).found;
const ours = ledger({ positions: [held()] });
const futures = ledger({ positions: [future()] });

describe('EXE-50 a difference that was recorded is judged though neither side holds anything any more', () => {
  const keys = ['spot/BTC', 'futures/BTC-USDT/SHORT', 'position/p1'];
  const sightings = keys.map((key) => ({
    ...{ type: 'D4' as const, key, before: {}, after: {}, at: before(60_000) },
  }));
  const judgedIn = (change: Partial<VenueSnapshot>, orders: readonly LedgerOrder[] = []) => [
    ...compareAll({ ...comparison(ledger({ orders }), venueOf(change)), sightings }).judged,
  ];

  test('it is over', () => {
    expect(judgedIn({})).toEqual(['futures/BTC-USDT/SHORT', 'spot/BTC']);
  });

  test('unless that was not read, or an order is under way there', () => {
    expect(judgedIn({ positions: null })).toEqual(['spot/BTC']);
    const unclear = restingOrder({ status: 'UNKNOWN' });
    expect(judgedIn({}, [unclear])).toEqual(['futures/BTC-USDT/SHORT']);
  });
});

describe('a difference of one lot step', () => {
  const lot = qty('0.001');
  const one = ledger({ positions: [future({ quantity: lot, lotSize: lot })] });

  test('D4: is one where the venue liquidated the last lot of a future', () => {
    const fill = foreignFill({ market: 'futures', quantity: lot, liquidation: true });
    expect(compare(comparison(one, venueOf({ fills: [fill] })))).toMatchObject([
      { type: 'D4', action: { kind: 'bookFills' } },
    ]);
  });

  test.each([
    ['of a future', one],
    ['of spot', ledger({ positions: [held({ quantity: lot, lotSize: lot })] })],
  ])('D6: is one where the venue holds nothing any more %s', (_, holding) => {
    expect(compare(comparison(holding, venueOf()))).toMatchObject([{ type: 'D6' }]);
  });

  test('D7: is none where both hold something, and neither is what no venue would sell', () => {
    const more = venueOf({ balances: { BTC: qty('0.501') } });
    expect(compare(comparison(ours, more))).toEqual([]);
    const dust = held({ quantity: qty('0.0009'), lotSize: lot });
    expect(compare(comparison(ledger({ positions: [dust] }), venueOf()))).toEqual([]);
  });
});

describe('nothing is judged while an order is under way', () => {
  const gone = venueOf();
  const listed = { clientOrderId: 'tw1', filledQuantity: qty('0') };

  test.each([
    ['it was sent and not acknowledged', restingOrder({ status: 'SUBMITTED' }), {}],
    ['it is unclear', restingOrder({ status: 'UNKNOWN' }), {}],
    ['it is no longer listed', restingOrder(), { ordersBefore: [listed] }],
    [
      'it was filled between the listings',
      restingOrder(),
      { ordersBefore: [listed], ordersAfter: [{ ...listed, filledQuantity: qty('0.1') }] },
    ],
  ])('%s', (_, order, change) => {
    const of = comparison({ ...ours, orders: [order] }, { ...gone, ...change });
    expect(compare(of)).toEqual([]);
  });

  test('D4: but a liquidation that explains all of it is one, whatever is on its way', () => {
    const fill = foreignFill({ market: 'futures', quantity: qty('1'), liquidation: true });
    const orders = [restingOrder({ market: 'futures', status: 'UNKNOWN' })];
    const { positions } = futures;
    const judge = (fills: readonly VenueFill[]) =>
      compare(comparison({ ...futures, orders }, venueOf({ fills })));
    expect(judge([fill])).toMatchObject([{ type: 'D4', action: { kind: 'bookFills' } }]);
    // Something else has sold as well, or an exit has not left yet.
    expect(judge([{ ...fill, quantity: qty('0.4') }])).toEqual([]);
    expect(judge([{ ...fill, liquidation: false }])).toEqual([]);
    const locked = positions.map((position) => ({ ...position, closeIntentId: 'exit' }));
    const leaving = { ...futures, orders, positions: locked };
    expect(compare(comparison(leaving, venueOf({ fills: [fill] })))).toEqual([]);
  });

  test('an order that rests quietly, or of another market, is no excuse', () => {
    const quiet = { ordersBefore: [listed], ordersAfter: [listed] };
    const of = comparison({ ...ours, orders: [restingOrder()] }, { ...gone, ...quiet });
    expect(compare(of)).toMatchObject([{ type: 'D6' }]);
    const other = restingOrder({ base: 'ETH', symbol: 'ETH-USDT', status: 'UNKNOWN' });
    expect(compare(comparison({ ...ours, orders: [other] }, gone))).toMatchObject([{ type: 'D6' }]);
  });

  test('an exit that locks the position', () => {
    const locked = ledger({ positions: [held({ closeIntentId: 'i1' })] });
    expect(compare(comparison(locked, gone))).toEqual([]);
  });

  test('a booking between the two looks at the ledger', () => {
    const after = { ...ours, revision: '2' };
    expect(compare(comparison(ours, gone, { after }))).toEqual([]);
  });
});
