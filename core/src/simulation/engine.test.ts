import { epochMs } from '../lib/time.ts';
import { amountOf, money, price, qty, subQty, ZERO_QTY } from '../lib/units.ts';
import type { TimeInForce } from '../order/intent.ts';
import { advance, cancelOrder, nextDueAt, onTrade, placeOrder } from './engine.ts';
import { simInit, type SimEvent, type SimOrder, type SimRequest, type SimState } from './state.ts';
import { delayed, fillsOf, instant, KEY, T0, tradeOf } from './testing.ts';

const opened = (funds: Record<string, string> = { USDT: '100000', BTC: '5' }): SimState => {
  const balances = Object.fromEntries(Object.entries(funds).map(([k, v]) => [k, qty(v)]));
  return onTrade(simInit(balances, 1), instant, tradeOf('1000', '100')).state;
};
const request = (fields: Partial<SimRequest>): SimRequest => ({
  clientOrderId: 'tw1',
  marketKey: KEY,
  side: 'BUY',
  type: 'MARKET',
  timeInForce: 'GTC',
  quantity: qty('1'),
  quote: null,
  price: null,
  stopPrice: null,
  reduceOnly: false,
  positionSide: 'BOTH',
  ...fields,
});
const placed = (state: SimState, fields: Partial<SimRequest>, config = instant, at = T0) => {
  const result = placeOrder(state, config, { request: request(fields), now: epochMs(at) });
  if (!result.ok) throw new Error(result.error.code);
  return result.value;
};
const kinds = (events: readonly SimEvent[]) => events.map(({ kind }) => kind);
const onlyOrder = (state: SimState): SimOrder => {
  const [order] = Object.values(state.orders);
  if (order === undefined) throw new Error('no open order');
  return order;
};
describe('a market order', () => {
  test('pays half the spread, the fixed part and its impact, and the fee in base', () => {
    const { state, events } = placed(opened(), {});
    expect(kinds(events)).toEqual(['accepted', 'filled', 'balances']);
    const [fill] = fillsOf(events);
    // 1000 x (1 + 0.01 % + 0.1 % + 0.05 % x 1/100) = 1001.105, up to the tick.
    expect(fill?.price).toBe(price('1001.11'));
    expect(fill?.fee).toBe(qty('0.001'));
    expect(fill?.feeAsset).toBe('BTC');
    expect(state.balances['BTC']?.free).toBe(qty('5.999'));
    expect(state.balances['USDT']).toEqual({ free: qty('98998.89'), locked: ZERO_QTY });
  });

  test('that sells gets less than the last price, and the fee is taken from the quote', () => {
    const { state, events } = placed(opened(), { side: 'SELL' });
    const [fill] = fillsOf(events);
    expect(fill?.price).toBe(price('998.89'));
    expect(fill?.fee).toBe(qty('0.99889'));
    expect(state.balances['USDT']?.free).toBe(qty('100997.89111'));
  });

  test('above 10 % of the last minute fills in part, and the rest on the following trades', () => {
    const first = placed(opened({ USDT: '100000' }), { quantity: qty('25') });
    expect(fillsOf(first.events).map((fill) => fill.quantity)).toEqual([qty('10')]);
    expect(onlyOrder(first.state).status).toBe('PARTIALLY_FILLED');
    const second = onTrade(first.state, instant, tradeOf('1000', '1', T0 + 500));
    expect(fillsOf(second.events).map((fill) => fill.quantity)).toEqual([qty('10.1')]);
    const third = onTrade(second.state, instant, tradeOf('1000', '1', T0 + 900));
    expect(fillsOf(third.events).map((fill) => fill.quantity)).toEqual([qty('4.9')]);
    expect(third.events[0]).toMatchObject({ order: { status: 'FILLED' } });
    expect(third.state.orders).toEqual({});
  });

  test('waits for the next trade when nothing traded in the last minute', () => {
    const later = T0 + 120_000;
    const quiet = placed(opened(), {}, instant, later);
    expect(kinds(quiet.events)).toEqual(['accepted', 'balances']);
    const filled = onTrade(quiet.state, instant, tradeOf('1000', '20', later + 1));
    expect(kinds(filled.events)).toEqual(['filled', 'balances']);
  });

  test('by quote amount never spends more than that, and gives back what is left', () => {
    const { state, events } = placed(opened({ USDT: '100' }), {
      quantity: null,
      quote: money('50'),
    });
    const [fill] = fillsOf(events);
    expect(fill?.quantity).toBe(qty('0.049'));
    expect(state.balances['USDT']?.locked).toBe(ZERO_QTY);
    expect(state.balances['USDT']?.free).toBe(
      subQty(qty('100'), amountOf(fill?.quote ?? money('0'))),
    );
  });

  test('is refused before the first trade: there is no price to invent', () => {
    const empty = simInit({ USDT: qty('100') }, 1);
    const result = placeOrder(empty, instant, { request: request({}), now: epochMs(T0) });
    expect(result).toMatchObject({ ok: false, error: { code: 'market_closed' } });
  });
});

