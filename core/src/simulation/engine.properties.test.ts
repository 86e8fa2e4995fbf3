import fc from 'fast-check';
import { epochMs } from '../lib/time.ts';
import {
  addMoney,
  addQty,
  amountOf,
  money,
  notional,
  price,
  qty,
  subQty,
  ZERO_MONEY,
  ZERO_QTY,
  type Qty,
} from '../lib/units.ts';
import type { Side, TimeInForce } from '../order/intent.ts';
import { advance, cancelOrder, onTrade, placeOrder } from './engine.ts';
import {
  simInit,
  type SimConfig,
  type SimEvent,
  type SimOrder,
  type SimOrderType,
  type SimRequest,
  type SimState,
} from './state.ts';
import { isMarketType } from './triggers.ts';
import { delayed, fillsOf, instant, KEY, T0, tradeOf } from './testing.ts';

type Command =
  | { readonly do: 'trade'; readonly cents: number; readonly lots: number }
  | { readonly do: 'place'; readonly request: SimRequest }
  | { readonly do: 'cancel'; readonly orderId: number }
  | { readonly do: 'wait' };

const lots = (n: number): Qty => qty((n / 1_000).toFixed(3));
const cents = (n: number) => price((n / 100).toFixed(2));
const anyRequest = fc
  .record({
    side: fc.constantFrom<Side>('BUY', 'SELL'),
    type: fc.constantFrom<SimOrderType>(
      'MARKET',
      'LIMIT',
      'LIMIT_MAKER',
      'STOP_LOSS',
      'STOP_LOSS_LIMIT',
      'TAKE_PROFIT',
      'TAKE_PROFIT_LIMIT',
    ),
    stop: fc.integer({ min: 90_000, max: 110_000 }),
    timeInForce: fc.constantFrom<TimeInForce>('GTC', 'IOC', 'FOK'),
    size: fc.integer({ min: 1, max: 30_000 }),
    at: fc.integer({ min: 90_000, max: 110_000 }),
    byQuote: fc.boolean(),
    id: fc.integer({ min: 1, max: 6 }),
  })
  .map(({ side, type, timeInForce, size, at, stop, byQuote, id }): SimRequest => {
    const quoted = byQuote && type === 'MARKET' && side === 'BUY';
    return {
      clientOrderId: `tw${id}`,
      marketKey: KEY,
      side,
      type,
      timeInForce: type === 'LIMIT' ? timeInForce : 'GTC',
      quantity: quoted ? null : lots(size),
      quote: quoted ? money(String(size)) : null,
      price: isMarketType(type) ? null : cents(at),
      stopPrice: /STOP|TAKE/.test(type) ? cents(stop) : null,
      reduceOnly: false,
      positionSide: 'BOTH',
    };
  });
const anyCommand: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('trade' as const),
      cents: fc.integer({ min: 90_000, max: 110_000 }),
      lots: fc.integer({ min: 1, max: 50_000 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('place' as const), request: anyRequest }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('cancel' as const),
      orderId: fc.integer({ min: 1, max: 30 }),
    }),
  },
  { weight: 1, arbitrary: fc.constant<Command>({ do: 'wait' }) },
);

/** Runs commands 137 ms apart and calls `look` after each. */
function run(
  commands: readonly Command[],
  config: SimConfig,
  look: (state: SimState, events: readonly SimEvent[]) => void = () => undefined,
): { readonly state: SimState; readonly events: readonly SimEvent[] } {
  const events: SimEvent[] = [];
  let state = simInit({ USDT: qty('50000'), BTC: qty('20') }, 7);
  commands.forEach((command, i) => {
    const now = epochMs(T0 + i * 137);
    const step = (() => {
      switch (command.do) {
        case 'trade':
          return onTrade(state, config, {
            ...tradeOf('1', '1', now),
            price: cents(command.cents),
            size: lots(command.lots),
          });
        case 'place': {
          const result = placeOrder(state, config, { request: command.request, now });
          return result.ok ? result.value : { state, events: [] };
        }
        case 'cancel': {
          const result = cancelOrder(state, config, { orderId: command.orderId, now });
          return result.ok ? result.value : { state, events: [] };
        }
        case 'wait':
          return advance(state, config, now);
      }
    })();
    state = step.state;
    events.push(...step.events);
    look(state, events);
  });
  return { state, events };
}

