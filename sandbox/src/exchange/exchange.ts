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
import { withTrade } from '@tradewind/core/simulation/pricing';
import type {
  SimConfig,
  SimEvent,
  SimFill,
  SimIncome,
  SimOrder,
  SimRejection,
  SimRequest,
  SimSetup,
  SimState,
  SimStep,
} from '@tradewind/core/simulation/state';
import type { FeedPrint } from '../feeds/feed.ts';
import { createArchive, type Archive } from './archive.ts';
import { createTape, type SavedTape, type Tape, type TapeMemory, type TapeTrade } from './tape.ts';

/** What streams are told. */
export type ExchangeNews =
  | { readonly kind: 'account'; readonly event: SimEvent }
  | { readonly kind: 'trade'; readonly symbol: string; readonly trade: TapeTrade };

/** All of a venue that outlives a restart. */
export type SavedExchange = {
  readonly engine: SimState;
  readonly orders: readonly SimOrder[];
  readonly fills: readonly SimFill[];
  readonly incomes: readonly SimIncome[];
  readonly tapes: Readonly<Record<string, SavedTape>>;
};

/** The engine with its memory: every order and fill ever, and the public tape of each market. */
export type Exchange = Omit<Archive, 'putOrder' | 'putFill' | 'putIncome'> & {
  /** Spot markets by symbol. */
  readonly instruments: ReadonlyMap<string, Instrument>;
  /** Linear futures by symbol: each trades wherever the spot market of its symbol trades. */
  readonly futures: ReadonlyMap<string, Instrument>;
  readonly config: SimConfig;
  readonly engine: () => SimState;
  /** @throws Error for a symbol that is not listed. */
  readonly tape: (symbol: string) => Tape;
  readonly lastPrice: (symbol: string) => Price | undefined;
  readonly place: (request: SimRequest, now: EpochMs) => Result<SimOrder, SimRejection>;
  readonly cancel: (orderId: number, now: EpochMs) => Result<SimOrder, 'unknown_order'>;
  /** Sets a futures market up. */
  readonly setUp: (marketKey: string, setup: SimSetup) => void;
  readonly setHedge: (hedge: boolean) => void;
  readonly print: (prints: readonly FeedPrint[]) => void;
  readonly advance: (now: EpochMs) => void;
  readonly nextDueAt: () => EpochMs | null;
  /** Resolves when the order has reached the book, so that its answer can tell what it traded. */
  readonly arrived: (orderId: number) => Promise<void>;
  readonly listen: (listener: (news: ExchangeNews) => void) => () => void;
};

