import { epochMs, type EpochMs } from '@tradewind/core/lib/time';
import { isRecord, isTime, readPrice, readQty } from './trade-reader.ts';
import type { FeedTrade, Quote } from './venue.ts';

/**
 * Binance's frames, read without ccxt's unified floats: exact to the last decimal, and a tenth of the
 * work. Subscriptions, pings and everything else stay ccxt's.
 */

type Frame = Readonly<Record<string, unknown>>;

/** What a frame of the public streams is; `other` is for ccxt: answers to commands. */
export type BinanceFrame =
  | { readonly kind: 'trade' | 'quote'; readonly id: string; readonly frame: Frame }
  | { readonly kind: 'other' }
  | { readonly kind: 'refused' | 'rubbish'; readonly what: string };

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

/** Says what arrived, and of which of the venue's markets. */
export function sortFrame(message: unknown): BinanceFrame {
  if (!isRecord(message) || Array.isArray(message))
    return { kind: 'rubbish', what: `no event: ${String(message)}` };
  const { e: event, s: id, error } = message;
  if ((event === 'trade' || event === 'aggTrade') && isText(id))
    return { kind: 'trade', id, frame: message };
  // Spot's book ticker says neither what it is nor when.
  const isQuote = event === 'bookTicker' || (event === undefined && 'u' in message);
  if (isQuote && isText(id)) return { kind: 'quote', id, frame: message };
  if (isRecord(error)) return { kind: 'refused', what: String(error['msg']) };
  if ('id' in message && event === undefined) return { kind: 'other' };
  return { kind: 'rubbish', what: `an event that was not asked for: ${String(event)}` };
}

/** Ids count up by one; ccxt hands over numbers of more than 15 digits as text. */
function readId(value: unknown): string | undefined {
  if (typeof value === 'number') return isTime(value) ? String(value) : undefined;
  return typeof value === 'string' && /^\d{1,19}$/.test(value) ? value : undefined;
}

/** A `trade` or `aggTrade`; `undefined` for one that lacks what a trade must have. */
export function readBinanceTrade(
  marketKey: string,
  frame: Frame,
  receivedAt: EpochMs,
): FeedTrade | undefined {
  const { t, a, T: time, m: buyerMakes } = frame;
  const tradeId = readId(frame['e'] === 'aggTrade' ? a : t);
  const price = readPrice(frame['p']);
  const size = readQty(frame['q']);
  if (tradeId === undefined || price === undefined || size === undefined) return undefined;
  if (!isTime(time) || typeof buyerMakes !== 'boolean') return undefined;
  const side = buyerMakes ? 'sell' : 'buy';
  return { marketKey, tradeId, price, size, side, at: epochMs(time), receivedAt };
}

/** A `bookTicker`; `undefined` unless both sides are there and not crossed. */
export function readBinanceQuote(
  marketKey: string,
  frame: Frame,
  { at, receivedAt }: { readonly at: EpochMs; readonly receivedAt: EpochMs },
): Quote | undefined {
  const [bid, ask] = [readPrice(frame['b']), readPrice(frame['a'])];
  const [bidSize, askSize] = [readQty(frame['B']), readQty(frame['A'])];
  if (bid === undefined || ask === undefined || bid > ask) return undefined;
  if (bidSize === undefined || askSize === undefined) return undefined;
  const time = frame['T'];
  const venueAt = isTime(time) ? epochMs(time) : at;
  return { marketKey, bid, bidSize, ask, askSize, at: venueAt, receivedAt };
}
