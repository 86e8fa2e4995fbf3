import { epochMs } from '@tradewind/core/lib/time';
import {
  parsePrice,
  parseQty,
  priceFromFloat,
  qtyFromFloat,
  type Price,
  type Qty,
} from '@tradewind/core/lib/units';
import type { Trade } from '@tradewind/core/market/market';
import type { Result } from '@tradewind/core/lib/result';
import * as z from 'zod';

const amount = z.number().positive();

/** A trade as ccxt unifies it, over any venue. */
const unified = z.object({
  id: z.string().min(1),
  timestamp: z.int().nonnegative(),
  side: z.enum(['buy', 'sell']),
  price: amount,
  amount,
  info: z.unknown(),
});

/** Names that venues give to a trade's price and size in their own words. */
const PRICE_FIELDS = ['p', 'price', 'px'];
const SIZE_FIELDS = ['q', 'qty', 'size', 'v', 'amount', 'sz'];

/**
 * The exact decimal behind a float that ccxt made: the venue's own text where it has one that is
 * that number, else the float's shortest form, which is exact up to 15 digits.
 */
function exact<T extends Price | Qty>(
  float: number,
  texts: readonly unknown[],
  { parse, convert }: { parse: (text: string) => Result<T, string>; convert: (x: number) => T },
): T {
  for (const text of texts) {
    if (typeof text !== 'string' || Number(text) !== float) continue;
    const parsed = parse(text);
    if (parsed.ok) return parsed.value;
  }
  return convert(float);
}

/** ccxt's trade as ours; `undefined` for one that lacks what a trade must have. */
export function readTrade(marketKey: string, raw: unknown): Trade | undefined {
  const parsed = unified.safeParse(raw);
  if (!parsed.success) return undefined;
  const { id, timestamp, side, info, ...numbers } = parsed.data;
  const fields = (typeof info === 'object' && info !== null ? info : {}) as Record<string, unknown>;
  const price = exact(
    numbers.price,
    PRICE_FIELDS.map((name) => fields[name]),
    { parse: parsePrice, convert: (x) => priceFromFloat(x, 'floor') },
  );
  const size = exact(
    numbers.amount,
    SIZE_FIELDS.map((name) => fields[name]),
    { parse: parseQty, convert: (x) => qtyFromFloat(x, 'floor') },
  );
  if (price <= 0n || size <= 0n) return undefined;
  return { marketKey, tradeId: id, price, size, side, at: epochMs(timestamp) };
}

/** Remembers the newest `capacity` ids. */
export function recentIds(capacity: number): { readonly isNew: (id: string) => boolean } {
  const ids = new Set<string>();
  return {
    isNew: (id) => {
      if (ids.has(id)) return false;
      ids.add(id);
      const [oldest] = ids;
      if (ids.size > capacity && oldest !== undefined) ids.delete(oldest);
      return true;
    },
  };
}
