import { limitFaults } from '@tradewind/core/risk/limit-rules';
import type { Limits, Mode } from '@tradewind/core/risk/limits';
import * as z from 'zod';
import { id, money, percent, price, symbol, time } from '../wire.ts';

const mode = z.enum(['paper', 'small', 'full']);
const share = percent(0.1, 100);

/** Every limit with its range (RSK-120); rules between them, and what only a paper book may have, are `limitsFor`'s. */
const limitFields = z.strictObject({
  maxPositionQuote: money.refine((amount) => amount > 0n, { error: 'must be above 0' }),
  maxOpenPositions: z.int().min(1).max(25),
  maxConcentrationPct: share,
  dailyLossPct: percent(0.1, 50),
  dailyLossQuote: money.refine((amount) => amount > 0n, { error: 'must be above 0' }).nullable(),
  ignoreDailyLoss: z.boolean(),
  maxDrawdownPct: percent(0.1, 90),
  maxRiskPct: share.nullable(),
  maxVolatility: z.number().positive().max(1).nullable(),
  minSharpe: z.number().min(-5).max(10).nullable(),
  maxMarginPct: share.nullable(),
  defaultLeverage: z.int().min(1).max(200),
  maxLeverage: z.int().min(1).max(200),
  cryptoPct: z
    .strictObject({ emergency: share, learning: share, stable: share, profitable: share })
    .nullable(),
  stocksPct: share.nullable(),
  optionsPct: share.nullable(),
  sectorPct: share.nullable(),
  unknownSectorPct: share.nullable(),
  symbolPct: share.nullable(),
  symbolCooldownMinutes: z.number().min(0).max(1_440),
  symbolTradesPerHour: z.int().min(1).max(60).nullable(),
  countSides: z.enum(['entries', 'all']),
  tradesPerDay: z.int().min(1).max(10_000).nullable(),
  blockPatterns: z.boolean(),
  strategyOrdersPerMinute: z.int().min(1).max(100),
  ordersPerMinute: z.int().min(1).max(100),
  maxSlippagePct: percent(0.01, 10),
  minConfidence: z.number().min(0).max(1).nullable(),
  minHealth: z.number().min(0).max(100).nullable(),
  ladder: z
    .strictObject({
      alertPct: percent(0.01, 50),
      warningPct: percent(0.01, 50),
      criticalPct: percent(0.01, 50),
    })
    .nullable(),
  marketChecks: z.enum(['warn', 'block']),
  assumedFeePct: percent(0, 5),
  balanceBufferPct: percent(0, 20),
});

const refineBy =
  (of: Mode) =>
  (limits: Limits, context: z.RefinementCtx): void => {
    for (const { field, fault } of limitFaults(limits, of))
      context.addIssue({ code: 'custom', path: [field], message: fault, input: limits });
  };

/** The limits of a book of one mode, with the rules between them (RSK-03, RSK-120). */
export const limitsFor = (of: Mode) => limitFields.superRefine(refineBy(of));

/** Some limits to change. */
export const limitChanges = limitFields.partial();

/**
 * `books/{b}/risk/limits`: limits that an admin set; a book without one has its mode's. What is looser holds from
 * `effectiveAt` on (RSK-01); wall times.
 */
export const limitsDoc = z
  .strictObject({
    bookId: id,
    mode,
    limits: limitFields,
    pending: z.strictObject({ limits: limitFields, effectiveAt: time }).nullable(),
    setBy: z.string(),
    reason: z.string(),
    updatedAt: time,
    version: z.int().positive(),
  })
  .superRefine((doc, context) => {
    refineBy(doc.mode)(doc.limits, context);
    if (doc.pending !== null) refineBy(doc.mode)(doc.pending.limits, context);
  });
export type LimitsDoc = z.infer<typeof limitsDoc>;

const side = z.enum(['BUY', 'SELL']);

/** What the gate remembers of a symbol (RSK-62); market times. */
export const symbolHistoryRecord = z.strictObject({
  lastFillAt: time,
  lastSide: side,
  fills: z.array(z.strictObject({ at: time, side })).max(20),
  losses: z.int().nonnegative(),
  blockedUntil: time.nullable(),
  blockedFor: z.string().nullable(),
});

/** What the gate remembers of a strategy (RSK-65, RSK-66, RSK-100); market times. */
export const traderHistoryRecord = z.strictObject({
  failures: z.int().nonnegative(),
  slippages: z.array(z.number()).max(10),
  days: z
    .array(
      z.strictObject({
        dayAt: time,
        orders: z.int().nonnegative(),
        windows: z.int().nonnegative(),
      }),
    )
    .max(8),
  windowAt: time.nullable(),
  windowOrders: z.int().nonnegative(),
  disabled: z
    .strictObject({
      at: time,
      reason: z.enum(['order_failures', 'signal_storm', 'order_rate', 'slippage']),
      detail: z.string(),
    })
    .nullable(),
});

