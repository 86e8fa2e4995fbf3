import { ZERO_QTY } from '@tradewind/core/lib/units';
import { LATENCIES_KEPT } from '@tradewind/core/order/submit-latency';
import { CLOSE_REASONS } from '@tradewind/core/order/intent';
import { ACCOUNTS } from '@tradewind/core/portfolio/accounts';
import * as z from 'zod';
import { id, marketKey, money, price, qty, symbol, time } from '../wire.ts';
import { analysisRecord } from './analysis.ts';
import { origin } from './market.ts';
import { dumpExit, holdLimits } from './protection.ts';
import { ladderLevel, symbolHistoryRecord, traderHistoryRecord } from './risk.ts';

export const mode = z.enum(['paper', 'small', 'full']);

/** Open remainder of closed positions that is too small to sell; it still counts in P&L. */
export const dustRecord = z.strictObject({
  quantity: qty,
  cost: money,
  entryFees: money,
});

export const targetRange = z
  .strictObject({
    leastPct: z.number().min(-100).max(1_000),
    mostPct: z.number().min(-100).max(1_000),
  })
  .refine(({ leastPct, mostPct }) => leastPct <= mostPct, {
    error: 'the least is at most the most',
  });

/** `books/{b}`: one accounting container: mode, venue account, quote currency (ARC-31). */
export const bookDoc = z.strictObject({
  bookId: id,
  name: z.string().min(1).max(60),
  mode,
  venue: z.string(),
  /** Which of the venue's accounts it trades: each has a wallet of its own (docs/adr/0050); absent = spot. */
  market: z.enum(['spot', 'futures']).optional(),
  quote: z.string(),
  status: z.enum(['RUNNING', 'PAUSED', 'STOPPED', 'ERROR']),
  origin,
  /** Quote currency that the book began with. */
  initialBalance: money,
  /** Deposits less withdrawals since then (PF-38); absent = none. */
  netDeposits: money.optional(),
  /** Free and committed quote currency, from confirmed fills. */
  cash: money,
  realizedPnl: money,
  fees: money,
  roundTrips: z.int().nonnegative(),
  winningTrades: z.int().nonnegative(),
  /** By market key. */
  dust: z.record(z.string(), dustRecord),
  /** Entries at the market are held to the largest slippage of the limits (EXE-12); absent = they are. */
  priceGuard: z.boolean().optional(),
  /** `strict`: the integrity check takes more than twice the deposits spent for a fault (PF-37). */
  depositRatioMode: z.enum(['trigger', 'strict']).optional(),
  /** Range of a month's return that a person plans with, percent: what reports compare with and nothing pursues (PF-93). */
  target: targetRange.nullable().optional(),
  /**
   * Its figures hold something that is no real money: they stand still as they were, and nothing is entered, until a
   * check of the ledger finds none of it any more (PF-35). `null` or absent = they do not.
   */
  frozen: z.strictObject({ at: time, reason: z.string() }).nullable().optional(),
  createdAt: time,
  updatedAt: time,
});
export type BookDoc = z.infer<typeof bookDoc>;

/** The market that a book trades: spot, or linear perpetuals with margin. */
export const bookMarket = ({ market }: Pick<BookDoc, 'market'>): 'spot' | 'futures' =>
  market ?? 'spot';

/** Whether a market key names a market that the book trades. */
export const isOfBook = (book: Pick<BookDoc, 'venue' | 'market'>, marketKey: string): boolean =>
  marketKey.startsWith(`${book.venue}_${bookMarket(book)}_`);

/**
 * Names a book's account in breakers: a venue answers for its spot and its futures from different hosts, so that
 * trouble of one says nothing of the other.
 */
export const accountName = (book: Pick<BookDoc, 'venue' | 'market'>): string =>
  bookMarket(book) === 'spot' ? book.venue : `${book.venue}_futures`;

