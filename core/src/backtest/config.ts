import type { EpochMs } from '../lib/time.ts';
import { money, type Money } from '../lib/units.ts';
import type { ReversalPolicy } from '../order/gate-context.ts';
import type { SizingPlan } from '../portfolio/sizing.ts';
import type { ProtectionWish } from '../portfolio/trailing.ts';
import type { TranchePlan } from '../portfolio/tranches.ts';
import type { Limits } from '../risk/limits.ts';
import { SIM_DEFAULTS, type Slippage } from '../simulation/state.ts';

/** What an entry commits where its strategy names no amount. */
export type PositionSize =
  | { readonly kind: 'quote'; readonly amount: Money }
  /** Share of the free cash when the order is judged, its taker fee included: 100 = all of it. */
  | { readonly kind: 'cash'; readonly pct: number };

/** One strategy or bot document, on one or more markets. */
export type BacktestStrategy = {
  /** Id of the document, or any name: signals carry it. */
  readonly strategyId: string;
  /** Which logic, with which parameters: JSON, parsed by the strategy's own schema. */
  readonly strategy: { readonly id: string; readonly params: unknown };
  readonly marketKeys: readonly string[];
  readonly positionSize: PositionSize;
  /** Distances of stop and target; `null` = none but what the strategy names. */
  readonly protection: ProtectionWish | null;
  /** Positions that it may hold at once. */
  readonly maxPositions: number;
  /** Left out = what it holds is not added to. */
  readonly tranches?: TranchePlan | undefined;
  /** Left out = sized as it asks; with it, its markets have to have bars of a minute. */
  readonly sizing?: SizingPlan | undefined;
  /** What an entry against its own position comes to; left out = `flatten`. */
  readonly reversal?: ReversalPolicy | undefined;
};

/** What the venue charges. Rates: 0.001 = 0.1 %. */
export type BacktestFees = {
  readonly maker: number;
  readonly taker: number;
  /** `received`: in base of what is bought, in quote of what is sold, as spot venues do; `quote`: always in quote. */
  readonly takenIn: 'received' | 'quote';
};

/** Funding of one perpetual: at each time what a long pays of its value; a negative rate pays the long. */
export type FundingRates = {
  /** Epoch milliseconds, oldest first. */
  readonly at: readonly number[];
  /** 0.0001 = 0.01 %. */
  readonly rate: readonly number[];
};

/** How an order of one bar becomes a fill. */
export type FillRules = {
  /** `nextOpen`: at the open of the next bar; `nextTick`: at the next trade once the latency is over (STR-94). */
  readonly market: 'nextOpen' | 'nextTick';
  /** When an order is sized and judged: at the close that was decided on, or at the price that it fills at. */
  readonly judged: 'atClose' | 'atFill';
  /** What is still open at the end: valued at the last price, or sold at it. */
  readonly atEnd: 'keep' | 'close';
  /** Entries have a worst price, as those of a desk have (EXE-12). */
  readonly priceGuard: boolean;
};

/** All that a backtest depends on besides its data: equal inputs give an equal result, byte by byte (STR-95). */
export type BacktestConfig = {
  readonly sessionId: string;
  readonly bookId: string;
  readonly strategies: readonly BacktestStrategy[];
  readonly initialBalance: Money;
  readonly limits: Limits;
  readonly fees: BacktestFees;
  readonly slippage: Slippage;
  /** Percent of the last minute's volume that one fill may take; `null` = any size. */
  readonly participationPct: number | null;
  readonly latencyMs: { readonly min: number; readonly max: number };
  /** By market key; a market that is not among them pays none. */
  readonly funding: Readonly<Record<string, FundingRates>>;
  readonly fills: FillRules;
  /** Bars that close until then only warm up; `null` = all are decided on. */
  readonly decideFrom: EpochMs | null;
  readonly seed: number;
  readonly codeVersion: string;
  /** Recording that the data come from; `null` for other files. */
  readonly dataSessionId: string | null;
  /** When it was asked for, wall clock; data like all else, so that it does not spoil the comparison. */
  readonly createdAt: EpochMs;
};

/** The paper venue's costs, decided at the close and filled at the next tick. */
export const BACKTEST_DEFAULTS = {
  fees: { ...SIM_DEFAULTS.fees, takenIn: 'received' },
  slippage: SIM_DEFAULTS.slippage,
  participationPct: SIM_DEFAULTS.participationPct,
  latencyMs: SIM_DEFAULTS.latencyMs,
  funding: {},
  fills: { market: 'nextTick', judged: 'atClose', atEnd: 'keep', priceGuard: true },
  decideFrom: null,
} as const satisfies Partial<BacktestConfig>;

/**
 * Conventions of the plain bar backtesters: decided at the close, filled at the next open without any slippage, sized
 * at that price, 0.1 % a side in quote.
 */
export const NEXT_OPEN = {
  ...BACKTEST_DEFAULTS,
  fees: { maker: 0.001, taker: 0.001, takenIn: 'quote' },
  slippage: { spreadPct: 0, fixedPct: 0, impactPct: 0, maxImpactRatio: 0 },
  participationPct: null,
  latencyMs: { min: 0, max: 0 },
  fills: { market: 'nextOpen', judged: 'atFill', atEnd: 'close', priceGuard: false },
} as const satisfies Partial<BacktestConfig>;

/** A gate that lets all pass: where the strategy alone is looked at, and not the book it would run in. */
export const NO_LIMITS: Limits = {
  maxPositionQuote: money('1000000000000000'),
  maxOpenPositions: 1_000,
  maxConcentrationPct: 100,
  dailyLossPct: 100,
  dailyLossQuote: null,
  ignoreDailyLoss: true,
  maxDrawdownPct: 100,
  maxRiskPct: null,
  maxVolatility: null,
  minSharpe: null,
  maxMarginPct: null,
  defaultLeverage: 1,
  maxLeverage: 200,
  cryptoPct: null,
  stocksPct: null,
  optionsPct: null,
  sectorPct: null,
  unknownSectorPct: null,
  symbolPct: null,
  symbolCooldownMinutes: 0,
  symbolTradesPerHour: null,
  countSides: 'entries',
  tradesPerDay: null,
  blockPatterns: false,
  minHealth: null,
  ladder: null,
  marketChecks: 'warn',
  strategyOrdersPerMinute: 1_000,
  ordersPerMinute: 1_000,
  maxSlippagePct: 100,
  minConfidence: null,
  assumedFeePct: 0.1,
  balanceBufferPct: 0,
};
