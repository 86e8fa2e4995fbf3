import { epochMs, type EpochMs } from '@tradewind/core/lib/time';
import { averagePrice, ZERO_QTY, type Price, type Qty } from '@tradewind/core/lib/units';
import type { Fill, OrderReport } from '@tradewind/core/order/order';
import {
  advance,
  cancelOrder,
  nextDueAt,
  onTrade,
  placeOrder,
} from '@tradewind/core/simulation/engine';
import {
  simInit,
  type SimConfig,
  type SimEvent,
  type SimOrder,
  type SimRejection,
  type SimRequest,
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
    | 'status'
    | 'filled'
    | 'filledQuote'
    | 'quantity'
    | 'stopPrice'
    | 'triggeredAt'
    | 'updatedAt'
  >;
};

/** An account, as it is compared with the ledger. */
export type Account = {
  /** The newest order of this id, as the venue answers look-ups. */
  readonly find: (clientOrderId: string) => OrderAtVenue | undefined;
  /** Every order ever taken, oldest first. */
  readonly all: () => readonly OrderAtVenue[];
  readonly open: () => readonly OrderAtVenue[];
  readonly balance: (asset: string) => { readonly free: Qty; readonly locked: Qty };
  /** What its market traded at last. */
  readonly lastPrice: (marketKey: string) => Price | undefined;
};

/** The venue itself, which makes no mistakes: what goes wrong lies between it and us. */
export type Exchange = {
  readonly place: (request: SimRequest) => { readonly taken: Taken } | { refused: SimRejection };
  readonly cancel: (taken: Taken) => void;
  /** A trade of others. */
  readonly trade: (marketKey: string, trade: { readonly price: Price; readonly size: Qty }) => void;
  readonly lastPrice: (marketKey: string) => Price | undefined;
  /** The newest of this id, as the venue answers look-ups. */
  readonly find: (clientOrderId: string) => Taken | undefined;
  /** Every order ever taken, oldest first. */
  readonly all: () => readonly Taken[];
  readonly open: () => readonly Taken[];
  /** Everything that the account can hold. */
  readonly assets: readonly string[];
  readonly balance: (asset: string) => { readonly free: Qty; readonly locked: Qty };
};

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

/** Applies what happened to the records of orders. */
function createRecords() {
  const taken = new Map<number, Taken>();
  const apply = (event: SimEvent): void => {
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
  return { taken, apply };
}

/** Core's matching engine with an account of `funds`. */
export function createExchange(config: {
  readonly sim: SimConfig;
  readonly funds: Readonly<Record<string, Qty>>;
  readonly seed: number;
  readonly now: () => number;
  /** Has `run` called at a simulated time. */
  readonly schedule: (at: number, run: () => void) => void;
}): Exchange {
  const { sim, funds, seed, schedule } = config;
  const { taken, apply } = createRecords();
  const now = (): EpochMs => epochMs(config.now());
  let state = simInit(funds, seed);
  const take = (step: SimStep): void => {
    state = step.state;
    step.events.forEach(apply);
    const due = nextDueAt(state);
    if (due !== null && due > now())
      schedule(due, () => {
        take(advance(state, sim, now()));
      });
  };
  const all = (): Taken[] => [...taken.values()];
  return {
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
    assets: [
      ...new Set(Object.values(sim.instruments).flatMap(({ base, quote }) => [base, quote])),
    ],
    balance: (asset) => {
      const { free, locked } = state.balances[asset] ?? { free: ZERO_QTY, locked: ZERO_QTY };
      return { free, locked };
    },
  };
}
