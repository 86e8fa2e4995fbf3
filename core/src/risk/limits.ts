import { money, type Money } from '../lib/units.ts';

/** `paper` trades with simulated money; `small` and `full` are live (04, section 2). */
export type Mode = 'paper' | 'small' | 'full';

/** Limits of one book. Percent fields are percent (5 = 5 %, ARC-23). */
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
  /** RSK-14, from peak equity. */
  readonly maxDrawdownPct: number;
  /** RSK-26, within any 60 s. */
  readonly strategyOrdersPerMinute: number;
  /** RSK-25, within any 60 s, over all strategies of the book. */
  readonly ordersPerMinute: number;
  /** RSK-28: largest adverse move from the price that the signal was decided at. */
  readonly maxSlippagePct: number;
  /** RSK-30; `null` leaves the floor to the bot's own setting (STR-23). */
  readonly minConfidence: number | null;
  /** Fee that a purchase is assumed to cost when free balance is checked. */
  readonly assumedFeePct: number;
  /** Share of a purchase that must stay free beyond its cost and fee (04, section 6, step 13). */
  readonly balanceBufferPct: number;
};

/** The same in every mode. */
const COMMON = {
  strategyOrdersPerMinute: 10,
  ordersPerMinute: 100,
  maxSlippagePct: 0.5,
  assumedFeePct: 0.1,
  balanceBufferPct: 1,
} as const;

/** Limit profile per mode (04, sections 2 and 3). */
export const LIMITS: Readonly<Record<Mode, Limits>> = {
  paper: {
    ...COMMON,
    maxPositionQuote: money('1000'),
    maxOpenPositions: 3,
    maxConcentrationPct: 5,
    dailyLossPct: 5,
    dailyLossQuote: null,
    maxDrawdownPct: 15,
    minConfidence: null,
  },
  small: {
    ...COMMON,
    maxPositionQuote: money('25'),
    maxOpenPositions: 1,
    maxConcentrationPct: 25,
    dailyLossPct: 2,
    dailyLossQuote: money('100'),
    maxDrawdownPct: 10,
    minConfidence: 0.6,
  },
  full: {
    ...COMMON,
    maxPositionQuote: money('1000'),
    maxOpenPositions: 3,
    maxConcentrationPct: 5,
    dailyLossPct: 5,
    dailyLossQuote: null,
    maxDrawdownPct: 15,
    minConfidence: 0.6,
  },
};
