import { epochMs, type EpochMs } from '@tradewind/core/lib/time';
import type { Result } from '@tradewind/core/lib/result';
import {
  formatDecimal,
  parseMoney,
  parsePrice,
  parseQty,
  type Money,
  type Price,
  type Qty,
} from '@tradewind/core/lib/units';
import * as z from 'zod';

/** What both Firestore SDKs return for a stored time; both store a `Date` as one. */
type TimestampLike = { readonly toMillis: () => number };

const isTimestampLike = (value: unknown): value is TimestampLike =>
  typeof value === 'object' &&
  value !== null &&
  'toMillis' in value &&
  typeof value.toMillis === 'function';

/** A Firestore `Timestamp` outside (written as `Date`), `EpochMs` inside (ARC-20). */
export const time = z.codec(
  z.custom<TimestampLike | Date>((value) => isTimestampLike(value) || value instanceof Date, {
    error: 'expected a Firestore Timestamp',
  }),
  z.custom<EpochMs>((value) => Number.isSafeInteger(value)),
  {
    decode: (stored) => epochMs(stored instanceof Date ? stored.getTime() : stored.toMillis()),
    encode: (ms) => new Date(ms),
  },
);

const decimal = <T extends Price | Qty | Money>(parse: (text: string) => Result<T, string>) =>
  z.codec(
    z.string().max(64),
    z.custom<T>((value) => typeof value === 'bigint'),
    {
      decode: (text, context) => {
        const parsed = parse(text);
        if (parsed.ok) return parsed.value;
        context.issues.push({ code: 'custom', message: parsed.error, input: text });
        return z.NEVER;
      },
      encode: (value) => formatDecimal(value),
    },
  );

/** Decimal text outside, `Price` inside (ARC-21). */
export const price = decimal<Price>(parsePrice);
/** Decimal text outside, `Qty` inside (ARC-21). */
export const qty = decimal<Qty>(parseQty);
/** Decimal text outside, `Money` inside (ARC-21). */
export const money = decimal<Money>(parseMoney);

/** Percent: 5 = 5 % (ARC-23). */
export const percent = (min: number, max: number) => z.number().min(min).max(max);

/** Names that may stand in a document path: no slash, no leading dots, at most 128 characters. */
export const id = z.string().regex(/^[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}$/, 'is not a valid id');

/** Normalised `BASE-QUOTE` (ARC-25). */
export const symbol = z.string().regex(/^[A-Z0-9]{1,20}-[A-Z0-9]{1,20}$/, 'expected BASE-QUOTE');

/** `{venue}_{market}_{symbol}` (ARC-25). */
export const marketKey = z
  .string()
  .regex(
    /^[a-z0-9]+_(spot|futures|equity|option|forex|dex)_[A-Z0-9-]+$/,
    'expected venue_market_SYMBOL',
  );
