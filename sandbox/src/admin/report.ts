import {
  addMoney,
  formatDecimal,
  subMoney,
  sumMoney,
  type Money,
  type Price,
  type Qty,
} from '@tradewind/core/lib/units';
import { futuresEquity } from '@tradewind/core/simulation/futures';
import type { Context } from '../context.ts';
import type { Feed } from '../feeds/feed.ts';
import { quoteValue, type Opening } from '../exchange/valuation.ts';

const text = (value: Price | Qty | Money | undefined): string | null =>
  value === undefined ? null : formatDecimal(value);

const balancesOf = ({ exchange }: Context) =>
  Object.fromEntries(
    Object.entries(exchange.engine().balances).map(([asset, { free, locked }]) => [
      asset,
      { free: formatDecimal(free), locked: formatDecimal(locked) },
    ]),
  );

/** `GET /admin/state`: everything that a test or the desk wants to know of the venue. */
export const stateReport = (context: Context, feed: Feed) => ({
  wallNow: context.wallNow(),
  marketNow: context.marketNow(),
  clock: context.clock(),
  feed: feed.report(),
  balances: balancesOf(context),
  markets: Object.fromEntries(
    [...context.exchange.instruments.values()].map(({ symbol, marketKey }) => {
      const tape = context.exchange.tape(symbol);
      return [
        symbol,
        {
          trades: tape.count(),
          firstAt: tape.firstAt(),
          // After a restart the tape is empty, and the engine knows when it last traded.
          lastAt: context.exchange.engine().markets[marketKey]?.lastAt ?? null,
          lastPrice: text(context.exchange.lastPrice(symbol)),
          candles: tape.candles().length,
        },
      ];
    }),
  ),
  openOrders: Object.keys(context.exchange.engine().orders).length,
  fills: context.exchange.fills().length,
  orders: context.exchange.orders().map((order) => ({
    orderId: order.orderId,
    clientOrderId: order.clientOrderId,
    marketKey: order.marketKey,
    side: order.side,
    type: order.type,
    status: order.status,
    quantity: order.quantity === null ? null : formatDecimal(order.quantity),
    filled: formatDecimal(order.filled),
    filledQuote: formatDecimal(order.filledQuote),
    stopPrice: text(order.stopPrice ?? undefined),
    triggeredAt: order.triggeredAt,
    placedAt: order.placedAt,
    updatedAt: order.updatedAt,
  })),
});

/** The futures account: what its movements and its open positions come to at the last prices. */
function futuresReport({ exchange }: Context) {
  const state = exchange.engine();
  const { wallet, positions } = state.futures;
  const unrealizedPnl = subMoney(futuresEquity(state), wallet);
  const moved = sumMoney(exchange.incomes().map(({ amount }) => amount));
  return {
    wallet: text(wallet),
    pnlQuote: text(addMoney(moved, unrealizedPnl)),
    positions: Object.values(positions).map(({ marketKey, side, quantity, margin }) => ({
      ...{ marketKey, side },
      quantity: text(quantity),
      margin: text(margin),
    })),
  };
}

/**
 * `GET /admin/account`: what the account is worth at the last prices, from balances alone, so that
 * it can be held against a ledger that was kept elsewhere. Exact decimal text; `null` is unknown.
 */
export function accountReport(context: Context, opening: Opening) {
  const now = quoteValue(context.exchange, opening.quote);
  return {
    quote: opening.quote,
    balances: balancesOf(context),
    prices: Object.fromEntries(
      [...context.exchange.instruments.keys()].map((symbol) => [
        symbol,
        text(context.exchange.lastPrice(symbol)),
      ]),
    ),
    futures: futuresReport(context),
    quoteValue: text(now),
    quoteValueAtStart: text(opening.value()),
    pnlQuote: text(opening.pnl(now)),
  };
}
