import { epochMs, type EpochMs } from '@tradewind/core/lib/time';
import {
  parsePrice,
  parseQty,
  priceFromFloat,
  qtyFromFloat,
  type Price,
  type Qty,
} from '@tradewind/core/lib/units';
import type { Trade } from '@tradewind/core/market/market';
import type { Quote } from './venue.ts';

/** Reads by hand what arrives thousands of times a second: a schema would cost more than all the rest. */
export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
export const isTime = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
const isAmount = (value: unknown): value is number =>
  typeof value === 'number' && value > 0 && value < Infinity;

/** A price above 0 from decimal text; `undefined` for anything else. */
export function readPrice(text: unknown): Price | undefined {
  const parsed = typeof text === 'string' ? parsePrice(text) : undefined;
  return parsed?.ok === true && parsed.value > 0n ? parsed.value : undefined;
}
/** A quantity above 0 from decimal text; `undefined` for anything else. */
export function readQty(text: unknown): Qty | undefined {
  const parsed = typeof text === 'string' ? parseQty(text) : undefined;
  return parsed?.ok === true && parsed.value > 0n ? parsed.value : undefined;
}

/** Names that venues give to a trade's price and size in their own words. */
const PRICE_FIELDS = ['p', 'price', 'px'];
const SIZE_FIELDS = ['q', 'qty', 'size', 'v', 'amount', 'sz'];

/** The venue's own text of a number that ccxt made a float of, if it has one that is that number. */
function textOf(info: unknown, names: readonly string[], float: number): string | undefined {
  if (!isRecord(info)) return undefined;
  for (const name of names) {
    const text = info[name];
    if (typeof text === 'string' && Number(text) === float) return text;
  }
  return undefined;
}

/** Names trades whose venue gives them no id. */
export type Namer = (trade: string) => string;

/** Prints that are remembered, so that equal ones of one millisecond are told apart. */
const NAMED = 5_000;

/**
 * Names a trade by all that is known of it, and by its number among its equals: two of the same
 * moment, price, size and side are two trades, here and wherever they are read in the same order.
 */
export function createNamer(): Namer {
  const counts = new Map<string, number>();
  return (trade) => {
    const number = (counts.get(trade) ?? 0) + 1;
    if (counts.size > NAMED) counts.clear();
    counts.set(trade, number);
    return `${trade}-${number}`;
  };
}

/**
 * ccxt's trade as ours; `undefined` for one that lacks what a trade must have. Decimals are the
 * venue's own text where it has one, else the float's shortest form, which is exact up to 15 digits.
 *
 * @param name Names a trade without an id; without it such a trade is left out.
 */
export function readTrade(marketKey: string, raw: unknown, name?: Namer): Trade | undefined {
  if (!isRecord(raw)) return undefined;
  const { timestamp, side, price: floatPrice, amount, info } = raw;
  if (!isTime(timestamp)) return undefined;
  if ((side !== 'buy' && side !== 'sell') || !isAmount(floatPrice) || !isAmount(amount))
    return undefined;
  const price =
    readPrice(textOf(info, PRICE_FIELDS, floatPrice)) ?? priceFromFloat(floatPrice, 'floor');
  const size = readQty(textOf(info, SIZE_FIELDS, amount)) ?? qtyFromFloat(amount, 'floor');
  if (price <= 0n || size <= 0n) return undefined;
  const { id } = raw;
  const known = typeof id === 'string' && id !== '' ? id : undefined;
  const tradeId = known ?? name?.(`${timestamp}-${floatPrice}-${amount}-${side}`);
  if (tradeId === undefined) return undefined;
  return { marketKey, tradeId, price, size, side, at: epochMs(timestamp) };
}

/**
 * Best bid and ask of ccxt's ticker; `undefined` unless both are there and not crossed. A size that
 * the venue does not tell is 0.
 */
export function readQuote(
  marketKey: string,
  raw: unknown,
  { at, receivedAt }: { readonly at: EpochMs; readonly receivedAt: EpochMs },
): Quote | undefined {
  if (!isRecord(raw)) return undefined;
  const { bid, ask, bidVolume, askVolume, timestamp } = raw;
  if (!isAmount(bid) || !isAmount(ask) || bid > ask) return undefined;
  return {
    marketKey,
    bid: priceFromFloat(bid, 'floor'),
    bidSize: qtyFromFloat(isAmount(bidVolume) ? bidVolume : 0, 'floor'),
    ask: priceFromFloat(ask, 'floor'),
    askSize: qtyFromFloat(isAmount(askVolume) ? askVolume : 0, 'floor'),
    at: isTime(timestamp) ? epochMs(timestamp) : at,
    receivedAt,
  };
}

/** Remembers the newest `capacity` ids. */
export function recentIds(capacity: number): { readonly isNew: (id: string) => boolean } {
  const ids = new Set<string>();
  // Which to forget next: a set finds its own oldest only by walking over what was deleted.
  const order: string[] = [];
  let next = 0;
  return {
    isNew: (id) => {
      if (ids.has(id)) return false;
      const oldest = order[next];
      if (oldest !== undefined) ids.delete(oldest);
      ids.add(id);
      order[next] = id;
      next = (next + 1) % capacity;
      return true;
    },
  };
}