const sumQty = (values: readonly Qty[]): Qty => values.reduce(addQty, ZERO_QTY);

/** Balances as the fills alone explain them. */
function expectConserved(state: SimState, events: readonly SimEvent[]): void {
  const fills = fillsOf(events);
  const of = (side: Side) => fills.filter((fill) => fill.side === side);
  const quoteOf = (side: Side) =>
    amountOf(of(side).reduce((sum, fill) => addMoney(sum, fill.quote), ZERO_MONEY));
  const total = (asset: string) => {
    const { free, locked } = state.balances[asset] ?? { free: ZERO_QTY, locked: ZERO_QTY };
    return addQty(free, locked);
  };
  const fees = (side: Side) => sumQty(of(side).map((fill) => fill.fee));
  const amount = (side: Side) => sumQty(of(side).map((fill) => fill.quantity));
  expect(addQty(total('USDT'), addQty(quoteOf('BUY'), fees('SELL')))).toBe(
    addQty(qty('50000'), quoteOf('SELL')),
  );
  expect(addQty(total('BTC'), addQty(amount('SELL'), fees('BUY')))).toBe(
    addQty(qty('20'), amount('BUY')),
  );
}

/** What is locked is what the open orders need, no more and no less. */
function expectLocksMatch(state: SimState): void {
  const open = Object.values<SimOrder>(state.orders);
  const lockedBy = (side: Side) => sumQty(open.filter((o) => o.side === side).map((o) => o.locked));
  expect(state.balances['USDT']?.locked).toBe(lockedBy('BUY'));
  expect(state.balances['BTC']?.locked).toBe(lockedBy('SELL'));
  for (const order of open) {
    if (order.quantity === null) continue;
    const rest = subQty(order.quantity, order.filled);
    if (order.side === 'SELL') expect(order.locked).toBe(rest);
    else if (order.price !== null)
      expect(order.locked).toBe(amountOf(notional(order.price, rest, 'ceil')));
  }
}

/** No order trades more than it asked for, or past its limit. */
function expectWithinOrders(events: readonly SimEvent[]): void {
  for (const event of events) {
    if (!('order' in event)) continue;
    const { order } = event;
    const fills = fillsOf(events).filter(({ orderId }) => orderId === order.orderId);
    if (order.quantity !== null)
      expect(sumQty(fills.map((fill) => fill.quantity)) <= order.quantity).toBe(true);
    if (order.quote !== null) expect(order.filledQuote <= order.quote).toBe(true);
    for (const fill of fills)
      if (order.price !== null)
        expect(order.side === 'BUY' ? fill.price <= order.price : fill.price >= order.price).toBe(
          true,
        );
  }
}

describe.each([
  ['without latency', instant],
  ['with latency', delayed],
])('whatever is asked of the engine %s', (_name, config) => {
  const commands = fc.array(anyCommand, { minLength: 1, maxLength: 60 });

  test('prop: balances move by fills and fees alone, locks are what open orders need', () => {
    fc.assert(
      fc.property(commands, (list) => {
        const { events } = run(list, config, (state, sofar) => {
          expectConserved(state, sofar);
          expectLocksMatch(state);
        });
        expectWithinOrders(events);
        const ids = fillsOf(events).map(({ fillId }) => fillId);
        expect(ids).toEqual(ids.map((_, i) => i + 1));
      }),
      { numRuns: 150 },
    );
  });

  test('prop: the same commands give the same venue and the same events', () => {
    fc.assert(
      fc.property(commands, (list) => {
        expect(run(list, config)).toEqual(run(list, config));
      }),
      { numRuns: 30 },
    );
  });
});
