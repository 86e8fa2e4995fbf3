import { ORDER_STATUSES } from '@tradewind/core/order/order';
import { FILL_ORIGINS } from '@tradewind/core/portfolio/origins';
import * as z from 'zod';
import { id, marketKey, money, price, qty, symbol, time } from '../wire.ts';
import { analysisRecord, expectedRecord } from './analysis.ts';
import { closeReason } from './book.ts';

export const action = z.enum(['ENTER', 'ADD', 'REDUCE', 'EXIT']);
export const direction = z.enum(['LONG', 'SHORT']);
export const side = z.enum(['BUY', 'SELL']);

/** `books/{b}/signals/{id}`: a decided wish, and what became of it. */
export const signalDoc = z.strictObject({
  signalId: id,
  bookId: id,
  strategyId: id,
  marketKey,
  symbol,
  signalType: z.enum(['S1', 'O1', 'Z1', 'ZE1', 'E1']),
  action,
  direction,
  confidence: z.number().min(0).max(1),
  score: z.number().min(-1).max(1),
  reasons: z.array(z.string()),
  indicatorValues: z.record(z.string(), z.number()),
  expectedPrice: price,
  suggestedQuote: money.nullable(),
  /** Absent in documents from before strategies could name levels. */
  suggestedStop: price.nullable().default(null),
  suggestedTarget: price.nullable().default(null),
  ttlMs: z.int().positive(),
  barCloseAt: time,
  decidedAt: time,
  executionStatus: z.enum(['PENDING', 'EXECUTED', 'CANCELLED', 'REJECTED', 'EXPIRED']),
  /** First blocking reason when it was not executed. */
  rejectionReason: z.string().nullable(),
  /** Every reason, with its numbers (RSK-51). */
  rejections: z.array(z.string()),
  intentId: z.string().nullable(),
  /** Wall clock: the start of the latency figures. */
  createdAt: time,
  updatedAt: time,
});
export type SignalDoc = z.infer<typeof signalDoc>;

/** One check of the gate or one stage of the pipeline, stored with the intent (RSK-04, EXE-05). */
export const checkRecord = z.strictObject({
  check: z.string(),
  verdict: z.enum(['pass', 'warn', 'block']),
  value: z.string().nullable(),
  limit: z.string().nullable(),
});

/** `books/{b}/intents/{id}`: the outbox: written before anything leaves (05, section 3). */
export const intentDoc = z.strictObject({
  intentId: id,
  bookId: id,
  strategyId: id,
  marketKey,
  symbol,
  signalId: z.string().nullable(),
  positionId: z.string().nullable(),
  action,
  direction,
  side,
  type: z.enum(['MARKET', 'LIMIT', 'STOP']),
  quantity: qty,
  limitPrice: price.nullable(),
  /** Price that triggers a STOP; absent in documents from before there were any. */
  stopPrice: price.nullable().default(null),
  timeInForce: z.enum(['GTC', 'IOC', 'FOK']),
  reduceOnly: z.boolean(),
  /** Of a futures entry; everything else has none. */
  leverage: z.int().min(1).max(200).optional(),
  closeReason: closeReason.nullable(),
  /** Absent in documents from before strategies could name levels. */
  suggestedStop: price.nullable().default(null),
  suggestedTarget: price.nullable().default(null),
  expectedPrice: price,
  expectedAt: time,
  expiresAt: time.nullable(),
  status: z.enum([
    'NEW',
    'RISK_REJECTED',
    'APPROVED',
    'CLAIMED',
    'QUEUED',
    'SENT',
    'UNKNOWN',
    'DONE',
    'FAILED',
    'EXPIRED',
  ]),
  orderId: id,
  checks: z.array(checkRecord),
  /** Of what the gate approved; absent in the others and in documents from before it was kept. */
  expected: expectedRecord.optional(),
  /** Who may send it now, and until when (wall clock, EXE-03). */
  claimedBy: z.string().nullable(),
  claimedUntil: time.nullable(),
  createdBy: z.string(),
  failure: z.string().nullable(),
  /** How often it was quoted anew; each quote is an order of its own (EXE-15). Absent = never. */
  requotes: z.int().nonnegative().optional(),
  /** Its place in the order queue; absent or `null` for what has never waited (EXE-25). */
  queued: z
    .strictObject({
      /** Market time of the first queuing. */
      at: time,
      retries: z.int().nonnegative(),
      lastError: z.string(),
    })
    .nullable()
    .optional(),
  createdAt: time,
  updatedAt: time,
  version: z.int().nonnegative(),
});
export type IntentDoc = z.infer<typeof intentDoc>;

