import { BLOCKING_REASONS } from '@tradewind/core/strategy/blocking';
import * as z from 'zod';
import { id, marketKey, money, price, qty, symbol, time } from '../wire.ts';

const reason = z.enum(BLOCKING_REASONS);
const scalar = z.union([z.number(), z.string(), z.boolean(), z.null()]);
const values = z.record(z.string(), z.number());

/** A condition that was looked at (STR-04). */
const gateRecord = z.strictObject({
  gate: z.string(),
  reason,
  input: scalar,
  comparison: z.enum(['>=', '>', '<=', '<', 'is']),
  threshold: scalar,
  passes: z.boolean(),
});

/** What the ledger knew of the strategy on a bar; market time. */
const factsRecord = z.strictObject({
  position: z
    .strictObject({
      side: z.enum(['LONG', 'SHORT']),
      quantity: qty,
      averageEntry: price,
      openedAt: time,
      lastFillAt: time,
    })
    .nullable(),
  pendingOrder: z.boolean(),
  lastFill: z.strictObject({ at: time, side: z.enum(['BUY', 'SELL']), price }).nullable(),
  availableQuote: money,
  entryBlock: z.strictObject({ reason, detail: z.string() }).nullable(),
  stale: z.boolean(),
  dataQuality: z.number(),
  warmup: z.boolean(),
});

/** What the strategy was told besides bars. */
const toldRecord = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('order'),
    update: z.strictObject({
      intentId: id,
      action: z.enum(['ENTER', 'ADD', 'REDUCE', 'EXIT']),
      status: z.enum([
        'approved',
        'refused',
        'partial',
        'filled',
        'cancelled',
        'rejected',
        'expired',
      ]),
      reason: z.string().nullable(),
    }),
  }),
  z.strictObject({
    kind: z.literal('position'),
    update: z.strictObject({
      status: z.enum(['opened', 'changed', 'closed']),
      isExternal: z.boolean(),
    }),
  }),
  z.strictObject({ kind: z.literal('pause'), reason: z.string() }),
  z.strictObject({ kind: z.literal('resume') }),
]);

/** Which code decided by which settings: all that an engine is made of. */
const makingRecord = z.strictObject({
  /** Id and version of the strategy's code. */
  strategy: z.string(),
  version: z.string(),
  params: z.record(z.string(), z.json()),
  positionSizeQuote: money,
  tickSize: z.number(),
  lotSize: z.number(),
  /** Version of the bot's or strategy's document. */
  document: z.int().nonnegative(),
  /** Version of this desk's code. */
  code: z.string(),
});

/** A move between the strategy's own states (STR-34). */
const movedRecord = z.strictObject({
  at: time,
  from: z.string(),
  to: z.string(),
  cause: z.string(),
  detail: z.string().nullable(),
  confidence: z.number().nullable(),
  indicatorValues: values,
  actionTaken: z.enum(['ORDER_CREATED', 'POSITION_CLOSED', 'SIGNAL_CANCELLED', 'NO_ACTION']),
});

/**
 * One bar as it was judged. Of the fields that may be left out, `facts`, `made` and `gates` are then as in the
 * entry before it, `state` is what that entry left, and the others are empty.
 */
export const evaluationEntry = z.strictObject({
  /** Close of the bar, market time. */
  at: time,
  /** When it was judged, market time. */
  now: time,
  /** When that was stored, wall clock. */
  savedAt: time,
  close: z.number(),
  /** One-minute bars that were fed since the entry before: this bar and, of longer ones, what it is made of. */
  fed: z.int().positive(),
  /** Fingerprint of them (`core/src/engine/recorded.ts`). */
  bars: z.string(),
  /** Values of windows over trades. */
  windows: z.record(z.string(), z.number().nullable()).optional(),
  /** What was told after the bar before and before this one, in order. */
  told: z.array(toldRecord).optional(),
  facts: factsRecord.optional(),
  made: makingRecord.optional(),
  /** The engine's state before `told`, as `stored` writes it. */
  state: z.string().optional(),
  action: z.enum(['ENTER', 'ADD', 'REDUCE', 'EXIT', 'CANCEL', 'HOLD']),
  signalId: id.nullable(),
  /** False where a signal was decided on and did not leave, since it came too late or was the second. */
  sent: z.boolean(),
  /** The first gate that failed, and what that is called. */
  failing: z.string().nullable(),
  reason: reason.nullable(),
  /** Fingerprint of all gates with their inputs. */
  verdict: z.string(),
  /** Written when the action, or the set of gates that fail, is another than before. */
  gates: z.array(gateRecord).optional(),
  /** For people, such as a score and its parts (STR-12). */
  view: z.record(z.string(), scalar).nullable(),
  moved: z.array(movedRecord).optional(),
  /** What the strategy threw, or was wrong with its answer. */
  fault: z.string().optional(),
});
export type EvaluationEntry = z.infer<typeof evaluationEntry>;

/** Sixty bars, and those of an hour that were judged once more since the settings had changed. */
export const MAX_ENTRIES = 300;

/**
 * `books/{b}/evaluations/{strategyId__marketKey__yyyymmddhh}`: how each bar of an hour was judged, in order, with
 * all that another run needs to come to the same (docs/adr/0034). A bar belongs to the hour that it opened in.
 */
export const evaluationsDoc = z.strictObject({
  bookId: id,
  strategyId: id,
  marketKey,
  symbol,
  hourAt: time,
  entries: z.array(evaluationEntry).min(1).max(MAX_ENTRIES),
  /** Fingerprint of the state that the last entry left: the next needs to tell its own only if it is another. */
  left: z.string(),
  /** Entries that were left out of the front, since there were too many. */
  dropped: z.int().nonnegative(),
  /** The gates of the last entry, with their inputs. */
  latest: z.array(gateRecord),
  updatedAt: time,
  /** When Firestore may delete it, wall clock. */
  expiresAt: time,
});
export type EvaluationsDoc = z.infer<typeof evaluationsDoc>;

/** How long evaluations stay after their last write: 30 days, as long as the candles that they refer to. */
export const EVALUATIONS_KEPT_MS = 30 * 86_400_000;
