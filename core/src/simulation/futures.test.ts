import { epochMs } from '../lib/time.ts';
import { feeMoney, money, price, qty, toNumber } from '../lib/units.ts';
import { advance, onTrade, placeOrder } from './engine.ts';
import { availableMargin, futuresEquity } from './futures.ts';
import { liquidationPrice } from './liquidation.ts';
import {
  simInit,
  type SimConfig,
  type SimEvent,
  type SimRequest,
  type SimSetup,
  type SimState,
} from './state.ts';
import { fillsOf, FUTURE, futureConfig, futureTrade, T0 } from './testing.ts';

/** No spread and no fee, so that the arithmetic shows. */
const plain: SimConfig = {
  ...futureConfig,
  slippage: { spreadPct: 0, fixedPct: 0, impactPct: 0, maxImpactRatio: 1 },
  futures: { ...futureConfig.futures, fees: { maker: 0, taker: 0 } },
};
const opened = (
  wallet = '1000',
  setup: SimSetup = { leverage: 10, marginMode: 'isolated' },
): SimState => {
  const start = simInit({}, 1, money(wallet));
  const state = { ...start, futures: { ...start.futures, setups: { [FUTURE]: setup } } };
  return onTrade(state, plain, futureTrade('1000', '1000')).state;
};
const order: SimRequest = {
  clientOrderId: 'tw1',
  marketKey: FUTURE,
  side: 'BUY',
  type: 'MARKET',
  timeInForce: 'GTC',
  quantity: qty('1'),
  quote: null,
  price: null,
  stopPrice: null,
  reduceOnly: false,
  positionSide: 'BOTH',
};
const place = (state: SimState, fields: Partial<SimRequest> = {}, config = plain) =>
  placeOrder(state, config, { request: { ...order, ...fields }, now: epochMs(T0) });
const placed = (state: SimState, fields: Partial<SimRequest> = {}, config = plain): SimState => {
  const result = place(state, fields, config);
  if (!result.ok) throw new Error(result.error.code);
  return result.value.state;
};
const at = (state: SimState, px: string, ms = T0 + 1_000) =>
  onTrade(state, plain, futureTrade(px, '1000', ms));
const incomeTypes = (events: readonly SimEvent[]) =>
  events.flatMap((event) => (event.kind === 'income' ? [event.income.type] : []));
const positionsOf = (state: SimState) => Object.values(state.futures.positions);

test('a fill opens a position and binds its margin; cash moves by the fee alone', () => {
  const state = placed(opened(), {}, futureConfig);
  const [position] = positionsOf(state);
  expect(position).toMatchObject({ side: 'LONG', quantity: qty('1') });
  const fee = feeMoney(position?.cost ?? money('0'), 0.0005, 'floor');
  expect(toNumber(state.futures.wallet)).toBeCloseTo(1_000 - toNumber(fee), 8);
});

test('what comes against a position reduces it and realises its share', () => {
  const long = placed(opened(), { quantity: qty('2') });
  const higher = at(long, '1100').state;
  const half = placed(higher, { side: 'SELL' });
  expect(half.futures.wallet).toBe(money('1100'));
  expect(positionsOf(half)).toMatchObject([{ quantity: qty('1'), cost: money('1000') }]);
});

test('in one-way mode a larger opposite order turns the position round', () => {
  const long = placed(opened());
  const short = placed(long, { side: 'SELL', quantity: qty('3') });
  expect(positionsOf(short)).toMatchObject([{ side: 'SHORT', quantity: qty('2') }]);
});

test('a reduce-only order closes at most what is open and never opens', () => {
  const long = placed(opened());
  const result = place(long, { side: 'SELL', quantity: qty('3'), reduceOnly: true });
  if (!result.ok) throw new Error(result.error.code);
  expect(fillsOf(result.value.events)).toMatchObject([{ quantity: qty('1') }]);
  expect(result.value.state).toMatchObject({ orders: {}, futures: { positions: {} } });
  expect(place(opened(), { side: 'SELL', reduceOnly: true })).toMatchObject({
    error: { code: 'reduce_only' },
  });
});

test('hedge mode holds both sides, and the sides name what an order changes (EXE-08)', () => {
  const hedged = { ...opened(), futures: { ...opened().futures, hedge: true } };
  const long = placed(hedged, { positionSide: 'LONG' });
  const both = placed(long, { positionSide: 'SHORT', side: 'SELL', quantity: qty('2') });
  expect(positionsOf(both).map(({ side }) => side)).toEqual(['LONG', 'SHORT']);
  const closed = placed(both, { positionSide: 'LONG', side: 'SELL' });
  expect(positionsOf(closed).map(({ side }) => side)).toEqual(['SHORT']);
  expect(place(hedged)).toMatchObject({ error: { code: 'position_side' } });
});

test('more than the margin allows is refused, and a resting order binds its margin', () => {
  expect(place(opened(), { quantity: qty('11') })).toMatchObject({
    error: { code: 'insufficient_margin' },
  });
  const resting = placed(opened(), { type: 'LIMIT', price: price('500'), quantity: qty('10') });
  expect(availableMargin(resting, plain)).toBe(money('500'));
});

test('a stop that fires when its position is gone expires without a trade', () => {
  const stop = { side: 'SELL', type: 'STOP_LOSS', stopPrice: price('950') } as const;
  const { state, events } = at(placed(opened(), { ...stop, reduceOnly: true }), '900');
  expect(events.map(({ kind }) => kind)).toEqual(['triggered', 'expired']);
  expect(positionsOf(state)).toEqual([]);
});

test('an isolated position is closed at its liquidation price, and loses no more than its margin', () => {
  const long = placed(opened('5000'));
  const [position] = positionsOf(long);
  if (position === undefined) throw new Error('no position');
  // 1000 x 0.9 / (1 - 0.004)
  expect(toNumber(liquidationPrice(long, plain, position) ?? price('0'))).toBeCloseTo(
    903.614_457_8,
    6,
  );
  expect(positionsOf(at(long, '903.62').state)).toHaveLength(1);
  const { state, events } = at(long, '700');
  expect(positionsOf(state)).toEqual([]);
  expect(state.futures.wallet).toBe(money('4900'));
  expect(incomeTypes(events)).toEqual(['REALIZED_PNL', 'INSURANCE_CLEAR']);
  expect(fillsOf(events)[0]?.clientOrderId).toMatch(/^autoclose-/);
});

test('cross positions stand together: the wallet bears what one margin would not', () => {
  const long = placed(opened('990', { leverage: 10, marginMode: 'cross' }));
  expect(positionsOf(at(long, '700').state)).toHaveLength(1);
  const { state, events } = at(long, '5');
  expect(positionsOf(state)).toEqual([]);
  expect(state.futures.wallet).toBe(money('0'));
  expect(incomeTypes(events)).toEqual(['REALIZED_PNL', 'INSURANCE_CLEAR']);
});

test('funding goes from long to short at the end of each interval, late ones too', () => {
  const long = placed(opened());
  const every = plain.futures.fundingEveryMs;
  const { state, events } = advance(long, plain, epochMs((Math.floor(T0 / every) + 2) * every));
  expect(state.futures.wallet).toBe(money('999.8'));
  expect(events).toMatchObject([
    { income: { type: 'FUNDING_FEE', amount: money('-0.1') } },
    { income: { type: 'FUNDING_FEE', amount: money('-0.1') } },
    { kind: 'futures' },
  ]);
  expect(futuresEquity(state)).toBe(money('999.8'));
});
