import { err, ok, type Result } from '@tradewind/core/lib/result';
import { epochMs, type EpochMs } from '@tradewind/core/lib/time';
import { fillOf } from '@tradewind/core/order/fill-size';
import type { Fill } from '@tradewind/core/order/order';
import { idOf, list, named, readAlgo, symbolOf, toResult, withOutcome } from './futures-calls.ts';
import {
  ALGO_PREFIX,
  algoOrder,
  firedOrder,
  futuresOrder,
  futuresTrade,
  incomeRow,
} from './futures-replies.ts';
import { PAGE, readWindows } from './history.ts';
import { MalformedReply } from './replies.ts';
import type { Session } from './session.ts';
import type { AccountFill, AccountOrder, VenueError } from './venue.ts';

/** What the calls of a futures account work with. */
export type Parts = {
  readonly session: Session;
  readonly clock: { readonly wallNow: () => EpochMs };
};

const WEEK_MS = 604_800_000;

const readAlgosSince = ({ session, clock }: Parts, symbol: string, since: EpochMs) =>
  readWindows(
    ({ start, end }) =>
      session.signed('repeatable', async (client) => {
        const query = { symbol: idOf(client, symbol), startTime: start, endTime: end, limit: PAGE };
        const reply = await client.fapiPrivateGetAllAlgoOrders(query);
        return list('waiting orders', algoOrder, reply).map((algo) => ({
          ...algo,
          order: named(client, algo.order),
        }));
      }),
    {
      since: epochMs(Math.max(0, since)),
      until: clock.wallNow(),
      idOf: ({ order }) => order.venueOrderId,
      atOf: ({ order }) => order.updatedAt,
    },
  );

/** Orders of a market: a waiting one that fired and the order that it turned into are one. */
export async function ordersSince(
  parts: Parts,
  symbol: string,
  since: EpochMs,
): Promise<Result<AccountOrder[], VenueError>> {
  const { session, clock } = parts;
  const regular = await readWindows(
    ({ start, end }) =>
      session.signed('repeatable', async (client) => {
        const query = { symbol: idOf(client, symbol), startTime: start, endTime: end, limit: PAGE };
        const reply = await client.fapiPrivateGetAllOrders(query);
        return list('the orders of a market', futuresOrder, reply).map(({ order, placedAt }) => ({
          order: named(client, order),
          placedAt,
        }));
      }),
    {
      since,
      until: clock.wallNow(),
      idOf: ({ order }) => order.venueOrderId,
      atOf: ({ placedAt }) => placedAt,
    },
  );
  if (!regular.ok) return regular;
  const algos = await readAlgosSince(parts, symbol, since);
  if (!algos.ok) return algos;
  const byId = new Map(regular.value.map(({ order }) => [order.venueOrderId, order]));
  const waiting: AccountOrder[] = [];
  for (const algo of algos.value) {
    const known = algo.firedId === null ? undefined : byId.get(algo.firedId);
    if (algo.firedId !== null) byId.delete(algo.firedId);
    if (known !== undefined) waiting.push(firedOrder(algo, known));
    else {
      const read = await session.signed('repeatable', (client) => withOutcome(client, algo));
      if (!read.ok) return err(read.error);
      waiting.push(read.value);
    }
  }
  return ok([...byId.values(), ...waiting].sort((a, b) => a.updatedAt - b.updatedAt));
}

const readTrades = (symbol: string, reply: unknown): AccountFill[] =>
  list("the account's trades", futuresTrade, reply).map((trade) => ({ ...trade, symbol }));

/** Executions of a market. Those of a waiting order that fired are told under that order's id. */
export async function fillsSince(
  parts: Parts,
  symbol: string,
  since: EpochMs,
): Promise<Result<AccountFill[], VenueError>> {
  const { session, clock } = parts;
  const fills = await readWindows(
    ({ start, end }) =>
      session.signed('repeatable', async (client) => {
        const query = { symbol: idOf(client, symbol), startTime: start, endTime: end, limit: PAGE };
        return readTrades(symbol, await client.fapiPrivateGetUserTrades(query));
      }),
    { since, until: clock.wallNow(), idOf: ({ fillId }) => fillId, atOf: ({ at }) => at },
  );
  if (!fills.ok || fills.value.length === 0) return fills;
  // A stop may have been placed long before it fired.
  const algos = await readAlgosSince(parts, symbol, epochMs(since - 4 * WEEK_MS));
  if (!algos.ok) return algos;
  const placedAs = new Map(
    algos.value.flatMap(({ firedId, order }) =>
      firedId === null ? [] : [[firedId, order.venueOrderId] as const],
    ),
  );
  return ok(
    fills.value.map((fill) => ({
      ...fill,
      venueOrderId: placedAs.get(fill.venueOrderId) ?? fill.venueOrderId,
    })),
  );
}

/** All fills of one order; of a waiting one, those of the order that it turned into. */
export async function fillsOf(
  session: Session,
  order: { readonly symbol: string; readonly clientOrderId: string; readonly venueOrderId: string },
): Promise<Result<Fill[], VenueError>> {
  const { symbol, clientOrderId, venueOrderId } = order;
  const read = await session.signed('repeatable', async (client) => {
    const orderId = venueOrderId.startsWith(ALGO_PREFIX)
      ? (await readAlgo(client, clientOrderId)).firedId
      : venueOrderId;
    if (orderId === null) return [];
    const query = { symbol: idOf(client, symbol), orderId, limit: PAGE };
    const reply = await client.fapiPrivateGetUserTrades(query);
    const trades = readTrades(symbol, reply).filter((each) => each.venueOrderId === orderId);
    if (trades.length >= PAGE)
      throw new MalformedReply("an order's trades", 'there are more than one page of them');
    return trades.map((trade) => fillOf(trade, clientOrderId));
  });
  return toResult(read);
}

/** What came to the wallet or left it without a trade. */
export const cashFlows = async ({ session, clock }: Parts, since: EpochMs) => {
  const read = await readWindows(
    ({ start, end }) =>
      session.signed('repeatable', async (client) => {
        const query = { startTime: start, endTime: end, limit: PAGE };
        const reply = await client.fapiPrivateGetIncome(query);
        return list('movements of the wallet', incomeRow, reply).map(({ flow, ofTrade }) => ({
          ofTrade,
          flow: flow.symbol === null ? flow : { ...flow, symbol: symbolOf(client, flow.symbol) },
        }));
      }),
    {
      since,
      until: clock.wallNow(),
      idOf: ({ flow }) => flow.flowId,
      atOf: ({ flow }) => flow.at,
    },
  );
  return read.ok ? ok(read.value.flatMap(({ flow, ofTrade }) => (ofTrade ? [] : [flow]))) : read;
};
