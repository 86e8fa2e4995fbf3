import { FUTURES, SPOT } from '@tradewind/adapters/venue/capabilities';
import type {
  AccountOrder,
  Balance,
  Lookup,
  SubmitOutcome,
  Venue,
  VenueError,
  VenueOrder,
  VenueOrderType,
} from '@tradewind/adapters/venue/venue';
import { err, ok, type Result } from '@tradewind/core/lib/result';
import { formatDecimal, ZERO_QTY } from '@tradewind/core/lib/units';
import type { OrderReport } from '@tradewind/core/order/order';
import type { SimRejection } from '@tradewind/core/simulation/state';
import { reportOf, symbolOf, type Exchange, type Taken } from './exchange.ts';
import { flowsOf, futuresCalls, walletOf } from './futures-link.ts';
import type { Process } from './process.ts';
import {
  DEADLINE_MS,
  drawQueryHarm,
  drawSubmitHarm,
  failure,
  RECEIVE_WINDOW_MS,
} from './venue-harm.ts';
import type { World } from './world.ts';

/** How long a look-up may not show what was just taken. */
const STALE_MS = 1_000;

const notSupported = (): Promise<Result<never, VenueError>> =>
  Promise.resolve(err(failure('NotSupported')));

const NOT_ON_SPOT = {
  positions: notSupported,
  leverage: notSupported,
  setLeverage: notSupported,
  positionMode: notSupported,
  liquidations: notSupported,
} as const;

const marketKeyOf = ({ market }: Exchange, symbol: string): string => `binance_${market}_${symbol}`;

/** Kinds of orders that we send, as the venue names them. */
const TYPES: Readonly<Record<string, VenueOrderType>> = {
  MARKET: 'MARKET',
  LIMIT: 'LIMIT',
  STOP_LOSS: 'STOP',
  TAKE_PROFIT: 'TAKE_PROFIT',
};

const accountOrderOf = (taken: Taken): AccountOrder => {
  const { marketKey, side, type, quantity, price, stopPrice, reduceOnly } = taken.order;
  return {
    ...reportOf(taken),
    symbol: symbolOf(marketKey),
    side,
    type: TYPES[type] ?? 'OTHER',
    quantity: quantity ?? ZERO_QTY,
    limitPrice: price,
    triggerPrice: stopPrice,
    reduceOnly,
    positionSide: null,
  };
};

const balancesOf = (exchange: Exchange): Readonly<Record<string, Balance>> =>
  exchange.market === 'futures'
    ? walletOf(exchange)
    : Object.fromEntries(
        Object.entries(exchange.engine().balances).map(([asset, { free, locked }]) => [
          asset,
          { free, used: locked },
        ]),
      );

/** What a process asks, and in what use case. */
type Caller = { readonly process: Process; readonly useCase: string };

function journey({ dice, rates }: World) {
  const slow = dice.whole(1, rates().slowness);
  const arriveMs = dice.whole(5, 60) * slow;
  return { arriveMs, answerMs: arriveMs + dice.whole(5, 60) * slow };
}

/** What the venue refuses, as the adapter tells it: a code that nobody knows would count against the venue's health. */
const REFUSALS: Readonly<Record<SimRejection['code'], string>> = {
  unknown_market: 'BadSymbol',
  market_closed: 'SymbolSuspended',
  price_filter: 'BadPrecision',
  lot_size: 'BadPrecision',
  notional: 'OrderTooSmall',
  insufficient_balance: 'InsufficientBalance',
  insufficient_margin: 'InsufficientMargin',
  duplicate_client_order_id: 'DuplicateClientId',
  would_match: 'InvalidOrder',
  would_trigger: 'WouldTrigger',
  reduce_only: 'NothingToReduce',
  position_side: 'InvalidOrder',
};

const refusal = ({ code }: SimRejection): SubmitOutcome => ({
  kind: code === 'duplicate_client_order_id' ? 'unknown' : 'rejected',
  error: failure(REFUSALS[code]),
});

function place(exchange: Exchange, order: VenueOrder): SubmitOutcome {
  const { clientOrderId, symbol, side, timeInForce, quantity, limitPrice } = order;
  const placed = exchange.place({
    ...{ clientOrderId, side, timeInForce, quantity },
    type: order.type === 'STOP' ? 'STOP_LOSS' : order.type,
    stopPrice: order.triggerPrice ?? null,
    // Spot has no such flag.
    reduceOnly: exchange.market === 'futures' && order.reduceOnly === true,
    positionSide: 'BOTH',
    marketKey: marketKeyOf(exchange, symbol),
    quote: null,
    price: limitPrice,
  });
  if ('refused' in placed) return refusal(placed.refused);
  // Futures never tell the fills of a new order.
  const fills = exchange.market === 'futures' ? [] : [...placed.taken.fills];
  return { kind: 'accepted', report: reportOf(placed.taken), fills };
}