describe('latency', () => {
  test('an order reaches the book when its delay is over, at the price of that moment', () => {
    const sent = placed(opened(), {}, delayed);
    expect(kinds(sent.events)).toEqual(['accepted', 'balances']);
    const dueAt = nextDueAt(sent.state) ?? 0;
    expect(dueAt).toBeGreaterThanOrEqual(T0 + 50);
    expect(dueAt).toBeLessThanOrEqual(T0 + 300);
    const early = advance(sent.state, delayed, epochMs(dueAt - 1));
    expect(early.events).toEqual([]);
    const moved = onTrade(early.state, delayed, tradeOf('990', '1', dueAt - 1));
    const arrived = advance(moved.state, delayed, epochMs(dueAt));
    expect(fillsOf(arrived.events)[0]).toMatchObject({ price: price('991.1'), at: dueAt });
  });

  test('one that can no longer be paid in full buys what the account affords and ends', () => {
    const sent = placed(opened({ USDT: '1002' }), {}, delayed);
    const dueAt = nextDueAt(sent.state) ?? 0;
    const moved = onTrade(sent.state, delayed, tradeOf('1100', '1', dueAt - 1));
    const arrived = advance(moved.state, delayed, epochMs(dueAt));
    expect(kinds(arrived.events)).toEqual(['filled', 'expired', 'balances']);
    expect(fillsOf(arrived.events)[0]?.quantity).toBe(qty('0.909'));
  });

  test('one that cannot pay for a single lot any more ends without a fill', () => {
    const sent = placed(opened({ USDT: '6' }), { quantity: qty('0.005') }, delayed);
    const dueAt = nextDueAt(sent.state) ?? 0;
    const moved = onTrade(sent.state, delayed, tradeOf('10000', '1', dueAt - 1));
    const arrived = advance(moved.state, delayed, epochMs(dueAt));
    expect(kinds(arrived.events)).toEqual(['expired', 'balances']);
    expect(arrived.state.balances['USDT']).toEqual({ free: qty('6'), locked: ZERO_QTY });
  });
});

describe('a limit order', () => {
  const resting = () => placed(opened(), { type: 'LIMIT', price: price('900') });

  test('locks what it needs, rests, and fills as maker at its own price', () => {
    const { state } = resting();
    expect(state.balances['USDT']).toEqual({ free: qty('99100'), locked: qty('900') });
    const above = onTrade(state, instant, tradeOf('900.01', '50', T0 + 1_000));
    expect(above.events).toEqual([]);
    const reached = onTrade(above.state, instant, tradeOf('899', '50', T0 + 2_000));
    expect(fillsOf(reached.events)[0]).toMatchObject({ price: price('900'), liquidity: 'maker' });
    expect(reached.state.balances['USDT']).toEqual({ free: qty('99100'), locked: ZERO_QTY });
  });

  test('cancelled gives its lock back; cancelled again it is unknown', () => {
    const { state } = resting();
    const { orderId } = onlyOrder(state);
    const cancelled = cancelOrder(state, instant, { orderId, now: epochMs(T0) });
    if (!cancelled.ok) throw new Error('not cancelled');
    expect(cancelled.value.state.balances).toEqual(opened().balances);
    expect(cancelled.value.events[0]).toMatchObject({ order: { status: 'CANCELED' } });
    const again = cancelOrder(cancelled.value.state, instant, { orderId, now: epochMs(T0) });
    expect(again).toEqual({ ok: false, error: 'unknown_order' });
  });

  test('that crosses takes, never past its limit', () => {
    const { events } = placed(opened(), { type: 'LIMIT', price: price('1000.2') });
    expect(fillsOf(events)[0]).toMatchObject({ price: price('1000.2'), liquidity: 'taker' });
  });

  test.each<[TimeInForce, string, string, string[]]>([
    ['IOC', '900', '1', ['accepted', 'expired', 'balances']],
    ['IOC', '1010', '15', ['accepted', 'filled', 'expired', 'balances']],
    ['FOK', '1010', '15', ['accepted', 'expired', 'balances']],
    ['FOK', '1010', '10', ['accepted', 'filled', 'balances']],
  ])('%s at %s for %s: %j', (timeInForce, px, size, expected) => {
    const fields = { type: 'LIMIT' as const, timeInForce, price: price(px), quantity: qty(size) };
    const { state, events } = placed(opened(), fields);
    // An order that locks and unlocks within one step leaves no balance event when nothing changed.
    expect(kinds(events)).toEqual(
      fillsOf(events).length > 0 ? expected : expected.filter((kind) => kind !== 'balances'),
    );
    expect(state.orders).toEqual({});
    expect(state.balances['USDT']?.locked).toBe(ZERO_QTY);
  });
});

test.each<[string, Partial<SimRequest>]>([
  ['price_filter', { type: 'LIMIT', price: price('900.001') }],
  ['lot_size', { quantity: qty('0.0015') }],
  ['lot_size', { quantity: qty('0.0009') }],
  ['notional', { quantity: qty('0.004') }],
  ['insufficient_balance', { quantity: qty('100') }],
  ['insufficient_balance', { side: 'SELL', quantity: qty('5.001') }],
  ['would_match', { type: 'LIMIT_MAKER', price: price('1001') }],
  ['unknown_market', { marketKey: 'binance_spot_DOGE-USDT' }],
])('%s refuses %j and changes nothing', (code, fields) => {
  const state = opened();
  const result = placeOrder(state, instant, { request: request(fields), now: epochMs(T0) });
  expect(result).toMatchObject({ ok: false, error: { code } });
});

test('a client order id is unique among open orders only: after the fill it is taken again', () => {
  const rests = { type: 'LIMIT' as const, price: price('900') };
  const { state } = placed(opened(), rests);
  const again = placeOrder(state, instant, { request: request(rests), now: epochMs(T0) });
  expect(again).toMatchObject({ ok: false, error: { code: 'duplicate_client_order_id' } });
  const filled = placed(opened(), {});
  expect(kinds(placed(filled.state, {}).events)).toContain('filled');
});

test.each<Partial<SimRequest>>([
  { quantity: null },
  { quote: money('10') },
  { price: price('1000') },
  { type: 'LIMIT' },
  { side: 'SELL', quantity: null, quote: money('10') },
])('a request of a shape that does not exist is a bug: %j', (fields) => {
  expect(() => placed(opened(), fields)).toThrow('Invariant: an order has a quantity');
});
