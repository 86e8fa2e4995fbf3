import { createHmac, timingSafeEqual } from 'node:crypto';
import type { EpochMs } from '@tradewind/core/lib/time';
import { errors, type ApiError } from './errors.ts';
import type { Params } from './params.ts';

export type Credentials = { readonly apiKey: string; readonly apiSecret: string };

const DEFAULT_WINDOW_MS = 5_000;
const LONGEST_WINDOW_MS = 60_000;
/** How far a caller's clock may be ahead. */
const AHEAD_MS = 1_000;

/** True when the key is the account's; a key of another shape is told apart as the venue does. */
export function checkKey(sent: string | undefined, apiKey: string): ApiError | null {
  if (sent === undefined || !/^[A-Za-z0-9_-]{8,128}$/.test(sent)) return errors.keyFormat;
  return sent === apiKey ? null : errors.key;
}

/** Checks `timestamp` and `recvWindow` against the wall clock. */
export function checkTime(params: Params, wallNow: EpochMs): ApiError | null {
  const { timestamp, recvWindow } = params;
  if (timestamp === undefined || !/^[0-9]{13}$/.test(timestamp))
    return errors.mandatory('timestamp');
  const window = recvWindow === undefined ? DEFAULT_WINDOW_MS : Number(recvWindow);
  if (!Number.isFinite(window) || window < 0) return errors.mandatory('recvWindow');
  if (window > LONGEST_WINDOW_MS) return errors.recvWindow;
  const sentAt = Number(timestamp);
  if (sentAt >= wallNow + AHEAD_MS) return errors.tooEarly;
  return wallNow - sentAt <= window ? null : errors.tooLate;
}

/** HMAC SHA-256 of `payload`, in hex. */
export const sign = (payload: string, secret: string): string =>
  createHmac('sha256', secret).update(payload).digest('hex');

/** Compares in constant time. */
export function checkSignature(payload: string, sent: string, secret: string): ApiError | null {
  const expected = Buffer.from(sign(payload, secret));
  const actual = Buffer.from(sent.toLowerCase());
  return actual.length === expected.length && timingSafeEqual(actual, expected)
    ? null
    : errors.signature;
}

/**
 * Checks a signed REST request: key, time, then the signature over the query string and the body
 * exactly as they were sent, without the signature itself.
 */
export function checkSigned(
  request: {
    readonly key: string | undefined;
    readonly query: string;
    readonly body: string;
    readonly params: Params;
  },
  credentials: Credentials,
  wallNow: EpochMs,
): ApiError | null {
  const { signature } = request.params;
  const key = checkKey(request.key, credentials.apiKey);
  if (key !== null) return key;
  const time = checkTime(request.params, wallNow);
  if (time !== null) return time;
  if (signature === undefined) return errors.mandatory('signature');
  const bare = (text: string): string =>
    text
      .split('&')
      .filter((pair) => pair !== '' && !pair.startsWith('signature='))
      .join('&');
  return checkSignature(bare(request.query) + bare(request.body), signature, credentials.apiSecret);
}
