import fc from 'fast-check';
import { epochMs } from '../lib/time.ts';
import {
  addMoney,
  money,
  price,
  qty,
  subMoney,
  sumMoney,
  ZERO_MONEY,
  type Money,
} from '../lib/units.ts';
import type { Side } from '../order/intent.ts';
import { cancelOrder, onTrade, placeOrder } from './engine.ts';
import { futuresEquity, onlyReduces, unrealized } from './futures.ts';
import {
  simInit,
  type SimEvent,
  type SimOrderType,
  type SimPositionSide,
  type SimRequest,
  type SimSetup,
  type SimState,
} from './state.ts';
import { isMarketType } from './triggers.ts';
import { fillsOf, FUTURE, futureConfig, futureTrade, T0 } from './testing.ts';

const WALLET = money('5000');
const cents = (n: number) => price((n / 100).toFixed(2));

const anyRequest = fc
  .record({
    side: fc.constantFrom<Side>('BUY', 'SELL'),
    type: fc.constantFrom<SimOrderType>('MARKET', 'LIMIT', 'STOP_LOSS', 'TAKE_PROFIT'),
    lots: fc.integer({ min: 1, max: 30_000 }),
    at: fc.integer({ min: 80_000, max: 120_000 }),
    stop: fc.integer({ min: 60_000, max: 140_000 }),
    reduceOnly: fc.boolean(),
    positionSide: fc.constantFrom<SimPositionSide>('BOTH', 'BOTH', 'LONG', 'SHORT'),
  })
  .map(({ side, type, lots, at, stop, reduceOnly, positionSide }, n = 0): SimRequest => ({
    clientOrderId: `tw${lots}-${n}`,
    marketKey: FUTURE,
    side,
    type,
    timeInForce: 'GTC',
    quantity: qty((lots / 1_000).toFixed(3)),
    quote: null,
    price: isMarketType(type) ? null : cents(at),
    stopPrice: isMarketType(type) && type !== 'MARKET' ? cents(stop) : null,
    reduceOnly,
    positionSide,
  }));
type Command =
  | { readonly do: 'trade'; readonly cents: number }
  | { readonly do: 'place'; readonly request: SimRequest }
  | { readonly do: 'cancel'; readonly orderId: number }
  | { readonly do: 'later' };
const anyCommand: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('trade' as const),
      cents: fc.integer({ min: 60_000, max: 140_000 }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('place' as const), request: anyRequest }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('cancel' as const),
      orderId: fc.integer({ min: 1, max: 20 }),
    }),
  },
  { weight: 1, arbitrary: fc.constant<Command>({ do: 'later' }) },
);
const anySetup = fc.record<SimSetup>({
  leverage: fc.integer({ min: 1, max: 125 }),
  marginMode: fc.constantFrom('isolated', 'cross'),
});

type Look = (state: SimState, events: readonly SimEvent[], before: SimState) => void;

function run(commands: readonly Command[], hedge: boolean, setup: SimSetup, look: Look): void {
  const start = simInit({}, 3, WALLET);
  let state: SimState = {
    ...start,
    futures: { ...start.futures, hedge, setups: { [FUTURE]: setup } },
  };
  state = onTrade(state, futureConfig, futureTrade('1000', '1000')).state;
  let now = T0;
  for (const command of commands) {
    now += command.do === 'later' ? 9 * 3_600_000 : 137;
    const before = state;
    const step = (() => {
      switch (command.do) {
        case 'later':
        case 'trade': {
          const px = command.do === 'trade' ? cents(command.cents) : price('1000');
          return onTrade(state, futureConfig, { ...futureTrade('1', '500', now), price: px });
        }
        case 'place': {
          const { request } = command;
          const result = placeOrder(state, futureConfig, { request, now: epochMs(now) });
          return result.ok ? result.value : { state, events: [] };
        }
        case 'cancel': {
          const { orderId } = command;
          const result = cancelOrder(state, futureConfig, { orderId, now: epochMs(now) });
          return result.ok ? result.value : { state, events: [] };
        }
      }
    })();
    state = step.state;
    look(state, step.events, before);
  }
}

