import { epochMs } from '@tradewind/core/lib/time';
import { money, price, qty, symbol } from '@tradewind/contracts/wire';
import * as z from 'zod';
import { streamFault } from '../stream/stream-faults.ts';

const at = z.int().nonnegative().transform(epochMs);

/** `POST /admin/clock`: the market's clock (see `core/lib/time`). */
export const clockSchema = z.strictObject({
  origin: at,
  startedAt: at,
  speed: z.number().positive().max(100_000),
});

/** `POST /admin/clock`: the market's clock, and by how much the venue's clock of the wall is ahead. */
export const clockRequest = z.union([
  clockSchema,
  z.strictObject({ skewMs: z.int().min(-3_600_000).max(3_600_000) }),
]);

/** `POST /admin/trades`: trades for the feed `push`; amounts are decimal text. */
export const tradesSchema = z.strictObject({
  trades: z
    .array(
      z.strictObject({
        symbol,
        at,
        price: price.refine((px) => px > 0n, 'a price is above 0'),
        size: qty.refine((size) => size > 0n, 'a size is above 0'),
        side: z.enum(['buy', 'sell']),
      }),
    )
    .max(10_000),
});

/** `POST /admin/history`: one-minute candles from before the first trade of the feed `push`. */
export const historySchema = z.strictObject({
  symbol,
  candles: z
    .array(
      z.strictObject({
        openAt: at,
        open: price,
        high: price,
        low: price,
        close: price,
        volume: qty,
        quoteVolume: money.optional(),
        trades: z.int().nonnegative().optional(),
        buyVolume: qty.optional(),
        buyQuoteVolume: money.optional(),
      }),
    )
    .max(20_000),
});

/** `POST /admin/stream`: what the WebSocket streams shall do. */
export const streamSchema = z.strictObject({
  disconnect: z.literal(true).optional(),
  mute: z.boolean().optional(),
  freeze: z.boolean().optional(),
  faults: z.array(streamFault).max(100).optional(),
  clear: z.literal(true).optional(),
});