/** `books/{b}/orderQueue/{intentId}`: an order that waits for its venue, or did (05, section 8). */
export const queuedOrderDoc = z.strictObject({
  intentId: id,
  bookId: id,
  strategyId: id,
  symbol,
  action,
  side,
  type: intentDoc.shape.type,
  quantity: qty,
  limitPrice: price.nullable(),
  /** Market clock. */
  queuedAt: time,
  retryCount: z.int().nonnegative(),
  lastError: z.string(),
  status: z.enum(['PENDING', 'PROCESSED', 'EXPIRED', 'FAILED', 'CANCELLED']),
  processedAt: time.nullable(),
  updatedAt: time,
});
export type QueuedOrderDoc = z.infer<typeof queuedOrderDoc>;

/** Wall-clock marks of an order's way (EXE-31); `null` until reached. */
export const marksRecord = z.strictObject({
  signalAt: time.nullable(),
  decidedAt: time.nullable(),
  claimedAt: time.nullable(),
  sentAt: time.nullable(),
  ackAt: time.nullable(),
  firstFillAt: time.nullable(),
  doneAt: time.nullable(),
});

/** `books/{b}/orders/{clientOrderId}` (05, sections 3 and 4). */
export const orderDoc = z.strictObject({
  /** The client order id: the venue's idempotency key. */
  orderId: id,
  venueOrderId: z.string().nullable(),
  bookId: id,
  intentId: id,
  signalId: z.string().nullable(),
  strategyId: id,
  positionId: z.string(),
  marketKey,
  symbol,
  action,
  side,
  type: z.enum(['MARKET', 'LIMIT', 'STOP']),
  timeInForce: z.enum(['GTC', 'IOC', 'FOK']),
  quantity: qty,
  limitPrice: price.nullable(),
  /** Price that triggers a STOP; absent in documents from before there were any. */
  stopPrice: price.nullable().default(null),
  expectedPrice: price,
  /** Of a futures entry; everything else has none. */
  leverage: z.int().min(1).max(200).optional(),
  closeReason: closeReason.nullable(),
  status: z.enum(ORDER_STATUSES),
  filledQuantity: qty,
  filledQuote: money,
  averagePrice: price.nullable(),
  /** Fees so far in quote, fees in base converted at their fill's price. */
  fees: money,
  /** Positive = worse than expected (RSK-101); `null` until filled. */
  slippagePct: z.number().nullable(),
  /** The same in quote over what is filled (EXE-30); absent in older documents. */
  slippageQuote: money.nullable().optional(),
  /** What the venue says was filled and no fill proves: in no total (PF-34); `null` or absent = nothing. */
  unverified: z
    .strictObject({ quantity: qty, quote: money, assumed: z.int().nonnegative() })
    .nullable()
    .optional(),
  /** Of an order that has ended and filled something; absent or `null` = not known. */
  analysis: analysisRecord.nullable().optional(),
  rejectionReason: z.string().nullable(),
  errorCode: z.string().nullable(),
  marks: marksRecord,
  /** Market clock. */
  createdAt: time,
  /** Market clock; `null` until the last fill (RSK-60). */
  filledAt: time.nullable(),
  updatedAt: time,
  version: z.int().nonnegative(),
});
export type OrderDoc = z.infer<typeof orderDoc>;

/** `live`: a venue with real money; `paper`: a simulation on live prices; the others: one on recorded or made-up ones. */
export const fillOrigin = z.enum(FILL_ORIGINS);

/** `books/{b}/orders/{o}/fills/{venueTradeId}`: create-only, so that a fill counts once (EXE-18). */
export const fillDoc = z.strictObject({
  fillId: id,
  orderId: id,
  bookId: id,
  positionId: z.string(),
  symbol,
  side,
  price,
  /** Base, before a fee in base (PF-20). */
  quantity: qty,
  /** Quote: as the venue counts it, or `price * quantity` (PF-20). */
  sizeQuote: money,
  /** What executed it (PF-35); absent in fills from before it was kept. */
  origin: fillOrigin.optional(),
  fee: qty,
  feeCurrency: z.string(),
  feeQuote: money,
  at: time,
});
export type FillDoc = z.infer<typeof fillDoc>;