export const ladderLevel = z.enum(['none', 'alert', 'warning', 'critical', 'breaker']);

/** `books/{b}/budgets/{strategyId}`: what an admin allots to a strategy (RSK-55). */
export const budgetDoc = z.strictObject({
  bookId: id,
  strategyId: id,
  allocated: money,
  /** As it was last reckoned from positions and working entries (RSK-57). */
  used: money,
  usedAt: time,
  setBy: z.string(),
  updatedAt: time,
});
export type BudgetDoc = z.infer<typeof budgetDoc>;

const healthTerms = z.strictObject({
  dailyLoss: z.number(),
  openLoss: z.number(),
  margin: z.number(),
  correlation: z.number(),
  breadth: z.number(),
});

/** `books/{b}/risk/health`: the last look at what is held (PF-63), and what the monitors remember; wall times. */
export const healthDoc = z.strictObject({
  bookId: id,
  at: time,
  totalPositions: z.int().nonnegative(),
  totalUnrealizedPnl: money.nullable(),
  healthScore: z.number().min(0).max(100),
  terms: healthTerms,
  leaderCorrelationAvg: z.number().nullable(),
  dailyDrawdownPct: z.number().nullable(),
  actionTaken: z.enum(['none', 'stopEntries', 'tighten', 'closeWorst']),
  /** Share of gross exposure that follows a leader; `null` = not known. */
  correlatedShare: z.number().nullable(),
  stopped: z.boolean(),
  goodSince: time.nullable(),
  closedAt: time.nullable(),
  /** When a leader's dump was last acted on, by leader (PF-75). */
  leaderActedAt: z.record(z.string(), time),
  maxAgeMs: z.int().positive(),
});
export type HealthDoc = z.infer<typeof healthDoc>;

const marginRecord = z.strictObject({
  symbol,
  side: z.enum(['LONG', 'SHORT']),
  /** 1 = fresh, 0 = liquidation; `null` = not known. */
  health: z.number().nullable(),
  /** What it asked for; `lowSince` and `reduced` are what the monitor remembers. */
  action: z.enum(['none', 'notice', 'warn', 'reduce', 'close']),
  lowSince: time.nullable(),
  reduced: z.boolean(),
  markPrice: price,
  /** `null`: the venue names none. */
  liquidationPrice: price.nullable(),
  margin: money,
  maintenanceMargin: money,
  unrealizedPnl: money,
});

/** Names what is held of one future in `marginDoc`: the venue has one position a symbol and side. */
export const marginKey = ({ symbol, side }: Readonly<Record<'symbol' | 'side', string>>): string =>
  `${symbol}__${side}`;

/**
 * `books/{b}/risk/margin`: what the venue last said of each future that the book holds, by `symbol__side`, and what
 * the monitor made of it (RSK-103); wall times. The figures are of all that the account holds of it.
 */
export const marginDoc = z.strictObject({
  bookId: id,
  at: time,
  positions: z.record(z.string(), marginRecord),
  maxAgeMs: z.int().positive(),
});
export type MarginDoc = z.infer<typeof marginDoc>;

/** `books/{b}/risk/integrity`: what the last check of a book's whole ledger found (PF-34, PF-35, EXE-64). */
export const integrityDoc = z.strictObject({
  bookId: id,
  /** Wall time. */
  at: time,
  /** Fills by what executed them; `unmarked`: from before it was kept. */
  origins: z.strictObject({
    live: z.int().nonnegative(),
    paper: z.int().nonnegative(),
    recorded: z.int().nonnegative(),
    synthetic: z.int().nonnegative(),
    unmarked: z.int().nonnegative(),
  }),
  /** Orders that the venue has not confirmed, which are in no total. */
  unverified: z.strictObject({ count: z.int().nonnegative(), quote: money }),
  /** Records that contradict each other, and the first of them in words. */
  faults: z.int().nonnegative(),
  firstFault: z.string().nullable(),
  maxAgeMs: z.int().positive(),
});
export type IntegrityDoc = z.infer<typeof integrityDoc>;

/** `config/gates`: the last result of the go / no-go gates (11, section 12); what is not there has not passed. */
export const gateResultDoc = z.strictObject({
  at: time,
  /** Code that was judged. */
  version: z.string(),
  gates: z.record(z.string(), z.boolean()),
  /** What was shown of each, and by whom; absent in documents from before it was kept. */
  evidence: z
    .record(
      z.string(),
      z.strictObject({
        passed: z.boolean(),
        version: z.string(),
        at: time,
        text: z.string().min(1).max(500),
        by: z.string(),
      }),
    )
    .default({}),
});
export type GateResultDoc = z.infer<typeof gateResultDoc>;
