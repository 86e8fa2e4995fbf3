import { epochMs } from '@tradewind/core/lib/time';
import {
  addQty,
  parseMoney,
  parsePrice,
  parseQty,
  ZERO_MONEY,
  ZERO_QTY,
  type Qty,
} from '@tradewind/core/lib/units';
import type { Result } from '@tradewind/core/lib/result';
import * as z from 'zod';
import { callJson } from '../../lib/http.ts';
import { isDone, symbolOf, type Account, type OrderAtVenue } from '../fast/exchange.ts';
import { QUOTE } from '../fast/seed-book.ts';

const decimal = <T>(parse: (text: string) => Result<T, string>) =>
  z.string().transform((text, context): T => {
    const parsed = parse(text);
    if (parsed.ok) return parsed.value;
    context.addIssue({ code: 'custom', message: parsed.error });
    return z.NEVER;
  });
const time = z.number().transform(epochMs);
const order = z.object({
  orderId: z.number(),
  clientOrderId: z.string(),
  marketKey: z.string(),
  side: z.enum(['BUY', 'SELL']),
  status: z.enum(['NEW', 'PARTIALLY_FILLED', 'FILLED', 'CANCELED', 'EXPIRED']),
  quantity: decimal(parseQty).nullable(),
  filled: decimal(parseQty),
  filledQuote: decimal(parseMoney),
  stopPrice: decimal(parsePrice).nullable(),
  triggeredAt: time.nullable(),
  updatedAt: time,
});
const balance = z.object({ free: decimal(parseQty), locked: decimal(parseQty) });
const state = z.looseObject({
  balances: z.record(z.string(), balance),
  orders: z.array(order),
  markets: z.record(z.string(), z.looseObject({ lastPrice: decimal(parsePrice).nullable() })),
});

/** The sandbox's spot account as it is now, told by its admin interface. */
export async function readAccount(port: number): Promise<Account> {
  const { balances, orders, markets } = state.parse(
    await callJson({ method: 'GET', port, path: '/admin/state' }),
  );
  const all: readonly OrderAtVenue[] = orders
    .toSorted((a, b) => a.orderId - b.orderId)
    .map(({ orderId, ...rest }) => ({ venueOrderId: String(orderId), order: rest }));
  const total = (asset: string): Qty => {
    const { free, locked } = balances[asset] ?? { free: ZERO_QTY, locked: ZERO_QTY };
    return addQty(free, locked);
  };
  return {
    all: () => all,
    open: () => all.filter((one) => !isDone(one)),
    find: (id) => all.findLast((one) => one.order.clientOrderId === id),
    held: ({ base }, side) => (side === 'LONG' ? total(base) : ZERO_QTY),
    cash: () => total(QUOTE),
    entered: () => ZERO_MONEY,
    flows: () => 0,
    lastPrice: (marketKey) => markets[symbolOf(marketKey)]?.lastPrice ?? undefined,
  };
}
