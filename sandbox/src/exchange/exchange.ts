import type { Instrument } from '@tradewind/core/instrument/instrument';
import type { EpochMs } from '@tradewind/core/lib/time';
import { ok, type Result } from '@tradewind/core/lib/result';
import type { Price } from '@tradewind/core/lib/units';
import {
  advance,
  cancelOrder,
  nextDueAt,
  onTrade,
  placeOrder,
} from '@tradewind/core/simulation/engine';
import type {
  SimConfig,
  SimEvent,
  SimFill,
  SimOrder,
  SimRejection,
  SimRequest,
  SimState,
  SimStep,
} from '@tradewind/core/simulation/state';
import type { FeedPrint } from '../feeds/feed.ts';
import { createTape, type SavedTape, type Tape, type TapeTrade } from './tape.ts';

/** What streams are told. */
export type ExchangeNews =
  | { readonly kind: 'account'; readonly event: SimEvent }
  | { readonly kind: 'trade'; readonly symbol: string; readonly trade: TapeTrade };

/** All of a venue that outlives a restart. */
export type SavedExchange = {
  readonly engine: SimState;
  readonly orders: readonly SimOrder[];
  readonly fills: readonly SimFill[];
  readonly tapes: Readonly<Record<string, SavedTape>>;
};

/** The engine with its memory: every order and fill ever, and the public tape of each market. */
export type Exchange = {
  readonly instruments: ReadonlyMap<string, Instrument>;
  readonly config: SimConfig;
  readonly engine: () => SimState;
  readonly tape: (symbol: string) => Tape;
  readonly lastPrice: (symbol: string) => Price | undefined;
  readonly orders: () => readonly SimOrder[];
  readonly order: (orderId: number) => SimOrder | undefined;
  /** The newest order of that client id. */
  readonly orderByClientId: (marketKey: string, clientOrderId: string) => SimOrder | undefined;
  readonly fills: () => readonly SimFill[];
  readonly fillsOf: (orderId: number) => readonly SimFill[];
  readonly place: (request: SimRequest, now: EpochMs) => Result<SimOrder, SimRejection>;
  readonly cancel: (orderId: number, now: EpochMs) => Result<SimOrder, 'unknown_order'>;
  readonly print: (prints: readonly FeedPrint[]) => void;
  readonly advance: (now: EpochMs) => void;
  readonly nextDueAt: () => EpochMs | null;
  /** Resolves when the order has reached the book, so that its answer can tell what it traded. */
  readonly arrived: (orderId: number) => Promise<void>;
  readonly listen: (listener: (news: ExchangeNews) => void) => () => void;
};

/** Every order and fill by the ways they are asked for. */
function createArchive(saved: Pick<SavedExchange, 'orders' | 'fills'>) {
  const orders = new Map<number, SimOrder>();
  const newest = new Map<string, number>();
  const fills: SimFill[] = [];
  const byOrder = new Map<number, SimFill[]>();
  const keyOf = (marketKey: string, clientOrderId: string) => `${marketKey} ${clientOrderId}`;
  const putOrder = (order: SimOrder): void => {
    orders.set(order.orderId, order);
    newest.set(keyOf(order.marketKey, order.clientOrderId), order.orderId);
  };
  const putFill = (fill: SimFill): void => {
    fills.push(fill);
    byOrder.set(fill.orderId, [...(byOrder.get(fill.orderId) ?? []), fill]);
  };
  saved.orders.forEach(putOrder);
  saved.fills.forEach(putFill);
  return { orders, newest, fills, byOrder, keyOf, putOrder, putFill };
}

/** A venue with one account. @throws Error when asked for the tape of a symbol it does not list. */
export function createExchange(config: SimConfig, saved: SavedExchange): Exchange {
  const instruments = new Map(Object.values(config.instruments).map((i) => [i.symbol, i]));
  const tapes = new Map(
    [...instruments.keys()].map((symbol) => [symbol, createTape(saved.tapes[symbol])]),
  );
  const archive = createArchive(saved);
  const listeners = new Set<(news: ExchangeNews) => void>();
  const waiting = new Map<number, () => void>();
  let engine = saved.engine;

  const tell = (news: ExchangeNews): void => {
    for (const listener of listeners) listener(news);
  };
  const take = (step: SimStep): void => {
    engine = step.state;
    for (const event of step.events) {
      if (event.kind !== 'balances') archive.putOrder(event.order);
      if (event.kind === 'filled') archive.putFill(event.fill);
      tell({ kind: 'account', event });
    }
    for (const [orderId, resolve] of waiting)
      if (engine.orders[orderId]?.dueAt == null) {
        waiting.delete(orderId);
        resolve();
      }
  };
  const tape = (symbol: string): Tape => {
    const found = tapes.get(symbol);
    if (found === undefined) throw new Error(`Invariant: ${symbol} is listed`);
    return found;
  };
  const current = (order: SimOrder): SimOrder => engine.orders[order.orderId] ?? order;
  const byId = (orderId: number): SimOrder | undefined => {
    const known = archive.orders.get(orderId);
    return known === undefined ? undefined : current(known);
  };

  return {
    instruments,
    config,
    engine: () => engine,
    tape,
    lastPrice: (symbol) => {
      const instrument = instruments.get(symbol);
      return instrument && engine.markets[instrument.marketKey]?.lastPrice;
    },
    orders: () => [...archive.orders.values()].map(current),
    order: byId,
    orderByClientId: (marketKey, clientOrderId) => {
      const orderId = archive.newest.get(archive.keyOf(marketKey, clientOrderId));
      return orderId === undefined ? undefined : byId(orderId);
    },
    fills: () => archive.fills,
    fillsOf: (orderId) => archive.byOrder.get(orderId) ?? [],
    place: (request, now) => {
      const orderId = engine.nextOrderId;
      const placed = placeOrder(engine, config, { request, now });
      if (!placed.ok) return placed;
      take(placed.value);
      const order = byId(orderId);
      if (order === undefined) throw new Error('Invariant: an accepted order is known');
      return ok(order);
    },
    cancel: (orderId, now) => {
      const cancelled = cancelOrder(engine, config, { orderId, now });
      if (!cancelled.ok) return cancelled;
      take(cancelled.value);
      const order = byId(orderId);
      if (order === undefined) throw new Error('Invariant: a cancelled order is known');
      return ok(order);
    },
    print: (prints) => {
      for (const { symbol, ...print } of prints) {
        const instrument = instruments.get(symbol);
        if (instrument === undefined) continue;
        const trade = tape(symbol).add(print);
        tell({ kind: 'trade', symbol, trade });
        const { marketKey } = instrument;
        take(onTrade(engine, config, { ...print, marketKey, tradeId: String(trade.id) }));
      }
    },
    advance: (now) => {
      take(advance(engine, config, now));
    },
    nextDueAt: () => nextDueAt(engine),
    arrived: (orderId) =>
      engine.orders[orderId]?.dueAt == null
        ? Promise.resolve()
        : new Promise((resolve) => waiting.set(orderId, resolve)),
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