/** `books/{b}/risk/state`: what the gate decides on, changed only in its transactions and by safety commands. */
export const riskStateDoc = z.strictObject({
  executionEnabled: z.boolean(),
  emergencyStop: z.boolean(),
  emergencyStopAt: time.nullable(),
  emergencyStopBy: z.string().nullable(),
  lastResetAt: time.nullable(),
  /** What the emergency stop asks for; `null` or absent while there is none. */
  emergency: z
    .strictObject({
      /** Positions are closed too. */
      flatten: z.boolean(),
      /** Wall time at which all of it was done; `null`: the guardian goes on with it. */
      doneAt: time.nullable(),
    })
    .nullish(),
  /** 00:00 UTC of the day that `openingEquity` belongs to, market clock. */
  dayAt: time,
  openingEquity: money,
  peakEquity: money,
  equity: money,
  /** Market time of the valuation. */
  equityAt: time,
  /** Market times of approvals within the last minute, oldest first (RSK-25). */
  recentOrders: z.array(z.strictObject({ strategyId: z.string(), at: time })).max(200),
  /** Opening fills and approvals within the last hour by symbol (RSK-24). */
  symbolEntries: z.record(z.string(), z.array(time)),
  tradesToday: z.int().nonnegative(),
  /** How the comparison with the venue stands (EXE-53, EXE-60); absent where none was made yet. */
  reconciliation: z
    .strictObject({
      /** Wall time of the last pass that compared everything. */
      at: time.nullable(),
      /** Passes that failed since. Three block entries, five are critical (EXE-53). */
      failures: z.int().nonnegative(),
      /** Critical differences that are not resolved: entries stay off while there is one (EXE-60). */
      criticals: z.int().nonnegative(),
      /** A worker is starting and has not compared yet: no entries (EXE-60). */
      recovering: z.boolean(),
    })
    .optional(),
  /** By symbol (RSK-62), by strategy (RSK-66), and how far the day's loss was announced (RSK-82). */
  symbols: z.record(z.string(), symbolHistoryRecord).default({}),
  traders: z.record(z.string(), traderHistoryRecord).default({}),
  /** What the last submissions took, oldest first; wall milliseconds from the request to the venue's answer (EXE-31). */
  submitMs: z.array(z.int().nonnegative()).max(LATENCIES_KEPT).optional(),
  ladder: ladderLevel.default('none'),
  healthStop: z.boolean().default(false),
  /** Phase of smart allocation in force (RSK-72); `null` before its first evaluation. */
  cryptoPhase: z
    .strictObject({
      phase: z.enum(['emergency', 'learning', 'stable', 'profitable']),
      bolderSince: time.nullable(),
    })
    .nullable()
    .default(null),
  updatedAt: time,
});
export type RiskStateDoc = z.infer<typeof riskStateDoc>;

export const protectionRecord = z.strictObject({
  stopLossPct: z.number().positive().max(50),
  takeProfitPct: z.number().positive().max(200),
  trailingStopPct: z.number().positive().max(50).nullable(),
  highest: price,
  /** Absent in documents from before they were kept. */
  worst: price.optional(),
  initialStop: price.optional(),
  stopLoss: price,
  takeProfit: price,
  trailingStop: price.nullable(),
  /** Absent in documents from before strategies could name levels. */
  targetAt: price.nullable().default(null),
  hold: holdLimits.optional(),
  dumpExit: dumpExit.optional(),
  tightened: z.literal(true).optional(),
});

export const closeReason = z.enum(CLOSE_REASONS);

/** The protective stop of a position at its venue (PF-46). */
export const venueStopRecord = z.strictObject({
  /** Our id of the stop that rests there or is on its way; `null` = none. */
  venueStopOrderId: id.nullable(),
  /** Of that stop, or of the one before it. */
  stopPrice: price.nullable(),
  quantity: qty,
  /** How many stops the position has had: part of the next one's id. */
  generation: z.int().nonnegative(),
});
export type VenueStopRecord = z.infer<typeof venueStopRecord>;

/** A position that never had a stop at its venue. */
export const NO_VENUE_STOP: VenueStopRecord = {
  venueStopOrderId: null,
  stopPrice: null,
  quantity: ZERO_QTY,
  generation: 0,
};

/** One group of entry fills inside a position (PF-11). */
const trancheRecord = z.strictObject({
  n: z.int().positive(),
  orderIds: z.array(id).readonly(),
  quantity: qty,
  price,
  quote: money,
  fee: money,
  filledAt: time,
  remaining: qty,
});