const incomesOf = (events: readonly SimEvent[]) =>
  events.flatMap((event) => (event.kind === 'income' ? [event.income] : []));
const positionsOf = (state: SimState) => Object.values(state.futures.positions);
/** Signed quantity of all positions: what fills must add up to. */
const net = (state: SimState): bigint =>
  positionsOf(state).reduce(
    (sum, { side, quantity }) => sum + (side === 'LONG' ? 0n + quantity : 0n - quantity),
    0n,
  );

const anyRun = [
  fc.array(anyCommand, { minLength: 1, maxLength: 50 }),
  fc.boolean(),
  anySetup,
] as const;

test('prop: the wallet moves by told incomes alone, and positions by fills alone', () => {
  fc.assert(
    fc.property(...anyRun, (commands, hedge, setup) => {
      let told: Money = WALLET;
      let filled = 0n;
      run(commands, hedge, setup, (state, events) => {
        told = addMoney(told, sumMoney(incomesOf(events).map(({ amount }) => amount)));
        for (const { side, quantity } of fillsOf(events))
          filled += side === 'BUY' ? 0n + quantity : 0n - quantity;
        expect(state.futures.wallet).toBe(told);
        expect(net(state)).toBe(filled);
      });
    }),
    { numRuns: 150 },
  );
});

test('prop: no debt goes untold: the wallet is never negative, and nothing open is beyond its maintenance after a trade', () => {
  fc.assert(
    fc.property(...anyRun, (commands, hedge, setup) => {
      run(commands, hedge, setup, (state, events) => {
        expect(state.futures.wallet >= 0n).toBe(true);
        const traded = events.some(({ kind }) => kind === 'filled');
        if (!traded && positionsOf(state).length > 0 && setup.marginMode === 'cross')
          expect(futuresEquity(state) > 0n).toBe(true);
        for (const position of positionsOf(state)) {
          expect(position.quantity > 0n).toBe(true);
          expect(position.cost > 0n).toBe(true);
        }
      });
    }),
    { numRuns: 150 },
  );
});

test('prop: equity is conserved: a step changes it by price, fees, funding, costs of trading and insurance alone', () => {
  fc.assert(
    fc.property(...anyRun, (commands, hedge, setup) => {
      run(commands, hedge, setup, (state, events, before) => {
        // Revalued at the prices of now: what positions gained by the market alone.
        const last = state.markets[FUTURE]?.lastPrice ?? price('1000');
        const open = (of: SimState) =>
          sumMoney(positionsOf(of).map((position) => unrealized(position, last)));
        const moved = subMoney(
          addMoney(state.futures.wallet, open(state)),
          addMoney(before.futures.wallet, open(before)),
        );
        const costs = fillsOf(events).reduce((sum, { side, quantity, quote }) => {
          const fair = (last * quantity) / 10n ** 18n;
          return sum + (side === 'BUY' ? fair - quote : quote - fair);
        }, 0n);
        const told = incomesOf(events)
          .filter(({ type }) => type !== 'REALIZED_PNL')
          .reduce((sum, { amount }) => addMoney(sum, amount), ZERO_MONEY);
        const unexplained = subMoney(moved, told) - costs;
        expect(unexplained > -1_000n && unexplained < 1_000n).toBe(true);
      });
    }),
    { numRuns: 100 },
  );
});

test('prop: what may only reduce never opens nor turns round (EXE-06)', () => {
  fc.assert(
    fc.property(...anyRun, (commands, hedge, setup) => {
      run(commands, hedge, setup, (state, events, before) => {
        for (const event of events) {
          if (event.kind !== 'filled' || !onlyReduces(event.order)) continue;
          const key = `${FUTURE} ${event.order.positionSide}`;
          const held = before.futures.positions[key];
          const left = state.futures.positions[key];
          if (events.filter(({ kind }) => kind === 'filled').length > 1) continue;
          expect(held).toBeDefined();
          expect(left === undefined || left.side === held?.side).toBe(true);
          expect((left?.quantity ?? 0n) < (held?.quantity ?? 0n)).toBe(true);
        }
      });
    }),
    { numRuns: 100 },
  );
});