/** The engine's state, every step of which goes to the archive and to the listeners. */
function createLedger(archive: Archive, start: SimState) {
  const listeners = new Set<(news: ExchangeNews) => void>();
  const waiting = new Map<number, () => void>();
  let engine = start;
  const tell = (news: ExchangeNews): void => {
    for (const listener of listeners) listener(news);
  };
  const onItsWay = (orderId: number): boolean => {
    const dueAt = engine.orders[orderId]?.dueAt;
    return dueAt !== undefined && dueAt !== null;
  };
  return {
    engine: () => engine,
    tell,
    take: ({ state, events }: SimStep): void => {
      engine = state;
      for (const order of Object.values<SimOrder>(engine.orders)) archive.putOrder(order);
      for (const event of events) {
        if (event.kind === 'income') archive.putIncome(event.income);
        if ('order' in event) archive.putOrder(engine.orders[event.order.orderId] ?? event.order);
        if (event.kind === 'filled') archive.putFill(event.fill);
        tell({ kind: 'account', event });
      }
      for (const [orderId, resolve] of waiting)
        if (!onItsWay(orderId)) {
          waiting.delete(orderId);
          resolve();
        }
    },
    arrived: (orderId: number): Promise<void> =>
      onItsWay(orderId)
        ? new Promise((resolve) => waiting.set(orderId, resolve))
        : Promise.resolve(),
    listen: (listener: (news: ExchangeNews) => void) => {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}

/** Puts trades of the market on their tapes, tells them, and lets orders meet them. */
const printer =
  ({
    config,
    instruments,
    futures,
    tape,
    ledger: { engine, tell, take },
  }: Pick<Exchange, 'config' | 'instruments' | 'futures' | 'tape'> & {
    readonly ledger: ReturnType<typeof createLedger>;
  }): Exchange['print'] =>
  (prints) => {
    const { orders, futures: account } = engine();
    // Without an order or position nothing can happen: trades only move their markets, in one step for all.
    const quiet = Object.keys(orders).length + Object.keys(account.positions).length === 0;
    const markets = quiet ? { ...engine().markets } : {};
    for (const { symbol, ...print } of prints) {
      const marketKey = instruments.get(symbol)?.marketKey;
      if (marketKey === undefined) continue;
      const future = futures.get(symbol)?.marketKey;
      const trade = tape(symbol).add(print);
      tell({ kind: 'trade', symbol, trade });
      if (quiet) {
        const market = withTrade(markets[marketKey], print);
        markets[marketKey] = market;
        if (future !== undefined) markets[future] = market;
        continue;
      }
      const printed = { ...print, tradeId: String(trade.id) };
      take(onTrade(engine(), config, { ...printed, marketKey }));
      if (future !== undefined) take(onTrade(engine(), config, { ...printed, marketKey: future }));
    }
    if (quiet && prints.length > 0) take({ state: { ...engine(), markets }, events: [] });
  };

/** What the owner of the futures account can choose. */
function accountSwitches({ engine, take }: ReturnType<typeof createLedger>) {
  const change = (futures: Partial<SimState['futures']>): void => {
    const state = engine();
    take({ state: { ...state, futures: { ...state.futures, ...futures } }, events: [] });
  };
  return {
    setUp: (marketKey: string, setup: SimSetup): void => {
      change({ setups: { ...engine().futures.setups, [marketKey]: setup } });
    },
    setHedge: (hedge: boolean): void => {
      change({ hedge });
    },
  };
}

/** The markets of one kind, by symbol. */
const marketsOf = (config: SimConfig, kind: Instrument['market']) =>
  new Map(
    Object.values(config.instruments)
      .filter(({ market }) => market === kind)
      .map((instrument) => [instrument.symbol, instrument]),
  );

/**
 * A venue with one account, new or as it was saved.
 *
 * @param memory What each market's tape remembers.
 */
export function createExchange(
  config: SimConfig,
  saved: SavedExchange,
  memory?: (symbol: string) => TapeMemory,
): Exchange {
  const instruments = marketsOf(config, 'spot');
  const futures = marketsOf(config, 'futures');
  const tapes = new Map(
    [...instruments.keys()].map((symbol) => [
      symbol,
      createTape(saved.tapes[symbol], memory?.(symbol)),
    ]),
  );
  const { putOrder, putFill, putIncome, ...archive } = createArchive(saved);
  const ledger = createLedger({ putOrder, putFill, putIncome, ...archive }, saved.engine);
  const { engine, take, arrived, listen } = ledger;
  const tape = (symbol: string): Tape => {
    const found = tapes.get(symbol);
    if (found === undefined) throw new Error(`Invariant: ${symbol} is listed`);
    return found;
  };
  /** The order after a step that the engine took. */
  const after = (step: SimStep, orderId: number): SimOrder => {
    take(step);
    const order = archive.order(orderId);
    if (order === undefined) throw new Error('Invariant: an order that changed is in the archive');
    return order;
  };
  return {
    ...archive,
    instruments,
    futures,
    config,
    engine,
    tape,
    arrived,
    listen,
    lastPrice: (symbol) => {
      const marketKey = instruments.get(symbol)?.marketKey;
      return marketKey === undefined ? undefined : engine().markets[marketKey]?.lastPrice;
    },
    place: (request, now) => {
      const orderId = engine().nextOrderId;
      const placed = placeOrder(engine(), config, { request, now });
      return placed.ok ? ok(after(placed.value, orderId)) : placed;
    },
    cancel: (orderId, now) => {
      const cancelled = cancelOrder(engine(), config, { orderId, now });
      return cancelled.ok ? ok(after(cancelled.value, orderId)) : cancelled;
    },
    ...accountSwitches(ledger),
    print: printer({ config, instruments, futures, tape, ledger }),
    advance: (now) => {
      take(advance(engine(), config, now));
    },
    nextDueAt: () => nextDueAt(engine()),
  };
}