/** `books/{b}/positions/{id}` (06, section 1). */
export const positionDoc = z.strictObject({
  positionId: id,
  bookId: id,
  strategyId: id,
  marketKey,
  symbol,
  side: z.enum(['LONG', 'SHORT']),
  /** What a future was opened with; absent = 1. */
  leverage: z.int().min(1).max(200).optional(),
  status: z.enum(['BUILDING', 'OPEN', 'REDUCING', 'CLOSING_UNCONFIRMED', 'CLOSED']),
  quantity: qty,
  cost: money,
  entryFees: money,
  averageEntry: price,
  realizedPnl: money,
  fees: money,
  protection: protectionRecord,
  /** Absent in documents from before there were any. */
  stop: venueStopRecord.default(NO_VENUE_STOP),
  openedAt: time,
  lastFillAt: time,
  closeIntentId: z.string().nullable(),
  closeReason: closeReason.nullable(),
  closedAt: time.nullable(),
  exitPrice: price.nullable(),
  exitedQuantity: qty,
  exitedQuote: money,
  /** One for each entry order that has filled; absent in documents from before it was kept. */
  tranches: z.array(trancheRecord).max(20).readonly().optional(),
  /** Fills beside the prices that they were decided on; absent in documents from before it was kept. */
  decided: z.strictObject({ entered: money, entries: money, exits: money }).nullable().optional(),
  entrySignalId: z.string().nullable(),
  updatedAt: time,
  version: z.int().nonnegative(),
});
export type PositionDoc = z.infer<typeof positionDoc>;

/** `books/{b}/trades/{positionId}`: one round trip, written when its position closes (PF-51). */
export const tradeDoc = z.strictObject({
  tradeId: id,
  bookId: id,
  strategyId: id,
  marketKey,
  symbol,
  side: z.enum(['LONG', 'SHORT']),
  entryPrice: price,
  exitPrice: price,
  quantity: qty,
  fees: money,
  netPnl: money,
  netPnlPct: z.number(),
  holdMs: z.int().nonnegative(),
  exitReason: closeReason,
  outcome: z.enum(['profitable', 'loss', 'flat']),
  openedAt: time,
  closedAt: time,
  /** How good it was (`TradeQuality`): `null` where it is not known, as of trades from before it was kept. */
  initialStop: price.nullable().default(null),
  rMultiple: z.number().nullable().default(null),
  maePct: z.number().max(0).nullable().default(null),
  mfePct: z.number().min(0).nullable().default(null),
  slippageInPct: z.number().nullable().default(null),
  slippageOutPct: z.number().nullable().default(null),
  efficiency: z.number().min(0).max(100).nullable().default(null),
  /** Its first entry and its last exit, each before and after (PF-17); absent where it was not kept. */
  analysis: z
    .strictObject({ entry: analysisRecord.nullable(), exit: analysisRecord.nullable() })
    .optional(),
});
export type TradeDoc = z.infer<typeof tradeDoc>;

/** `books/{b}/ledger/{id}`: what one event moved; the postings of an entry add up to zero. */
export const ledgerDoc = z.strictObject({
  entryId: id,
  bookId: id,
  /** The order that was filled; `null` for what no order caused. */
  orderId: id.nullable(),
  kind: z.enum(['fill', 'funding', 'insurance', 'deposit', 'withdrawal', 'correction']),
  /** Signed quote amounts by account (docs/reconciliation.md). */
  postings: z.array(z.strictObject({ account: z.enum(ACCOUNTS), amount: money })).min(2),
  /** What caused it, for people: a venue's transfer, a reconciliation; absent for fills. */
  cause: z.string().optional(),
  at: time,
});
export type LedgerDoc = z.infer<typeof ledgerDoc>;

/** `books/{b}/equity/{ts}`: one point of the equity curve. */
export const equityDoc = z.strictObject({
  at: time,
  equity: money,
  cash: money,
  unrealizedPnl: money,
  realizedPnl: money,
});
export type EquityDoc = z.infer<typeof equityDoc>;