/** Sends an order through whatever may happen to it. */
function submit(
  world: World,
  exchange: Exchange,
  {
    caller,
    order,
    withinMs,
  }: { readonly caller: Caller; readonly order: VenueOrder; readonly withinMs: number },
): Promise<SubmitOutcome> {
  const { process, useCase } = caller;
  const { arriveMs, answerMs } = journey(world);
  const step = `${useCase} venue.submit`;
  const harm = drawSubmitHarm(world);
  const effect = (): SubmitOutcome => {
    world.trace(() => {
      const { side, type, quantity, symbol, clientOrderId } = order;
      return `${side} ${type} of ${formatDecimal(quantity)} ${symbol} ${clientOrderId} arrives`;
    });
    world.arrives(order);
    const outcome = place(exchange, order);
    if (outcome.kind !== 'accepted')
      world.trace(() => `${order.clientOrderId} is refused: ${outcome.error.code}`);
    return outcome;
  };
  if (harm === null) return process.request({ step, arriveMs, answerMs, effect });
  world.fault(`${process.name} ${step} ${order.clientOrderId}: ${JSON.stringify(harm)}`);
  switch (harm.kind) {
    case 'lost': {
      const arrives = harm.arriveMs !== null && harm.arriveMs <= RECEIVE_WINDOW_MS;
      return process.request({
        step,
        arriveMs: arrives ? harm.arriveMs : null,
        answerMs: harm.code === 'NetworkTimeout' ? Math.min(DEADLINE_MS, withinMs) : answerMs,
        effect,
        answer: () => ({ kind: 'unknown', error: failure(harm.code) }),
      });
    }
    case 'notSent':
    case 'rejected':
      return process.request({ step, arriveMs: null, answerMs, effect, answer: () => harm });
    case 'bare': {
      const bare = (): SubmitOutcome => {
        const outcome = effect();
        return outcome.kind === 'accepted' ? { ...outcome, fills: [] } : outcome;
      };
      return process.request({ step, arriveMs, answerMs, effect: bare });
    }
  }
}

/** Asks something that may be asked again; `failed` is what the caller gets when it fails. */
function ask<T>(
  world: World,
  { process, useCase }: Caller,
  call: {
    readonly name: string;
    readonly effect: () => T;
    readonly failed: (error: VenueError) => T;
  },
): Promise<T> {
  const { arriveMs, answerMs } = journey(world);
  const step = `${useCase} venue.${call.name}`;
  const { effect, failed } = call;
  const harm = drawQueryHarm(world);
  if (harm === null) return process.request({ step, arriveMs, answerMs, effect });
  const { error, isMade } = harm;
  world.fault(`${process.name} ${step}: ${error.code}${isMade ? ', and it was done' : ''}`);
  return process.request({
    step,
    arriveMs: isMade ? arriveMs : null,
    answerMs: error.code === 'NetworkTimeout' ? DEADLINE_MS : answerMs,
    effect,
    answer: () => failed(error),
  });
}

type Listings = Pick<Venue, 'ordersSince' | 'fillsSince' | 'cancelAll' | 'balances' | 'cashFlows'>;
type Listed = <T>(name: string, list: () => T) => Promise<Result<T, VenueError>>;

/** Listings of the account, which are never out of date. */
function createListings(exchange: Exchange, listed: Listed): Listings {
  const ofMarket = (symbol: string): Taken[] =>
    exchange.all().filter(({ order }) => order.marketKey === marketKeyOf(exchange, symbol));
  return {
    ordersSince: (symbol, since) =>
      listed('ordersSince', () =>
        ofMarket(symbol)
          .filter(({ at }) => at >= since)
          .map(accountOrderOf),
      ),
    fillsSince: (symbol, since) =>
      listed('fillsSince', () =>
        ofMarket(symbol).flatMap(({ fills, venueOrderId }) =>
          fills.filter(({ at }) => at >= since).map((fill) => ({ ...fill, symbol, venueOrderId })),
        ),
      ),
    cancelAll: (symbol) =>
      listed('cancelAll', (): OrderReport[] => {
        const open = exchange.open().filter((taken) => ofMarket(symbol).includes(taken));
        for (const taken of open) exchange.cancel(taken);
        return open.map(reportOf);
      }),
    balances: () => listed('balances', () => balancesOf(exchange)),
    cashFlows: (since) => listed('cashFlows', () => flowsOf(exchange, since)),
  };
}

/** The account as one process reaches it in one use case. */
export function createVenueLink(world: World, exchange: Exchange, caller: Caller): Venue {
  const { dice, rates, timeline } = world;
  const isFresh = (at: number): boolean =>
    timeline.now() - at < STALE_MS && dice.chance(rates().query);
  const show = (clientOrderId: string): Lookup => {
    const taken = exchange.find(clientOrderId);
    return taken === undefined || isFresh(taken.at)
      ? { kind: 'absent' }
      : { kind: 'found', report: reportOf(taken) };
  };
  const looked = (name: string, effect: () => Lookup): Promise<Lookup> =>
    ask(world, caller, { name, effect, failed: (error) => ({ kind: 'failed', error }) });
  const listed = <T>(name: string, list: () => T): Promise<Result<T, VenueError>> =>
    ask<Result<T, VenueError>>(world, caller, { name, effect: () => ok(list()), failed: err });

  return {
    ...(exchange.market === 'futures' ? futuresCalls(exchange, listed) : NOT_ON_SPOT),
    capabilities: { ...(exchange.market === 'futures' ? FUTURES : SPOT), simulated: true },
    submit: (order, withinMs = DEADLINE_MS) => submit(world, exchange, { caller, order, withinMs }),
    lookup: (_symbol, clientOrderId) => looked('lookup', () => show(clientOrderId)),
    cancel: (_symbol, clientOrderId) =>
      looked('cancel', () => {
        const taken = exchange.find(clientOrderId);
        if (taken !== undefined) exchange.cancel(taken);
        return show(clientOrderId);
      }),
    fills: ({ venueOrderId }) =>
      listed('fills', () => {
        const taken = exchange.all().find((one) => one.venueOrderId === venueOrderId);
        return (taken?.fills ?? []).filter(({ at }) => !isFresh(at));
      }),
    openOrders: () =>
      listed('openOrders', () =>
        exchange
          .open()
          .filter(({ at }) => !isFresh(at))
          .map(accountOrderOf),
      ),
    ...createListings(exchange, listed),
    instruments: () => Promise.resolve(ok([])),
    candles: () => Promise.resolve(ok([])),
    close: () => Promise.resolve(),
  };
}
