import { epochMs, type EpochMs } from '../lib/time.ts';
import { err, ok, type Result } from '../lib/result.ts';
import { ZERO_MONEY, ZERO_QTY } from '../lib/units.ts';
import type { Trade } from '../market/market.ts';
import { closeOrder, move } from './fill.ts';
import { liquidate, settleFunding } from './liquidation.ts';
import { matchOrder } from './match.ts';
import { minuteVolume, withTrade } from './pricing.ts';
import { drawLatency } from './random.ts';
import { admit } from './rules.ts';
import type {
  SimConfig,
  SimEvent,
  SimOrder,
  SimPosition,
  SimRejection,
  SimRequest,
  SimState,
  SimStep,
} from './state.ts';
import { isMarketType } from './triggers.ts';

/** Appends what the futures account holds, when a step changed it. */
function withAccount(before: SimState, step: SimStep, at: EpochMs): SimStep {
  const { futures } = step.state;
  const { positions, wallet } = before.futures;
  const spot = withBalances(before, step, at);
  if (positions === futures.positions && wallet === futures.wallet) return spot;
  const gone = Object.entries(positions).flatMap(([key, position]) =>
    futures.positions[key] === undefined ? [emptied(position, at)] : [],
  );
  const changed = Object.entries(futures.positions).flatMap(([key, position]) =>
    positions[key] === position ? [] : [position],
  );
  const event: SimEvent = {
    kind: 'futures',
    at,
    wallet: futures.wallet,
    positions: [...gone, ...changed],
  };
  return { state: spot.state, events: [...spot.events, event] };
}

const emptied = (position: SimPosition, at: EpochMs): SimPosition => ({
  ...position,
  quantity: ZERO_QTY,
  cost: ZERO_MONEY,
  margin: ZERO_MONEY,
  updatedAt: at,
});

/** Appends one event with every balance that differs between two states. */
function withBalances(before: SimState, step: SimStep, at: EpochMs): SimStep {
  if (before.balances === step.state.balances) return step;
  const changed = Object.entries(step.state.balances).filter(
    ([asset, balance]) =>
      before.balances[asset]?.free !== balance.free ||
      before.balances[asset].locked !== balance.locked,
  );
  if (changed.length === 0) return step;
  const event: SimEvent = { kind: 'balances', at, balances: Object.fromEntries(changed) };
  return { state: step.state, events: [...step.events, event] };
}

/** Runs steps one after the other on a state and collects what they did. */
function runAll<T>(
  state: SimState,
  items: readonly T[],
  run: (state: SimState, item: T) => SimStep,
): SimStep {
  const events: SimEvent[] = [];
  let current = state;
  for (const item of items) {
    const step = run(current, item);
    current = step.state;
    events.push(...step.events);
  }
  return { state: current, events };
}

/** @throws RangeError for a request of a shape that does not exist: its sender has a bug. */
function checkShape({ type, side, quantity, quote, price, stopPrice }: SimRequest): void {
  const sized = (quantity === null) !== (quote === null);
  const spends = quote === null || (type === 'MARKET' && side === 'BUY');
  const waits = type !== 'MARKET' && type !== 'LIMIT' && type !== 'LIMIT_MAKER';
  if (
    !sized ||
    !spends ||
    isMarketType(type) !== (price === null) ||
    waits !== (stopPrice !== null)
  )
    throw new RangeError(
      'Invariant: an order has a quantity, or as a market buy a quote amount; a limit has a price, a stop its own',
    );
}

/**
 * Accepts an order or says why not. It trades when its latency is over; without latency, at once.
 *
 * @throws RangeError when quantity, quote and price do not go with the type.
 */
