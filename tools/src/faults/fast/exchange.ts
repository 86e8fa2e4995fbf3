import type { Instrument } from '@tradewind/core/instrument/instrument';
import { epochMs, type EpochMs } from '@tradewind/core/lib/time';
import {
  addQty,
  amountOf,
  averagePrice,
  negMoney,
  sumMoney,
  ZERO_QTY,
  type Money,
  type Price,
  type Qty,
} from '@tradewind/core/lib/units';
import type { Fill, OrderReport } from '@tradewind/core/order/order';
import {
  advance,
  cancelOrder,
  nextDueAt,
  onTrade,
  placeOrder,
} from '@tradewind/core/simulation/engine';
import { positionKey } from '@tradewind/core/simulation/futures';
import { LIQUIDATION_PREFIX } from '@tradewind/core/simulation/liquidation';
import {
  simInit,
  type SimConfig,
  type SimEvent,
  type SimIncome,
  type SimOrder,
  type SimRejection,
  type SimRequest,
  type SimSetup,
  type SimState,
  type SimStep,
} from '@tradewind/core/simulation/state';

/** An order that the venue took, as it stands. */
export type Taken = OrderAtVenue & {
  /** Simulated time at which it was taken. */
  readonly at: EpochMs;
  order: SimOrder;
  readonly fills: Fill[];
};

/** As much of an order as is held against the ledger. */
export type OrderAtVenue = {
  readonly venueOrderId: string;
  readonly order: Pick<
    SimOrder,
    | 'clientOrderId'
    | 'marketKey'
    | 'side'
    | 'status'
    | 'filled'
    | 'filledQuote'
    | 'quantity'
    | 'stopPrice'
    | 'triggeredAt'
    | 'updatedAt'
  >;
};

export type PositionSide = 'LONG' | 'SHORT';

/** An account, as it is compared with the ledger. */
export type Account = {
  /** The newest order of this id, as the venue answers look-ups. */
  readonly find: (clientOrderId: string) => OrderAtVenue | undefined;
  /** Every order ever taken, oldest first. */
  readonly all: () => readonly OrderAtVenue[];
  readonly open: () => readonly OrderAtVenue[];
  /** What it holds of a market; a spot account is never short. */
  readonly held: (instrument: Pick<Instrument, 'marketKey' | 'base'>, side: PositionSide) => Qty;
  /** All of its quote currency; of futures, the wallet. */
  readonly cash: () => Qty;
  /** What its open futures were entered at, those that are short with the other sign. */
  readonly entered: () => Money;
  /** How many movements of its cash no trade explains. */
  readonly flows: () => number;
  /** What its market traded at last. */
  readonly lastPrice: (marketKey: string) => Price | undefined;
};

/** The venue itself, which makes no mistakes: what goes wrong lies between it and us. */
export type Exchange = Omit<Account, 'find' | 'all' | 'open'> & {
  readonly sim: SimConfig;
  readonly market: 'spot' | 'futures';
  readonly place: (request: SimRequest) => { readonly taken: Taken } | { refused: SimRejection };
  readonly cancel: (taken: Taken) => void;
  /** A trade of others. */
  readonly trade: (marketKey: string, trade: { readonly price: Price; readonly size: Qty }) => void;
  /** The newest of this id, as the venue answers look-ups. */
  readonly find: (clientOrderId: string) => Taken | undefined;
  readonly all: () => readonly Taken[];
  readonly open: () => readonly Taken[];
  /** As it stands. */
  readonly engine: () => SimState;
  /** Movements of a futures wallet, oldest first. */
  readonly incomes: () => readonly SimIncome[];
  readonly setUp: (marketKey: string, setup: SimSetup) => void;
};

/** With this the venue closed a position by itself. */
export const isLiquidation = ({ order }: OrderAtVenue): boolean =>
  order.clientOrderId.startsWith(LIQUIDATION_PREFIX);

/** True for what came to the wallet or left it without a trade. */
export const isFlow = ({ type }: SimIncome): boolean =>
  type !== 'REALIZED_PNL' && type !== 'COMMISSION';

export const symbolOf = (marketKey: string): string =>
  marketKey.slice(marketKey.lastIndexOf('_') + 1);

const STATUS: Readonly<Record<SimOrder['status'], OrderReport['status']>> = {
  NEW: 'ACKNOWLEDGED',
  PARTIALLY_FILLED: 'PARTIAL',
  FILLED: 'FILLED',
  CANCELED: 'CANCELLED',
  EXPIRED: 'EXPIRED',
};

export const isDone = ({ order }: OrderAtVenue): boolean =>
  order.status !== 'NEW' && order.status !== 'PARTIALLY_FILLED';

export const reportOf = ({ order, venueOrderId }: OrderAtVenue): OrderReport => ({
  clientOrderId: order.clientOrderId,
  venueOrderId,
  status: STATUS[order.status],
  filledQuantity: order.filled,
  filledQuote: order.filledQuote,
  averagePrice: order.filled > 0n ? averagePrice(order.filledQuote, order.filled, 'floor') : null,
  updatedAt: order.updatedAt,
});

