import type { Instrument } from '@tradewind/core/instrument/instrument';
import { err, ok, type Result } from '@tradewind/core/lib/result';
import type { EpochMs } from '@tradewind/core/lib/time';
import { fillOf } from '@tradewind/core/order/fill-size';
import type { Fill, OrderReport } from '@tradewind/core/order/order';
import * as z from 'zod';
import { SPOT } from './capabilities.ts';
import type { RestClient } from './ccxt-clients.ts';
import { isOrderNotFound } from './errors.ts';
import { toCcxtOrder } from './order-shapes.ts';
import {
  balancesReply,
  candleReply,
  instantFills,
  MalformedReply,
  marketReply,
  orderReply,
  orderTerms,
  readInfo,
  readReply,
  tradeReply,
} from './replies.ts';
import { ccxtSymbol, createSession, marketOf, type Attempt, type Session } from './session.ts';
import { depositReply, withdrawalReply } from './cash-replies.ts';
import { createFuturesVenue } from './futures-venue.ts';
import { PAGE, readPages } from './history.ts';
import { plainSymbol } from './venue-markets.ts';
import type {
  AccountFill,
  AccountOrder,
  CashFlow,
  Lookup,
  SubmitOutcome,
  Venue,
  VenueError,
  VenueOrder,
} from './venue.ts';

export type VenueConfig = {
  readonly venue: 'binance';
  /** Spot where left out. */
  readonly market?: 'spot' | 'futures';
  readonly apiKey: string;
  readonly apiSecret: string;
  /** Port of the local sandbox, which then answers for every host of the venue. */
  readonly sandboxPort?: number;
  readonly clock: { readonly wallNow: () => EpochMs };
  /** Longest time from a request to the last byte of its answer. */
  readonly deadlineMs?: number;
};

const DEADLINE_MS = 7_000;

const toResult = <T>(attempt: Attempt<T>): Result<T, VenueError> =>
  attempt.ok ? ok(attempt.value) : err(attempt.error);

const noSuchMarket = (symbol: string): VenueError => ({
  code: 'BadSymbol',
  severity: 'MEDIUM',
  retryable: false,
  message: `binance has no spot market ${symbol}: check the symbol's spelling (BASE-QUOTE)`,
  retryAfterMs: null,
});

/** What a spot account does not have: it answers so, and nothing is made up for it (VEN-06). */
function notSupported(what: string): () => Promise<Result<never, VenueError>> {
  const error: VenueError = {
    code: 'NotSupported',
    severity: 'LOW',
    retryable: false,
    message: `Binance spot has no ${what}`,
    retryAfterMs: null,
  };
  return () => Promise.resolve(err(error));
}

const NO_FUTURES = {
  positions: notSupported('positions: what the account holds is in its balances'),
  leverage: notSupported('leverage'),
  setLeverage: notSupported('leverage'),
  positionMode: notSupported('position mode'),
  liquidations: notSupported('liquidations'),
};

/** The reply as a report on the order that was asked about. @throws MalformedReply otherwise. */
function reportOn(what: string, clientOrderId: string, reply: unknown): OrderReport {
  const report = readInfo(what, orderReply, reply);
  if (report.clientOrderId !== clientOrderId)
    throw new MalformedReply(what, `it is about another order, ${report.clientOrderId}`);
  return report;
}

async function submit(
  session: Session,
  order: VenueOrder,
  withinMs?: number,
): Promise<SubmitOutcome> {
  const place = async (client: RestClient) => {
    const reply = await client.createOrder(...toCcxtOrder(client, order));
    const report = reportOn('a new order', order.clientOrderId, reply);
    // Fills can be read again; an order that exists must not become unclear for their sake.
    const instant = readFills(order.clientOrderId, reply);
    return { report, fills: instant };
  };
  const sent = await session.signed('submit', place, withinMs);
  if (sent.ok) return { kind: 'accepted', ...sent.value };
  return { kind: sent.fate, error: sent.error };
}

function readFills(clientOrderId: string, reply: unknown): Fill[] {
  const parsed = z.object({ info: instantFills }).safeParse(reply);
  return parsed.success ? parsed.data.info(clientOrderId) : [];
}