export function placeOrder(
  state: SimState,
  config: SimConfig,
  { request, now }: { readonly request: SimRequest; readonly now: EpochMs },
): Result<SimStep, SimRejection> {
  checkShape(request);
  const { marketKey } = request;
  const instrument = config.instruments[marketKey];
  if (instrument === undefined) return err({ code: 'unknown_market', marketKey });
  const market = state.markets[marketKey];
  if (market === undefined) return err({ code: 'market_closed', marketKey });
  const venue = { instrument, market, volume: minuteVolume(market, now) };
  const admitted = admit(request, { state, config, venue });
  if (!admitted.ok) return admitted;
  const { asset, need } = admitted.value;
  const { ms, seed } = drawLatency(state.seed, config.latencyMs);
  const order: SimOrder = {
    ...request,
    orderId: state.nextOrderId,
    status: 'NEW',
    filled: ZERO_QTY,
    filledQuote: ZERO_MONEY,
    locked: need,
    placedAt: now,
    updatedAt: now,
    dueAt: epochMs(now + ms),
    triggeredAt: null,
  };
  const placed: SimState = {
    ...state,
    seed,
    balances:
      instrument.market === 'futures'
        ? state.balances
        : move(state.balances, asset, { lock: need }),
    orders: { ...state.orders, [order.orderId]: order },
    nextOrderId: order.orderId + 1,
  };
  const arrived = arrive(placed, config, now);
  const events: readonly SimEvent[] = [{ kind: 'accepted', order }, ...arrived.events];
  return ok(withAccount(state, { state: arrived.state, events }, now));
}

/** Lets the orders whose latency is over by `now` reach the book, the earliest first. */
function arrive(state: SimState, config: SimConfig, now: EpochMs): SimStep {
  const due = Object.values<SimOrder>(state.orders).flatMap((order) =>
    order.dueAt !== null && order.dueAt <= now ? [{ order, at: order.dueAt }] : [],
  );
  due.sort((a, b) => (a.at === b.at ? a.order.orderId - b.order.orderId : a.at - b.at));
  return runAll(state, due, (current, { order, at }) =>
    matchOrder(current, order, { config, now: at, resting: false }),
  );
}

/** Runs `next` on what `step` led to. */
function then(step: SimStep, next: (state: SimState) => SimStep): SimStep {
  const after = next(step.state);
  return { state: after.state, events: [...step.events, ...after.events] };
}

/** Moves time to `now` without a trade: funding is paid, and orders that are due reach the book. */
export const advance = (state: SimState, config: SimConfig, now: EpochMs): SimStep =>
  withAccount(
    state,
    then(settleFunding(state, config, now), (funded) => arrive(funded, config, now)),
    now,
  );

/** The next time at which `advance` has something to do; `null` when nothing is on its way. */
export function nextDueAt(state: SimState): EpochMs | null {
  const due = Object.values<SimOrder>(state.orders).flatMap(({ dueAt }) => dueAt ?? []);
  return due.length === 0 ? null : epochMs(Math.min(...due));
}

/**
 * A trade of the market: time moves to it, then what waits may fire and what rests may trade, and
 * what the futures account can no longer bear is closed.
 *
 * The price process is given; our own fills do not move it. Trades of unknown markets change nothing.
 */
export function onTrade(state: SimState, config: SimConfig, trade: Trade): SimStep {
  const { marketKey } = trade;
  if (config.instruments[marketKey] === undefined) return { state, events: [] };
  const arrived = then(settleFunding(state, config, trade.at), (funded) =>
    arrive(funded, config, trade.at),
  );
  const market = withTrade(arrived.state.markets[marketKey], trade);
  const traded = { ...arrived.state, markets: { ...arrived.state.markets, [marketKey]: market } };
  const waiting = Object.values<SimOrder>(traded.orders).filter(
    (order) => order.marketKey === marketKey && order.dueAt === null,
  );
  const matched = runAll(traded, waiting, (current, order) =>
    matchOrder(current, order, { config, now: trade.at, resting: true }),
  );
  const events = [...arrived.events, ...matched.events];
  const step = then({ state: matched.state, events }, (current) =>
    liquidate(current, config, trade.at),
  );
  return withAccount(state, step, trade.at);
}

/** Takes an open order off the book. `unknown_order` when it is not open: filled, ended or never seen. */
export function cancelOrder(
  state: SimState,
  config: SimConfig,
  { orderId, now }: { readonly orderId: number; readonly now: EpochMs },
): Result<SimStep, 'unknown_order'> {
  const order = state.orders[orderId];
  if (order === undefined) return err('unknown_order');
  const closed = closeOrder(state, config, { order, status: 'CANCELED', at: now });
  const step: SimStep = {
    state: closed.state,
    events: [{ kind: 'cancelled', order: closed.order }],
  };
  return ok(withAccount(state, step, now));
}
