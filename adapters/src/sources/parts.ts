import { epochMs } from '@tradewind/core/lib/time';
import {
  parsePrice,
  parseQty,
  priceFromFloat,
  qtyFromFloat,
  type Price,
  type Qty,
} from '@tradewind/core/lib/units';
import * as z from 'zod';

/** Parts of what sources answer. */

/** A price above 0 as a float. */
export const floatPrice = z
  .number()
  .positive()
  .transform((x): Price => priceFromFloat(x, 'floor'));
export const floatQty = z
  .number()
  .nonnegative()
  .transform((x): Qty => qtyFromFloat(x, 'floor'));

/** A price above 0 as decimal text. */
export const textPrice = z.string().transform((text, context): Price => {
  const parsed = parsePrice(text);
  if (parsed.ok && parsed.value > 0n) return parsed.value;
  context.addIssue({ code: 'custom', message: `"${text.slice(0, 40)}" is no price` });
  return z.NEVER;
});
export const textQty = z.string().transform((text, context): Qty => {
  const parsed = parseQty(text);
  if (parsed.ok) return parsed.value;
  context.addIssue({ code: 'custom', message: `"${text.slice(0, 40)}" is no quantity` });
  return z.NEVER;
});

/** Seconds since 1970. */
export const seconds = z
  .int()
  .nonnegative()
  .max(10_000_000_000)
  .transform((s) => epochMs(s * 1_000));

/** A date such as 2024-08-09, as its midnight UTC. */
export const date = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}/)
  .transform((text, context) => {
    const ms = Date.parse(`${text.slice(0, 10)}T00:00:00Z`);
    if (ms >= 0) return epochMs(ms);
    context.addIssue({ code: 'custom', message: `"${text.slice(0, 40)}" is no date` });
    return z.NEVER;
  });

/** A date and time of UTC such as `2024-08-09 12:30:05`. */
export const utcText = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/)
  .transform((text, context) => {
    const ms = Date.parse(`${text.replace(' ', 'T')}Z`);
    if (ms >= 0) return epochMs(ms);
    context.addIssue({ code: 'custom', message: `"${text}" is no time` });
    return z.NEVER;
  });

/** `BTC-USDT` in two. */
export function splitSymbol(symbol: string): readonly [base: string, quote: string] {
  const at = symbol.lastIndexOf('-');
  return at === -1 ? [symbol, ''] : [symbol.slice(0, at), symbol.slice(at + 1)];
}

/** Dollar sources know stablecoins' markets as the dollar's. */
export const inDollars = (quote: string): string =>
  ['USDT', 'USDC', 'FDUSD', 'TUSD', 'BUSD'].includes(quote) ? 'USD' : quote;

/** A candle is one: its high and low hold the others. */
export const isCandle = (c: {
  readonly open: Price;
  readonly high: Price;
  readonly low: Price;
  readonly close: Price;
}): boolean => c.low <= c.open && c.low <= c.close && c.high >= c.open && c.high >= c.close;