async function lookup(session: Session, symbol: string, clientOrderId: string): Promise<Lookup> {
  const found = await session.signed('repeatable', async (client) => {
    const reply = await client.fetchOrder(undefined, ccxtSymbol(symbol), { clientOrderId });
    return reportOn('an order look-up', clientOrderId, reply);
  });
  if (found.ok) return { kind: 'found', report: found.value };
  return isOrderNotFound(found.thrown)
    ? { kind: 'absent' }
    : { kind: 'failed', error: found.error };
}

async function cancel(session: Session, symbol: string, clientOrderId: string): Promise<Lookup> {
  const cancelled = await session.signed('repeatable', async (client) => {
    const reply = await client.cancelOrder(undefined, ccxtSymbol(symbol), { clientOrderId });
    return reportOn('a cancel', clientOrderId, reply);
  });
  if (cancelled.ok) return { kind: 'found', report: cancelled.value };
  // Filled or cancelled in the meantime, or an answer that was lost: the venue knows which.
  const unclear = isOrderNotFound(cancelled.thrown) || cancelled.fate === 'unknown';
  return unclear
    ? lookup(session, symbol, clientOrderId)
    : { kind: 'failed', error: cancelled.error };
}

async function cancelAll(
  session: Session,
  symbol: string,
): Promise<Result<OrderReport[], VenueError>> {
  const attempt = await session.signed('repeatable', async (client) => {
    const reply = await client.cancelAllOrders(ccxtSymbol(symbol));
    return readReply('cancelling all orders', z.array(z.unknown()), reply).map((order) =>
      readInfo('cancelling all orders', orderReply, order),
    );
  });
  // That is how Binance says that none was open.
  return !attempt.ok && isOrderNotFound(attempt.thrown) ? ok([]) : toResult(attempt);
}

type OrderName = {
  readonly symbol: string;
  readonly clientOrderId: string;
  readonly venueOrderId: string;
};

/** Our executions that a page of the account's history tells. @throws MalformedReply */
const readTrades = (symbol: string, reply: unknown): AccountFill[] =>
  readReply("the account's trades", z.array(z.unknown()), reply).map((trade) => ({
    symbol,
    ...readInfo("the account's trades", tradeReply, trade),
  }));

const fillIdOf = ({ fillId }: AccountFill): string => fillId;

async function fillsOf(session: Session, order: OrderName): Promise<Result<Fill[], VenueError>> {
  const { symbol, clientOrderId, venueOrderId } = order;
  const read = await readPages(
    (fromId) =>
      session.signed('repeatable', async (client) => {
        const query = { orderId: venueOrderId, ...(fromId === undefined ? {} : { fromId }) };
        const reply = await client.fetchMyTrades(ccxtSymbol(symbol), undefined, PAGE, query);
        return readTrades(symbol, reply);
      }),
    fillIdOf,
  );
  if (!read.ok) return read;
  return ok(
    read.value
      .filter((fill) => fill.venueOrderId === venueOrderId)
      .map((found) => fillOf(found, clientOrderId)),
  );
}

/** Executions since a time: the first page by time, the others by id, which no two share. */
const fillsSince = (session: Session, symbol: string, since: EpochMs) =>
  readPages(
    (fromId) =>
      session.signed('repeatable', async (client) => {
        const start = fromId === undefined ? since : undefined;
        const query = fromId === undefined ? {} : { fromId };
        const reply = await client.fetchMyTrades(ccxtSymbol(symbol), start, PAGE, query);
        return readTrades(symbol, reply);
      }),
    fillIdOf,
  );

/** The orders of a listing, each with the terms that it was placed on. @throws MalformedReply */
const readOrders = (what: string, reply: unknown): AccountOrder[] =>
  readReply(what, z.array(z.unknown()), reply).map((order) => ({
    ...readInfo(what, orderReply, order),
    ...readInfo(what, orderTerms, order),
    symbol: plainSymbol(readReply(what, unifiedSymbol, order).symbol),
  }));

const unifiedSymbol = z.object({ symbol: z.string().min(1) });

