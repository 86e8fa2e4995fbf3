import type { Instrument } from '@tradewind/core/instrument/instrument';
import type { EpochMs } from '@tradewind/core/lib/time';
import { idOf, list, named, toResult } from './futures-calls.ts';
import { cashFlows, fillsOf, fillsSince, ordersSince, type Parts } from './futures-history.ts';
import { createLeverage } from './futures-leverage.ts';
import { cancel, cancelAll, lookup, readOpen, submit } from './futures-orders.ts';
import {
  bracketRow,
  dualReply,
  forcedOrder,
  positionRow,
  symbolConfig,
  walletRow,
} from './futures-replies.ts';
import { FUTURES } from './capabilities.ts';
import { candleReply, MalformedReply, marketReply, readReply } from './replies.ts';
import { marketOf, type Session } from './session.ts';
import type { Venue } from './venue.ts';

/** Rules of markets with the most leverage that each gives: that of its smallest positions, by the account's tier. */
async function instruments(session: Session, symbols: readonly string[], fresh = false) {
  const read = await session.signed('repeatable', async (client) => {
    if (fresh) await session.reload(client);
    const reply = await client.fapiPrivateGetLeverageBracket({});
    const most = new Map(list('leverage brackets', bracketRow, reply));
    return symbols.map((symbol): Instrument => {
      const rules = marketOf(client, symbol, 'futures')?.info;
      const maxLeverage = most.get(idOf(client, symbol));
      const instrument = readReply(`the rules of ${symbol}`, marketReply, rules);
      return {
        ...instrument('binance', symbol, 'futures'),
        ...(maxLeverage === undefined ? {} : { maxLeverage }),
      };
    });
  });
  return toResult(read);
}

const leverageOf = (parts: Parts) =>
  createLeverage({
    clock: parts.clock,
    readSetup: async (symbol) =>
      parts.session.signed('repeatable', async (client) => {
        const reply = await client.fapiPrivateGetSymbolConfig({ symbol: idOf(client, symbol) });
        const [setup] = list("a market's set-up", symbolConfig, reply);
        if (setup === undefined) throw new MalformedReply("a market's set-up", 'it is empty');
        return { leverage: setup.leverage, marginMode: setup.marginMode };
      }),
    readPositions: () =>
      parts.session.signed('repeatable', async (client) =>
        list('positions', positionRow, await client.fapiPrivateV3GetPositionRisk({})).flatMap(
          (row) => (row === null ? [] : [named(client, row)]),
        ),
      ),
    change: (symbol, wanted) =>
      parts.session.signed('repeatable', async (client) => {
        const market = { symbol: idOf(client, symbol) };
        if (wanted.marginMode !== undefined) {
          const marginType = wanted.marginMode === 'isolated' ? 'ISOLATED' : 'CROSSED';
          await client.fapiPrivatePostMarginType({ ...market, marginType });
        }
        if (wanted.leverage !== undefined)
          await client.fapiPrivatePostLeverage({ ...market, leverage: wanted.leverage });
      }),
  });

/** Position mode, positions and how markets are set up. */
const setupCalls = (parts: Parts) => ({
  ...leverageOf(parts),
  positionMode: async () =>
    toResult(
      await parts.session.signed('repeatable', async (client) => {
        const reply = await client.fapiPrivateGetPositionSideDual({});
        return readReply('the position mode', dualReply, reply).dualSidePosition
          ? ('hedge' as const)
          : ('oneWay' as const);
      }),
    ),
  liquidations: async (symbol: string, since: EpochMs) =>
    toResult(
      await parts.session.signed('repeatable', async (client) => {
        const query = { symbol: idOf(client, symbol), startTime: since, limit: 100 };
        const reply = await client.fapiPrivateGetForceOrders(query);
        return list('liquidations', forcedOrder, reply).flatMap((row) =>
          row === null ? [] : [named(client, row)],
        );
      }),
    ),
});

/** A Binance USD-M futures account over a session of its clients. */
export function createFuturesVenue(parts: Parts, simulated: boolean): Venue {
  const { session } = parts;
  return {
    capabilities: { ...FUTURES, simulated },
    ...setupCalls(parts),
    instruments: (symbols, options) => instruments(session, symbols, options?.fresh),
    candles: async (symbol, range) =>
      toResult(
        await session.unsigned(async (client) => {
          const reply = await client.fapiPublicGetKlines({
            symbol: idOf(client, symbol),
            interval: '1m',
            startTime: range.since,
            limit: Math.min(range.limit, 1_000),
          });
          return list(`candles of ${symbol}`, candleReply, reply);
        }),
      ),
    submit: (order, withinMs) => submit(session, order, withinMs),
    lookup: (symbol, clientOrderId) => lookup(session, symbol, clientOrderId),
    fills: (order) => fillsOf(session, order),
    openOrders: async () => toResult(await readOpen(session)),
    ordersSince: (symbol, since) => ordersSince(parts, symbol, since),
    fillsSince: (symbol, since) => fillsSince(parts, symbol, since),
    cancel: (symbol, clientOrderId) => cancel(session, symbol, clientOrderId),
    cancelAll: (symbol) => cancelAll(session, symbol),
    balances: async () =>
      toResult(
        await session.signed('repeatable', async (client) =>
          Object.fromEntries(list('balances', walletRow, await client.fapiPrivateV3GetBalance({}))),
        ),
      ),
    cashFlows: (since) => cashFlows(parts, since),
    close: session.close,
  };
}
