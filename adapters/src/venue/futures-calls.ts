import { err, ok, type Result } from '@tradewind/core/lib/result';
import * as z from 'zod';
import type { RestClient } from './ccxt-clients.ts';
import { algoOrder, firedOrder, futuresOrder, type AlgoOrder } from './futures-replies.ts';
import { MalformedReply, readReply } from './replies.ts';
import { marketOf, type Attempt } from './session.ts';
import { plainSymbol } from './venue-markets.ts';
import type { AccountOrder, VenueError } from './venue.ts';

/** A call's outcome as the port tells it. */
export const toResult = <T>(attempt: Attempt<T>): Result<T, VenueError> =>
  attempt.ok ? ok(attempt.value) : err(attempt.error);

/** Binance's name of a market. @throws MalformedReply for one that it does not list. */
export function idOf(client: RestClient, symbol: string): string {
  const market = marketOf(client, symbol, 'futures');
  if (market === undefined)
    throw new MalformedReply('the list of markets', `it has no perpetual ${symbol}`);
  return market.id;
}

/** Our name of a market; Binance's own where it lists none. */
export function symbolOf(client: RestClient, id: string): string {
  const found = Object.values(client.markets ?? {}).find((market) => market.id === id);
  return found === undefined ? id : plainSymbol(found.symbol);
}

/** `row` with our name of its market. */
export const named = <T extends { readonly symbol: string }>(client: RestClient, row: T): T => ({
  ...row,
  symbol: symbolOf(client, row.symbol),
});

/** Parses a list of rows. @throws MalformedReply */
export const list = <T>(what: string, schema: z.ZodType<T>, reply: unknown): T[] =>
  readReply(what, z.array(schema), reply);

/** Reads one order of the book by our id or the venue's. */
export async function readOrder(
  client: RestClient,
  symbol: string,
  by: { readonly origClientOrderId: string } | { readonly orderId: string },
): Promise<AccountOrder> {
  const reply = await client.fapiPrivateGetOrder({ symbol: idOf(client, symbol), ...by });
  return named(client, readReply('an order look-up', futuresOrder, reply).order);
}

/** A waiting order with what became of it. */
export async function withOutcome(client: RestClient, algo: AlgoOrder): Promise<AccountOrder> {
  const order = named(client, algo.order);
  if (algo.firedId === null) return order;
  return firedOrder(
    { ...algo, order },
    await readOrder(client, order.symbol, { orderId: algo.firedId }),
  );
}

/** The waiting order that we gave this id. */
export async function readAlgo(client: RestClient, clientAlgoId: string): Promise<AlgoOrder> {
  const reply = await client.fapiPrivateGetAlgoOrder({ clientAlgoId });
  return readReply('a look-up of a waiting order', algoOrder, reply);
}

/** `order`, if it is the one that was asked about. @throws MalformedReply for a report on another order than the one that was asked about. */
export function checked(what: string, clientOrderId: string, order: AccountOrder): AccountOrder {
  if (order.clientOrderId === clientOrderId) return order;
  throw new MalformedReply(what, `it is about another order, ${order.clientOrderId}`);
}
