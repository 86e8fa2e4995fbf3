import { money, price, qty } from '../../lib/units.ts';
import { compare as compareAll, type Comparison } from './diff.ts';
import type { Discrepancy, Sighting } from './discrepancy.ts';
import { EXTERNAL } from '../../portfolio/external.ts';
import {
  atVenue,
  before,
  comparison,
  foreignFill,
  future,
  held,
  ledger,
  venueOf,
} from './testing.ts';

const compare = (of: Comparison): readonly Discrepancy[] => compareAll(of).found;
const BTC = (quantity: string) => ({ BTC: qty(quantity), USDT: qty('10000') });
const ours = ledger({ positions: [held()] });
const futures = ledger({ positions: [future()] });

/** The only difference. */
function only(of: Comparison): Discrepancy {
  const [first, ...others] = compare(of);
  expect(others).toEqual([]);
  if (first === undefined) throw new Error('nothing differs');
  return first;
}

/** The same difference as a pass saw it `ms` earlier. */
const seen = ({ type, key, before: was, after }: Discrepancy, ms: number): Sighting => ({
  type,
  key,
  before: was,
  after,
  at: before(ms),
});

/** The comparison after it was seen once, and six seconds later again. */
function confirmed(of: Comparison): Discrepancy {
  const first = only(of);
  expect(['wait', 'markUnconfirmed']).toContain(first.action.kind);
  const tooSoon = only({ ...of, sightings: [seen(first, 4_999)] });
  expect(tooSoon.action).toEqual(first.action);
  return only({ ...of, sightings: [seen(first, 5_000)] });
}

