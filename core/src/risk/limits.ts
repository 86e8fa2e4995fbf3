import { money, type Money } from '../lib/units.ts';

/** `paper` trades with simulated money; `small` and `full` are live (04, section 2). */
export type Mode = 'paper' | 'small' | 'full';

/** Loss of a day in percent of its opening equity at which something happens (04, section 10); the last is the daily loss limit. */
export type LadderLimits = {
  readonly alertPct: number;
  /** New sizes are halved. */
  readonly warningPct: number;
  /** No new entries, stops are tightened. */
  readonly criticalPct: number;
};

/** Share of equity that all positions in crypto may have together, by phase (RSK-71). */
export type CryptoShares = {
  readonly emergency: number;
  readonly learning: number;
  readonly stable: number;
  readonly profitable: number;
};

/**
 * Limits of one book. Percent fields are percent (5 = 5 %, ARC-23). `null` = no limit, which only paper books and
 * backtests may have (RSK-03).
 */
export type Limits = {
  /** RSK-10. */
  readonly maxPositionQuote: Money;
  /** RSK-11. */
  readonly maxOpenPositions: number;
  /** RSK-12, of equity. */
  readonly maxConcentrationPct: number;
  /** RSK-13, of the day's opening equity. */
  readonly dailyLossPct: number;
  /** RSK-13 as an amount; the smaller of the two holds. `null` = percent only. */
  readonly dailyLossQuote: Money | null;
  /** For paper books alone (RSK-03): no loss of a day stops anything. */
  readonly ignoreDailyLoss: boolean;
  /** RSK-14, from peak equity. */
  readonly maxDrawdownPct: number;
  /** RSK-15: what all stops together may lose, of equity. */
  readonly maxRiskPct: number | null;
  /** RSK-16: of a market's last hour, 0.5 = a daily move of 50 % (IND-20). */
  readonly maxVolatility: number | null;
  /** RSK-17, of a strategy with 30 round trips or more. */
  readonly minSharpe: number | null;
  /** RSK-18: used and new margin, of equity. */
  readonly maxMarginPct: number | null;
  /** RSK-19: what a position is opened with where its strategy says nothing, and the most that it may say. */
  readonly defaultLeverage: number;
  readonly maxLeverage: number;
  /** RSK-20, of equity; `null` = crypto is not limited by phase. */
  readonly cryptoPct: CryptoShares | null;
  readonly stocksPct: number | null;
  readonly optionsPct: number | null;
  /** RSK-21, of equity. */
  readonly sectorPct: number | null;
  /** RSK-75: the same for all whose sector is not known. */
  readonly unknownSectorPct: number | null;
  /** RSK-22, of equity, over all strategies. */
  readonly symbolPct: number | null;
  /** RSK-23: minutes without an entry after a fill of the symbol. */
  readonly symbolCooldownMinutes: number;
  /** RSK-24: opening fills of a symbol within an hour. */
  readonly symbolTradesPerHour: number | null;
  /** RSK-24: whether exits count as well; they are never blocked. */
  readonly countSides: 'entries' | 'all';
  /** RSK-29: entries of a UTC day. */
  readonly tradesPerDay: number | null;
  /** RSK-63: whether alternating fills block their symbol. */
  readonly blockPatterns: boolean;
  /** RSK-26, within any 60 s. */
  readonly strategyOrdersPerMinute: number;
  /** RSK-25, within any 60 s, over all strategies of the book. */
  readonly ordersPerMinute: number;
  /** RSK-28: largest adverse move from the price that the signal was decided at, and largest expected slippage (RSK-100). */
  readonly maxSlippagePct: number;
  /** RSK-30; `null` leaves the floor to the bot's own setting (STR-23). */
  readonly minConfidence: number | null;
  /** PF-60: no entries below it; `null` = health is not looked at. */
  readonly minHealth: number | null;
  /** 04, section 10; `null` where no loss of a day stops anything. */
  readonly ladder: LadderLimits | null;
  /** What checks of volatility, margin and expected slippage do when they block, or know nothing (RSK-45, 47). */
  readonly marketChecks: 'warn' | 'block';
  /** Fee that a purchase is assumed to cost when free balance is checked. */
  readonly assumedFeePct: number;
  /** Share of a purchase that must stay free beyond its cost and fee (04, section 6, step 13). */
  readonly balanceBufferPct: number;
};

/** The same in every mode. */
const COMMON = {
  ignoreDailyLoss: false,
  maxRiskPct: 10,
  maxVolatility: 0.5,
  minSharpe: 1,
  maxMarginPct: 80,
  cryptoPct: { emergency: 20, learning: 25, stable: 40, profitable: 60 },
  stocksPct: 50,
  optionsPct: 30,
  sectorPct: 40,
  symbolCooldownMinutes: 5,
  symbolTradesPerHour: 2,
  countSides: 'entries',
  tradesPerDay: 50,
  blockPatterns: true,
  strategyOrdersPerMinute: 10,
  ordersPerMinute: 100,
  maxSlippagePct: 0.5,
  minHealth: 70,
  assumedFeePct: 0.1,
  balanceBufferPct: 1,
} as const;

/** What `paper` and `full` share: a book of an account's size. */
const WHOLE = {
  maxPositionQuote: money('1000'),
  maxOpenPositions: 3,
  maxConcentrationPct: 5,
  dailyLossPct: 5,
  dailyLossQuote: null,
  maxDrawdownPct: 15,
  defaultLeverage: 3,
  maxLeverage: 20,
  symbolPct: 15,
  unknownSectorPct: 15,
  ladder: { alertPct: 2, warningPct: 3, criticalPct: 4 },
} as const;

/** Limit profile per mode (04, sections 2 and 3). */
export const LIMITS: Readonly<Record<Mode, Limits>> = {
  paper: { ...COMMON, ...WHOLE, minConfidence: null, marketChecks: 'warn' },
  small: {
    ...COMMON,
    maxPositionQuote: money('25'),
    maxOpenPositions: 1,
    maxConcentrationPct: 25,
    dailyLossPct: 2,
    dailyLossQuote: money('100'),
    maxDrawdownPct: 10,
    defaultLeverage: 1,
    maxLeverage: 5,
    // A position of so small a book is a quarter of it: shares below that would forbid all.
    symbolPct: 25,
    unknownSectorPct: 25,
    ladder: { alertPct: 0.8, warningPct: 1.2, criticalPct: 1.6 },
    minConfidence: 0.6,
    marketChecks: 'block',
  },
  full: { ...COMMON, ...WHOLE, minConfidence: 0.6, marketChecks: 'block' },
};
