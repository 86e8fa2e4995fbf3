import type { EpochMs } from '../lib/time.ts';
import { formatDecimal, isUnit, type Money, type Price, type Qty } from '../lib/units.ts';
import type { RoundTrip } from '../portfolio/fill-effect.ts';
import type { BlockingReason } from '../strategy/blocking.ts';
import type { BacktestConfig } from './config.ts';

/** One round trip (PF-51) and how it went. */
export type BacktestTrade = RoundTrip & {
  /** Signal that opened it. */
  readonly entrySignalId: string;
  /** Signal that closed it; `null` for stops, targets and the end of the data. */
  readonly exitSignalId: string | null;
  /** Start of the bars that the first entry and the last exit were filled in. */
  readonly entryBarAt: EpochMs;
  readonly exitBarAt: EpochMs;
  /** Closed bars of its market from entry to exit. */
  readonly bars: number;
  /** Paid (positive) or received while it was open; part of `netPnl`. */
  readonly funding: Money;
  /** Every bar of it was watched. */
  readonly maePct: number;
  readonly mfePct: number;
};

/** What is still held at the end. */
export type OpenPosition = {
  readonly positionId: string;
  readonly strategyId: string;
  readonly marketKey: string;
  readonly side: 'LONG' | 'SHORT';
  readonly quantity: Qty;
  readonly averageEntry: Price;
  readonly lastPrice: Price;
  /** At the last price, before exit fees and less entry fees. */
  readonly unrealizedPnl: Money;
  readonly openedAt: EpochMs;
};

/** The book at one close; floats, for charts and ratios. */
export type CurvePoint = {
  readonly at: EpochMs;
  readonly equity: number;
  readonly cash: number;
  /** What is at stake in the market, as a share of equity. */
  readonly exposure: number;
  /** Fall from the highest equity so far, in percent of it. */
  readonly drawdownPct: number;
};

/** Equity at the last close of one UTC day. */
export type DailyClose = { readonly dayAt: EpochMs; readonly equity: number };

/** The deepest fall of equity, of every close and not only those of the curve. */
export type MaxDrawdown = {
  readonly pct: number;
  readonly amount: number;
  /** `null` while equity has never fallen. */
  readonly peakAt: EpochMs | null;
  readonly troughAt: EpochMs | null;
};

/** How often what happened. */
export type Counts = {
  readonly bars: number;
  /** Bars that a strategy judged. */
  readonly evaluations: number;
  readonly signals: number;
  readonly approved: number;
  readonly orders: number;
  readonly fills: number;
  /** Signals that the gate refused, by the first reason. */
  readonly rejections: Readonly<Partial<Record<BlockingReason, number>>>;
  /** Evaluations that led to no signal, by the first gate that failed. */
  readonly holds: Readonly<Partial<Record<BlockingReason, number>>>;
};

/** What a backtest came to (STR-93); what is worked out of it is in `statisticsOf`. */
export type BacktestResult = {
  readonly schemaVersion: 1;
  readonly sessionId: string;
  readonly strategyName: string;
  readonly symbols: readonly string[];
  readonly dataSessionId: string | null;
  /** Open of the first bar and close of the last. */
  readonly start: EpochMs;
  readonly end: EpochMs;
  readonly initialBalance: Money;
  /** Equity at the end: cash, positions and dust at the last prices. */
  readonly finalBalance: Money;
  readonly cash: Money;
  readonly totalPnl: Money;
  readonly totalReturnPct: number;
  /** All fees and funding of the run, in quote. */
  readonly fees: Money;
  readonly funding: Money;
  readonly maxDrawdown: MaxDrawdown;
  /** Share of the closes at which something was held, 0 to 1. */
  readonly timeInMarket: number;
  /** In the order of their exits. */
  readonly trades: readonly BacktestTrade[];
  readonly openPositions: readonly OpenPosition[];
  /** At most {@link MAX_CURVE_POINTS} closes, evenly spaced, and the last. */
  readonly curve: readonly CurvePoint[];
  readonly daily: readonly DailyClose[];
  readonly counts: Counts;
  readonly parameters: BacktestConfig;
  readonly codeVersion: string;
  readonly seed: number;
  readonly createdAt: EpochMs;
};

/** Most points of a curve, however long the data are. */
export const MAX_CURVE_POINTS = 2_000;

/** A result as JSON text: amounts are decimal text (ARC-21). Equal results are equal texts. */
export const resultJson = (result: BacktestResult): string =>
  JSON.stringify(result, (_, value: unknown) => (isUnit(value) ? formatDecimal(value) : value));
