import { subMoney, toNumber, type Money, type Price, type Qty } from '../lib/units.ts';
import type { Position } from './position.ts';

/** How good a round trip was beside its result (PF-51); `null` = not known. */
export type TradeQuality = {
  /** Where its stop stood after the first fill; `null` without one. */
  readonly initialStop: Price | null;
  /** Net result in units of the risk between entry and initial stop. */
  readonly rMultiple: number | null;
  /** Worst and best price while it was open, in percent of the entry: <= 0 and >= 0. */
  readonly maePct: number | null;
  readonly mfePct: number | null;
  /** How much worse its fills were than decided, percent; below 0 = better (RSK-101). */
  readonly slippageInPct: number | null;
  readonly slippageOutPct: number | null;
  /** 0 to 100 (PF-14). */
  readonly efficiency: number | null;
};

type Opened = {
  readonly side: Position['side'];
  readonly entryPrice: Price;
  readonly quantity: Qty;
  readonly initialStop: Price | null;
};

/** Quote that stood between entry and initial stop; `null` where there was none, or it did not stand on the side of loss. */
export function riskOf({ entryPrice, initialStop, quantity, side }: Opened): number | null {
  if (initialStop === null) return null;
  const distance = toNumber(entryPrice) - toNumber(initialStop);
  const risk = (side === 'LONG' ? distance : -distance) * toNumber(quantity);
  return risk > 0 ? risk : null;
}

/** A round trip's prices, and the extremes that were seen while it was open; `null` = not watched. */
export type Course = Opened & {
  readonly exitPrice: Price;
  readonly netPnl: Money;
  readonly best: number | null;
  readonly worst: number | null;
};

/** R, excursions and efficiency of a round trip. Its own exit counts among the prices that were seen. */
export function courseQuality(
  course: Course,
): Pick<TradeQuality, 'initialStop' | 'rMultiple' | 'maePct' | 'mfePct' | 'efficiency'> {
  const { initialStop, entryPrice, exitPrice, side, netPnl, best, worst } = course;
  const entry = toNumber(entryPrice);
  const sign = side === 'LONG' ? 1 : -1;
  const movePct = (px: number): number => (entry > 0 ? (sign * 100 * (px - entry)) / entry : 0);
  const realisedPct = movePct(toNumber(exitPrice));
  const maePct = worst === null ? null : Math.min(0, movePct(worst), realisedPct);
  const mfePct = best === null ? null : Math.max(0, movePct(best), realisedPct);
  const risk = riskOf(course);
  const stopPct = risk === null || initialStop === null ? null : -movePct(toNumber(initialStop));
  return {
    initialStop,
    rMultiple: risk === null ? null : toNumber(netPnl) / risk,
    maePct,
    mfePct,
    efficiency:
      maePct === null || mfePct === null || stopPct === null
        ? null
        : efficiencyScore({ realisedPct, mfePct, maePct, stopPct }),
  };
}

/** How much worse entries and exits were than decided. */
export function fillQuality({
  side,
  decided,
  exitedQuote,
}: Pick<Position, 'side' | 'decided' | 'exitedQuote'>): Pick<
  TradeQuality,
  'slippageInPct' | 'slippageOutPct'
> {
  if (decided === undefined || decided === null)
    return { slippageInPct: null, slippageOutPct: null };
  const dearer = (actual: Money, expected: Money): number | null =>
    expected > 0n ? (100 * toNumber(subMoney(actual, expected))) / toNumber(expected) : null;
  const bought = side === 'LONG' ? 1 : -1;
  const [entry, exit] = [
    dearer(decided.entered, decided.entries),
    dearer(exitedQuote, decided.exits),
  ];
  return {
    slippageInPct: entry === null ? null : bought * entry,
    slippageOutPct: exit === null ? null : -bought * exit,
  };
}

/** How a round trip went, in percent of its entry; what is favourable is positive. */
export type Excursion = {
  /** What was made of the move, at fill prices. */
  readonly realisedPct: number;
  /** Best and worst while open: >= 0 and <= 0. */
  readonly mfePct: number;
  readonly maePct: number;
  /** Distance of the stop at the entry. */
  readonly stopPct: number;
};

const clamp = (share: number): number => Math.min(1, Math.max(0, share));

/** 0 to 100: how much of the best move was taken, and how far the stop was from being needed (PF-14). */
export function efficiencyScore({ realisedPct, mfePct, maePct, stopPct }: Excursion): number {
  const captured = mfePct > 0 ? clamp(realisedPct / mfePct) : 0;
  const spared = stopPct > 0 ? clamp(1 - Math.abs(maePct) / stopPct) : 0;
  return 100 * captured * 0.6 + 40 * spared;
}

/** What a bot must show before it is automated (PF-16). */
export type ReadinessInputs = {
  readonly closedPaperTrades: number;
  readonly expectancy: number | null;
  readonly stuckOrders24h: number;
  readonly dataQuality: number;
  readonly hasProtectiveStop: boolean;
  readonly hasBudget: boolean;
};

/** READY, or what is missing, in words (PF-16). */
export function readiness(inputs: ReadinessInputs): {
  readonly status: 'READY' | 'NOT_READY';
  readonly missing: readonly string[];
} {
  const { closedPaperTrades, expectancy, stuckOrders24h, dataQuality } = inputs;
  const rules: readonly (readonly [boolean, string])[] = [
    [closedPaperTrades >= 20, `${closedPaperTrades} of 20 closed paper trades`],
    [expectancy !== null && expectancy > 0, 'an expectancy above 0'],
    [stuckOrders24h === 0, `no stuck order in 24 h (${stuckOrders24h})`],
    [dataQuality >= 0.6, `data quality of 0.6 (${dataQuality})`],
    [inputs.hasProtectiveStop, 'a protective stop'],
    [inputs.hasBudget, 'a budget'],
  ];
  const missing = rules.filter(([holds]) => !holds).map(([, words]) => words);
  return { status: missing.length === 0 ? 'READY' : 'NOT_READY', missing };
}