/** Applies what happened to the records of orders and incomes. */
function createRecords() {
  const taken = new Map<number, Taken>();
  const incomes: SimIncome[] = [];
  const apply = (event: SimEvent): void => {
    if (event.kind === 'income') incomes.push(event.income);
    if (!('order' in event)) return;
    const { order } = event;
    const known = taken.get(order.orderId);
    if (known === undefined) {
      const venueOrderId = String(order.orderId);
      taken.set(order.orderId, { venueOrderId, at: order.placedAt, order, fills: [] });
      return;
    }
    known.order = order;
    if (event.kind !== 'filled') return;
    const { fill } = event;
    known.fills.push({
      fillId: String(fill.fillId),
      orderId: fill.clientOrderId,
      side: fill.side,
      price: fill.price,
      quantity: fill.quantity,
      fee: fill.fee,
      feeCurrency: fill.feeAsset,
      at: fill.at,
    });
  };
  return { taken, incomes, apply };
}

/** What the account has. */
function holdings(
  { market, quote }: { readonly market: Exchange['market']; readonly quote: string },
  state: () => SimState,
): Pick<Account, 'held' | 'cash' | 'entered'> {
  const total = (asset: string): Qty => {
    const { free, locked } = state().balances[asset] ?? { free: ZERO_QTY, locked: ZERO_QTY };
    return addQty(free, locked);
  };
  return {
    held: ({ marketKey, base }, side) => {
      if (market === 'spot') return side === 'LONG' ? total(base) : ZERO_QTY;
      const position = state().futures.positions[positionKey(marketKey, 'BOTH')];
      return position?.side === side ? position.quantity : ZERO_QTY;
    },
    cash: () => (market === 'spot' ? total(quote) : amountOf(state().futures.wallet)),
    entered: () =>
      sumMoney(
        Object.values(state().futures.positions).map(({ side, cost }) =>
          side === 'LONG' ? cost : negMoney(cost),
        ),
      ),
  };
}

type Config = {
  readonly sim: SimConfig;
  /** Of all its instruments. */
  readonly market: 'spot' | 'futures';
  readonly cash: Money;
  readonly quote: string;
  readonly seed: number;
  readonly now: () => number;
  /** Has `run` called at a simulated time. */
  readonly schedule: (at: number, run: () => void) => void;
};

/** An account of nothing but cash. */
const opened = ({ market, cash, quote, seed }: Config): SimState =>
  market === 'spot' ? simInit({ [quote]: amountOf(cash) }, seed) : simInit({}, seed, cash);

/** Core's matching engine with an account of one kind. */
export function createExchange(config: Config): Exchange {
  const { sim, market, schedule } = config;
  const { taken, incomes, apply } = createRecords();
  const now = (): EpochMs => epochMs(config.now());
  let state = opened(config);
  const take = (step: SimStep): void => {
    state = step.state;
    step.events.forEach(apply);
    const due = nextDueAt(state);
    if (due !== null && due > now()) advanceAt(due);
  };
  const advanceAt = (at: number): void => {
    schedule(at, () => {
      take(advance(state, sim, now()));
    });
  };
  const { fundingEveryMs } = sim.futures;
  // Funding is paid on the spot, not with the next trade only: whoever reads the wallet after that reads all of it.
  advanceAt((Math.floor(now() / fundingEveryMs) + 1) * fundingEveryMs);
  const all = (): Taken[] => [...taken.values()];
  return {
    sim,
    market,
    engine: () => state,
    incomes: () => incomes,
    setUp: (marketKey, setup) => {
      const setups = { ...state.futures.setups, [marketKey]: setup };
      state = { ...state, futures: { ...state.futures, setups } };
    },
    place: (request) => {
      const placed = placeOrder(state, sim, { request, now: now() });
      if (!placed.ok) return { refused: placed.error };
      const orderId = state.nextOrderId;
      take(placed.value);
      const made = taken.get(orderId);
      if (made === undefined) throw new Error('Invariant: an accepted order is recorded');
      return { taken: made };
    },
    cancel: ({ order }) => {
      const cancelled = cancelOrder(state, sim, { orderId: order.orderId, now: now() });
      if (cancelled.ok) take(cancelled.value);
    },
    trade: (marketKey, { price, size }) => {
      const at = now();
      take(onTrade(state, sim, { marketKey, tradeId: `t${at}`, price, size, side: 'buy', at }));
    },
    lastPrice: (marketKey) => state.markets[marketKey]?.lastPrice,
    find: (clientOrderId) => all().findLast(({ order }) => order.clientOrderId === clientOrderId),
    all,
    open: () => all().filter((one) => !isDone(one)),
    ...holdings(config, () => state),
    flows: () => incomes.filter(isFlow).length,
  };
}
