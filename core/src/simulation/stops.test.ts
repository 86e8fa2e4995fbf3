import { epochMs } from '../lib/time.ts';
import { price, qty, ZERO_QTY } from '../lib/units.ts';
import { cancelOrder, onTrade, placeOrder } from './engine.ts';
import { simInit, type SimEvent, type SimRequest, type SimState } from './state.ts';
import { delayed, fillsOf, instant, KEY, T0, tradeOf } from './testing.ts';

const opened = onTrade(
  simInit({ USDT: qty('100000'), BTC: qty('5') }, 1),
  instant,
  tradeOf('1000', '100'),
).state;
const stop: SimRequest = {
  clientOrderId: 'tw1',
  marketKey: KEY,
  side: 'SELL',
  type: 'STOP_LOSS',
  timeInForce: 'GTC',
  quantity: qty('2'),
  quote: null,
  price: null,
  stopPrice: price('950'),
  reduceOnly: false,
  positionSide: 'BOTH',
};
const place = (fields: Partial<SimRequest>, config = instant) =>
  placeOrder(opened, config, { request: { ...stop, ...fields }, now: epochMs(T0) });
const placed = (fields: Partial<SimRequest> = {}, config = instant): SimState => {
  const result = place(fields, config);
  if (!result.ok) throw new Error(result.error.code);
  return result.value.state;
};
const traded = (state: SimState, px: string, at = T0 + 1_000) =>
  onTrade(state, instant, tradeOf(px, '1', at));
const kinds = (events: readonly SimEvent[]) => events.map(({ kind }) => kind);

test('a stop rests out of the book with its funds locked, and a price above it does nothing', () => {
  const state = placed();
  expect(state.balances['BTC']).toEqual({ free: qty('3'), locked: qty('2') });
  const { state: after, events } = traded(state, '950.01');
  expect(events).toEqual([]);
  expect(Object.values(after.orders)).toMatchObject([{ status: 'NEW', triggeredAt: null }]);
});

test.each<[string, Partial<SimRequest>, string, boolean]>([
  ['a sell stop at its price', {}, '950', true],
  ['a sell stop through a gap', {}, '900', true],
  ['a buy stop at its price', { side: 'BUY', stopPrice: price('1050') }, '1050', true],
  ['a buy stop below it', { side: 'BUY', stopPrice: price('1050') }, '1049.99', false],
  ['a sell target at its price', { type: 'TAKE_PROFIT', stopPrice: price('1100') }, '1100', true],
  ['a sell target below it', { type: 'TAKE_PROFIT', stopPrice: price('1100') }, '1099', false],
  [
    'a buy target at its price',
    { type: 'TAKE_PROFIT', side: 'BUY', stopPrice: price('900') },
    '900',
    true,
  ],
])('%s fires or not', (_, fields, px, hit) => {
  const { events, state } = traded(placed(fields), px);
  expect(kinds(events)).toEqual(hit ? ['triggered', 'filled', 'balances'] : []);
  expect(Object.keys(state.orders)).toHaveLength(hit ? 0 : 1);
});

test('a stop that fires through a gap sells at the market, not at its own price', () => {
  const [fill] = fillsOf(traded(placed(), '900').events);
  expect(fill).toMatchObject({ liquidity: 'taker', quantity: qty('2') });
  expect(fill !== undefined && fill.price < price('900')).toBe(true);
});

test('a stop with a limit that the market has left rests as maker until the market comes back', () => {
  const waiting = placed({ type: 'STOP_LOSS_LIMIT', price: price('949') });
  const fired = traded(waiting, '900');
  expect(kinds(fired.events)).toEqual(['triggered']);
  const back = traded(fired.state, '949', T0 + 2_000);
  expect(fillsOf(back.events)).toMatchObject([{ price: price('949'), liquidity: 'maker' }]);
});

test('a stop that the market has passed already is refused', () => {
  expect(place({ stopPrice: price('1000') })).toMatchObject({ error: { code: 'would_trigger' } });
  expect(place({ stopPrice: price('950.001') })).toMatchObject({ error: { code: 'price_filter' } });
});

test('a stop that is on its way while the market passes it fires when it arrives', () => {
  const sent = placed({}, delayed);
  const low = onTrade(sent, delayed, tradeOf('940', '50', T0 + 1)).state;
  const { events } = onTrade(low, delayed, tradeOf('940', '50', T0 + 400));
  expect(kinds(events).slice(0, 2)).toEqual(['triggered', 'filled']);
});

test('a cancelled stop gives back what it had locked', () => {
  const cancelled = cancelOrder(placed(), instant, { orderId: 1, now: epochMs(T0) });
  expect(cancelled.ok && cancelled.value.state.balances['BTC']).toEqual({
    free: qty('5'),
    locked: ZERO_QTY,
  });
});