describe('EXE-T09 each discrepancy', () => {
  test('D1: what nobody here bought becomes a position of EXTERNAL, once a second read shows it', () => {
    const found = confirmed(comparison(ledger(), venueOf({ balances: BTC('0.5') })));
    expect(found).toMatchObject({ type: 'D1', severity: 'WARNING' });
    expect(found.action).toMatchObject({
      kind: 'correct',
      resizes: [],
      imports: [{ market: 'spot', name: 'BTC', quantity: qty('0.5') }],
    });
  });

  test('D1: purchases of a stranger are booked as they were made', () => {
    const fill = foreignFill({ side: 'BUY', fee: qty('0.0005'), feeCurrency: 'BTC' });
    const venue = venueOf({ balances: BTC('0.4995'), fills: [fill] });
    const found = only(comparison(ledger(), venue));
    expect(found).toMatchObject({ type: 'D1', severity: 'WARNING' });
    expect(found.action).toMatchObject({
      kind: 'bookFills',
      bookings: [{ fill, position: null }],
    });
  });

  test('D2: fills of our own order that were not booked build the position', () => {
    const fill = foreignFill({ side: 'BUY', ours: { bookId: 'paper', orderId: 'tw1' } });
    const found = only(comparison(ledger(), venueOf({ balances: BTC('0.5'), fills: [fill] })));
    expect(found).toMatchObject({ type: 'D2', severity: 'WARNING' });
    expect(found.action).toEqual({
      kind: 'recordOrders',
      orders: [{ bookId: 'paper', orderId: 'tw1' }],
    });
  });

  test('D3: fills of our own reducing order that were not booked close it normally', () => {
    const fill = foreignFill({ ours: { bookId: 'paper', orderId: 'tw2' } });
    const found = only(comparison(ours, venueOf({ fills: [fill, { ...fill, fillId: '2' }] })));
    expect(found).toMatchObject({ type: 'D3', severity: 'INFO' });
    expect(found.action).toEqual({
      kind: 'recordOrders',
      orders: [{ bookId: 'paper', orderId: 'tw2' }],
    });
  });

  test('D4: a fill that the venue flags closes by liquidation, critically', () => {
    const fill = foreignFill({ market: 'futures', quantity: qty('1'), liquidation: true });
    const found = only(comparison(futures, venueOf({ fills: [fill] })));
    expect(found).toMatchObject({ type: 'D4', severity: 'CRITICAL' });
    expect(found.action).toMatchObject({ kind: 'bookFills', reason: 'liquidation' });
  });

  test('D5: a sale by somebody else closes it as external', () => {
    const fill = foreignFill();
    const found = only(comparison(ours, venueOf({ fills: [fill] })));
    expect(found).toMatchObject({ type: 'D5', severity: 'WARNING' });
    expect(found.action).toEqual({
      kind: 'bookFills',
      reason: 'external_close',
      bookings: [{ fill, position: { bookId: 'paper', positionId: 'position-1' } }],
    });
  });

  test('D6: absent with no record is marked unconfirmed, and closed by a read five seconds later', () => {
    const of = comparison(ours, venueOf());
    expect(only(of).action).toEqual({
      kind: 'markUnconfirmed',
      positions: [{ bookId: 'paper', positionId: 'position-1' }],
    });
    const found = confirmed(of);
    expect(found).toMatchObject({ type: 'D6', severity: 'CRITICAL' });
    expect(found.action).toMatchObject({
      kind: 'correct',
      resizes: [{ positionId: 'position-1', to: qty('0'), reason: 'unknown_close' }],
      imports: [],
    });
  });

  test('D6: what came back, or differs otherwise than before, is not closed', () => {
    const first = only(comparison(ours, venueOf()));
    const sightings = [seen(first, 60_000)];
    expect(compare(comparison(ours, venueOf({ balances: BTC('0.5') }), { sightings }))).toEqual([]);
    const other = only(comparison(ours, venueOf({ balances: BTC('0.3') }), { sightings }));
    expect(other.action).toEqual({ kind: 'wait' });
  });

  test('D7: less than recorded is taken from EXTERNAL first, then from dust, then from the newest', () => {
    const positions = [
      held({ positionId: 'old', openedAt: before(3_000) }),
      held({ positionId: 'new', strategyId: 'other', openedAt: before(1_000) }),
      held({ positionId: 'theirs', strategyId: EXTERNAL, quantity: qty('0.1') }),
    ];
    const dust = [
      {
        bookId: 'paper',
        marketKey: 'm',
        base: 'BTC',
        quantity: qty('0.01'),
        lotSize: qty('0.001'),
      },
    ];
    const of = comparison(ledger({ positions, dust }), venueOf({ balances: BTC('0.8') }));
    const found = confirmed(of);
    expect(found).toMatchObject({ type: 'D7', severity: 'WARNING' });
    expect(found.action).toMatchObject({
      kind: 'correct',
      resizes: [
        { positionId: 'theirs', to: qty('0') },
        { positionId: 'new', to: qty('0.3') },
      ],
      dust: [{ less: qty('0.01') }],
    });
  });

  test('D7: more than recorded goes to EXTERNAL, and is critical beyond 1.5 times', () => {
    const slightly = confirmed(comparison(ours, venueOf({ balances: BTC('0.75') })));
    expect(slightly).toMatchObject({ type: 'D7', severity: 'WARNING' });
    const much = confirmed(comparison(ours, venueOf({ balances: BTC('0.7501') })));
    expect(much).toMatchObject({ type: 'D7', severity: 'CRITICAL' });
    expect(much.action).toMatchObject({ imports: [{ quantity: qty('0.2501') }], resizes: [] });
  });

  test('D7: a difference up to one lot step is none', () => {
    const lot = comparison(ours, venueOf({ balances: BTC('0.501') }));
    expect(compare(lot)).toEqual([]);
    expect(compare(comparison(ours, venueOf({ balances: BTC('0.499') })))).toEqual([]);
    expect(only(comparison(ours, venueOf({ balances: BTC('0.4989') }))).type).toBe('D7');
  });

  test('D8: the other side is a close and an import, critically', () => {
    const positions = [atVenue({ side: 'SHORT', quantity: qty('2') })];
    const found = confirmed(comparison(futures, venueOf({ positions })));
    expect(found).toMatchObject({ type: 'D8', severity: 'CRITICAL' });
    expect(found.action).toMatchObject({
      kind: 'correct',
      resizes: [{ positionId: 'position-1', to: qty('0') }],
      imports: [{ side: 'SHORT', quantity: qty('2'), venue: positions[0] }],
    });
  });

  test('D9: an entry price that differs by more than 0.1 % is taken over in silence', () => {
    const close = atVenue({ entryPrice: price('100.1') });
    expect(compare(comparison(futures, venueOf({ positions: [close] })))).toEqual([]);
    const positions = [atVenue({ entryPrice: price('100.11') })];
    const found = only(comparison(futures, venueOf({ positions })));
    expect(found).toMatchObject({ type: 'D9', severity: 'INFO', action: { kind: 'amend' } });
  });

  test('D10: unrealised results that drift apart are reported', () => {
    const drifted = (pnl: string) =>
      venueOf({ positions: [atVenue({ markPrice: price('200'), unrealizedPnl: money(pnl) })] });
    expect(compare(comparison(futures, drifted('98')))).toEqual([]);
    const found = only(comparison(futures, drifted('97.9')));
    expect(found).toMatchObject({ type: 'D10', severity: 'WARNING', action: { kind: 'report' } });
  });

  test('D11: two documents of one position become the older one', () => {
    const positions = [
      held({ positionId: 'b', openedAt: before(1) }),
      held({ positionId: 'a', openedAt: before(2) }),
    ];
    const found = only(comparison(ledger({ positions }), venueOf({ balances: BTC('1') })));
    expect(found).toMatchObject({ type: 'D11', severity: 'CRITICAL' });
    expect(found.action).toMatchObject({
      kind: 'merge',
      into: { positionId: 'a' },
      from: [{ positionId: 'b' }],
    });
  });

  test('D11: positions of two strategies, or of two books, are no duplicates', () => {
    const positions = [
      held({ positionId: 'a' }),
      held({ positionId: 'b', strategyId: 'other' }),
      held({ positionId: 'c', bookId: 'second' }),
    ];
    expect(compare(comparison(ledger({ positions }), venueOf({ balances: BTC('1.5') })))).toEqual(
      [],
    );
  });

  test('D12: a protective order whose position is gone is cancelled', () => {
    const stop = { bookId: 'paper', orderId: 'tw9', positionId: 'gone', symbol: 'BTC-USDT' };
    const found = only(
      comparison(ledger(), venueOf(), { stops: { resting: [stop], unprotected: [] } }),
    );
    expect(found).toMatchObject({
      type: 'D12',
      action: { kind: 'cancelStop', order: { orderId: 'tw9' } },
    });
  });

  test('D13: a position without its stop gets one', () => {
    const position = { bookId: 'paper', positionId: 'position-1' };
    const stops = { resting: [], unprotected: [position] };
    const found = only(comparison(ours, venueOf({ balances: BTC('0.5') }), { stops }));
    expect(found).toMatchObject({ type: 'D13', action: { kind: 'protect', position } });
  });
});