const ordersSince = (session: Session, symbol: string, since: EpochMs) =>
  readPages(
    (orderId) =>
      session.signed('repeatable', async (client) => {
        const start = orderId === undefined ? since : undefined;
        const query = orderId === undefined ? {} : { orderId };
        const reply = await client.fetchOrders(ccxtSymbol(symbol), start, PAGE, query);
        return readOrders('the orders of a market', reply);
      }),
    ({ venueOrderId }) => venueOrderId,
  );

/** Deposits and withdrawals; Binance tells at most 90 days of them. */
async function cashFlows(
  session: Session,
  since: EpochMs,
): Promise<Result<CashFlow[], VenueError>> {
  const read = await session.signed('repeatable', async (client) => {
    const query = { startTime: since, limit: PAGE };
    const [deposits, withdrawals] = await Promise.all([
      client.sapiGetCapitalDepositHisrec(query),
      client.sapiGetCapitalWithdrawHistory(query),
    ]);
    return [
      ...readReply('deposits', z.array(depositReply), deposits),
      ...readReply('withdrawals', z.array(withdrawalReply), withdrawals),
    ].flatMap((flow) => flow ?? []);
  });
  if (!read.ok) return err(read.error);
  return ok(read.value.filter(({ at }) => at >= since).sort((a, b) => a.at - b.at));
}

async function instruments(session: Session, symbols: readonly string[], fresh = false) {
  const read = await session.unsigned<Result<Instrument[], VenueError>>(async (client) => {
    if (fresh) await session.reload(client);
    const missing = symbols.find((symbol) => marketOf(client, symbol) === undefined);
    if (missing !== undefined) return err(noSuchMarket(missing));
    const found = symbols.map((symbol) => {
      const rules = marketOf(client, symbol)?.info;
      return readReply(`the rules of ${symbol}`, marketReply, rules)('binance', symbol);
    });
    return ok(found);
  });
  return read.ok ? read.value : err(read.error);
}

async function candles(
  session: Session,
  symbol: string,
  range: { readonly since: EpochMs; readonly limit: number },
) {
  const read = await session.unsigned(async (client) => {
    const market = marketOf(client, symbol);
    if (market === undefined) return err(noSuchMarket(symbol));
    const reply = await client.publicGetKlines({
      symbol: market.id,
      interval: '1m',
      startTime: range.since,
      limit: Math.min(range.limit, 1_000),
    });
    return ok(readReply(`candles of ${symbol}`, z.array(candleReply), reply));
  });
  return read.ok ? read.value : err(read.error);
}

/**
 * A Binance account through ccxt: its spot market, or its USD-M futures. Nothing is connected before
 * the first call. Each has clients and sockets of its own.
 */
export function createVenue(config: VenueConfig): Venue {
  const { market = 'spot', clock } = config;
  const session = createSession({
    apiKey: config.apiKey,
    apiSecret: config.apiSecret,
    market,
    sandboxPort: config.sandboxPort,
    deadlineMs: config.deadlineMs ?? DEADLINE_MS,
  });
  const simulated = config.sandboxPort !== undefined;
  return market === 'spot'
    ? createSpotVenue(session, simulated)
    : createFuturesVenue({ session, clock }, simulated);
}

function createSpotVenue(session: Session, simulated: boolean): Venue {
  return {
    capabilities: { ...SPOT, simulated },
    ...NO_FUTURES,
    instruments: (symbols, options) => instruments(session, symbols, options?.fresh),
    candles: (symbol, range) => candles(session, symbol, range),
    submit: (order, withinMs) => submit(session, order, withinMs),
    lookup: (symbol, clientOrderId) => lookup(session, symbol, clientOrderId),
    fills: (order) => fillsOf(session, order),
    openOrders: async () =>
      toResult(
        await session.signed('repeatable', async (client) =>
          readOrders('open orders', await client.fetchOpenOrders()),
        ),
      ),
    ordersSince: (symbol, since) => ordersSince(session, symbol, since),
    fillsSince: (symbol, since) => fillsSince(session, symbol, since),
    cashFlows: (since) => cashFlows(session, since),
    cancel: (symbol, clientOrderId) => cancel(session, symbol, clientOrderId),
    cancelAll: (symbol) => cancelAll(session, symbol),
    balances: async () =>
      toResult(
        await session.signed('repeatable', async (client) =>
          readInfo('balances', balancesReply, await client.fetchBalance()),
        ),
      ),
    close: session.close,
  };
}
