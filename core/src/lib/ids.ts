import { sha256 } from './sha256.ts';
import type { EpochMs } from './time.ts';

const BASE32 = Array.from('abcdefghijklmnopqrstuvwxyz234567', (each) => each.charCodeAt(0));
const characters = new Array<number>(26).fill(0);

/** The first 130 of 256 bits as RFC 4648 base32 in lower case: 26 characters. */
function base32(words: Int32Array): string {
  for (let at = 0; at < characters.length; at += 1) {
    const bit = 5 * at;
    const word = bit >> 5;
    const within = bit & 31;
    const high = (words[word] ?? 0) << within;
    const low = within > 27 ? (words[word + 1] ?? 0) >>> (32 - within) : 0;
    characters[at] = BASE32[(high | low) >>> 27] ?? 0;
  }
  return String.fromCharCode(...characters);
}

const words = new Int32Array(8);

/** 130 bits of SHA-256 as 26 characters `[a-z2-7]`: the same for the same parts, in every process. */
export function hashId(...parts: readonly [string, ...string[]]): string {
  sha256(parts, words);
  return base32(words);
}

/** One decision of one strategy on one bar: evaluating the bar again gives the same id (ARC-28). */
export const signalIdOf = (signal: {
  readonly bookId: string;
  readonly strategyId: string;
  readonly marketKey: string;
  readonly barCloseAt: EpochMs;
  readonly action: string;
}): string =>
  hashId(
    'signal',
    signal.bookId,
    signal.strategyId,
    signal.marketKey,
    String(signal.barCloseAt),
    signal.action,
  );

/**
 * The one intent that a cause can lead to (05, section 3): a signal, whose id tells book, strategy and market apart, or
 * one exit of a position. It says where it comes from, and is good as a document's name if `causeId` is.
 */
export const intentIdOf = (causeId: string, action: string): string => `${causeId}.${action}`;

/** What the exits of a position are caused by, one after the other: each try has an intent of its own. */
export const exitCauseOf = (positionId: string, reason: string, attempt: number): string =>
  `${positionId}.${reason}.${attempt}`;

/** Longest client order id that the venue's alphabet `[a-z0-9]` holds: Binance allows 36. */
export const CLIENT_ORDER_ID_MAX = 36;

/**
 * The venue's idempotency key of an intent (EXE-15): `tw` and 26 characters `[a-z2-7]`.
 *
 * The same for every retry of the intent; a new `attemptGroup` only follows a terminal order.
 */
export const clientOrderIdOf = (intentId: string, attemptGroup: number): string =>
  `tw${hashId('order', intentId, String(attemptGroup))}`;