describe('EXE-51 EXE-T10 what was not read proves nothing', () => {
  const all = ledger({ positions: [held(), future({ positionId: 'future' })] });

  test.each([
    ['balances', { balances: null, positions: [atVenue()] }],
    ['positions', { positions: null, balances: BTC('0.5') }],
    ['fills', { fills: null }],
    ['open orders before', { ordersBefore: null }],
    ['open orders after', { ordersAfter: null }],
    ['anything', { balances: null, positions: null }],
  ])('a failed read of %s closes nothing', (_, change) => {
    expect(compare(comparison(all, venueOf(change)))).toEqual([]);
  });

  test('EXE-52 rows of zero are no positions', () => {
    const venue = venueOf({
      balances: { BTC: qty('0'), ETH: qty('0') },
      positions: [atVenue({ quantity: qty('0') })],
    });
    expect(compare(comparison(ledger(), venue))).toEqual([]);
  });

  test('EXE-52 the two sides of hedge mode are two lines', () => {
    const positions = [future(), future({ positionId: 'short', side: 'SHORT' })];
    const both = [atVenue(), atVenue({ side: 'SHORT' })];
    expect(compare(comparison(ledger({ positions }), venueOf({ positions: both })))).toEqual([]);
    const [long] = both;
    const found = only(
      comparison(ledger({ positions }), venueOf({ positions: long === undefined ? [] : [long] })),
    );
    expect(found).toMatchObject({ type: 'D6', key: 'futures/BTC-USDT/SHORT' });
  });
});
