import { notional, toNumber, type Money, type Price, type Qty } from '../lib/units.ts';

/** What an order was expected to cost, or what it did (PF-17); `null` = not known. */
export type Costs = {
  readonly price: number | null;
  readonly feeQuote: number | null;
  /** Above 0 = dearer than decided (RSK-101). */
  readonly slippagePct: number | null;
  /** From the request to the venue's answer, wall milliseconds. */
  readonly latencyMs: number | null;
  readonly sizeQuote: number | null;
};

/** What is known of an order before it leaves (PF-17). */
export type Expected = Costs & {
  /** Quote that is lost where its stop fills at its price, with both fees; `null` = an exit. */
  readonly riskToStop: number | null;
  /** Percent that the price has to move for fees and slippage of both ways; `null` = an exit. */
  readonly breakEvenPct: number | null;
  /** The limit that it comes nearest to, and how much of it is used then; `null` = no limit was looked at. */
  readonly limitUsed: { readonly check: string; readonly pct: number } | null;
};

/** One figure that was not as expected, and the rule that asks about it. */
export type Deviation = {
  readonly field: keyof Costs;
  readonly expected: number;
  readonly actual: number;
  /** Signed, of the expected figure. */
  readonly offPct: number;
  readonly rule: string;
};

/** An order that has ended, before and after (PF-17). */
export type OrderAnalysis = {
  readonly expected: Expected;
  readonly actual: Costs;
  readonly deviations: readonly Deviation[];
};

/** Checks whose value uses up their limit. */
const USING: readonly string[] = [
  'positionSize',
  'openPositions',
  'strategyPositions',
  'concentration',
  'drawdown',
  'volatility',
  'margin',
  'portfolioRisk',
  'classAllocation',
  'sectorAllocation',
  'symbolAllocation',
  'leverage',
  'budget',
  'balance',
  'expectedSlippage',
  'dailyTrades',
];

type Line = {
  readonly check: string;
  readonly value: string | null;
  readonly limit: string | null;
};

const numberOf = (text: string | null): number | null => {
  const value = text === null ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : null;
};

function nearestLimit(checks: readonly Line[]): Expected['limitUsed'] {
  let nearest: Expected['limitUsed'] = null;
  for (const { check, value, limit } of checks) {
    const [used, most] = [numberOf(value), numberOf(limit)];
    if (!USING.includes(check) || used === null || most === null || most <= 0) continue;
    const pct = (100 * used) / most;
    if (Number.isFinite(pct) && (nearest === null || pct > nearest.pct)) nearest = { check, pct };
  }
  return nearest;
}

/** What was usual of the last submissions; `null` without any. */
function medianOf(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? null;
}

/** An order as it is approved, and what was known then. */
export type Planned = {
  readonly quantity: Qty;
  readonly expectedPrice: Price;
  readonly isEntry: boolean;
  /** Where the stop of an entry is to stand; `null` = there is none, or it is an exit. */
  readonly stopAt: Price | null;
  /** Fees that are assumed of an order, percent of its value. */
  readonly feePct: number;
  readonly checks: readonly Line[];
  /** What the last submissions took, wall milliseconds. */
  readonly submitMs: readonly number[];
};

/** What an order is expected to cost, to risk, and to use of the limits, before it leaves (PF-17). */
export function expectedOf(planned: Planned): Expected {
  const { quantity, expectedPrice, isEntry, stopAt, feePct, checks } = planned;
  const slip = checks.find(({ check }) => check === 'expectedSlippage');
  const slippagePct = numberOf(slip?.value ?? null);
  const sizeQuote = toNumber(notional(expectedPrice, quantity, 'floor'));
  const feeQuote = (sizeQuote * feePct) / 100;
  const gap = stopAt === null ? null : Math.abs(toNumber(expectedPrice) - toNumber(stopAt));
  return {
    price: toNumber(expectedPrice),
    feeQuote,
    slippagePct,
    latencyMs: medianOf(planned.submitMs),
    sizeQuote,
    riskToStop: !isEntry || gap === null ? null : gap * toNumber(quantity) + 2 * feeQuote,
    breakEvenPct: isEntry ? 2 * (feePct + Math.max(0, slippagePct ?? 0)) : null,
    limitUsed: isEntry ? nearestLimit(checks) : null,
  };
}

/** An order as it ended. */
export type Ended = {
  readonly averagePrice: Price | null;
  readonly fees: Money;
  readonly slippagePct: number | null;
  readonly filledQuote: Money;
  readonly marks: { readonly sentAt: number | null; readonly ackAt: number | null };
};

/** What an order came to (PF-17). */
export const actualOf = ({
  averagePrice,
  fees,
  slippagePct,
  filledQuote,
  marks,
}: Ended): Costs => ({
  price: averagePrice === null ? null : toNumber(averagePrice),
  feeQuote: toNumber(fees),
  slippagePct,
  latencyMs:
    marks.sentAt === null || marks.ackAt === null || marks.ackAt < marks.sentAt
      ? null
      : marks.ackAt - marks.sentAt,
  sizeQuote: toNumber(filledQuote),
});

const MOST_OFF_PCT = 20;

const RULES: Readonly<Record<keyof Costs, string>> = {
  price: 'the price was another than decided on: was the signal too old?',
  feeQuote: 'fees are not those that limits assume (assumedFeePct)',
  slippagePct: 'slippage is not what spread and volume let expect',
  latencyMs: 'the venue did not answer as fast as usual',
  sizeQuote: 'it was not filled as it was sized: its worst price or time in force ended it',
};

/** Figures that are more than 20 % off what was expected (PF-17); of what was expected to be nothing, nothing is said. */
export function deviations(expected: Costs, actual: Costs): readonly Deviation[] {
  const fields = Object.keys(RULES) as (keyof Costs)[];
  return fields.flatMap((field) => {
    const [was, is] = [expected[field], actual[field]];
    if (was === null || is === null || was === 0) return [];
    const offPct = (100 * (is - was)) / Math.abs(was);
    if (!Number.isFinite(offPct) || Math.abs(offPct) <= MOST_OFF_PCT) return [];
    return [{ field, expected: was, actual: is, offPct, rule: RULES[field] }];
  });
}

/** An order before and after; `null` where nothing was expected of it, as of orders from before it was kept. */
export function analysisOf(
  expected: Expected | null | undefined,
  order: Ended,
): OrderAnalysis | null {
  if (expected === null || expected === undefined) return null;
  const actual = actualOf(order);
  return { expected, actual, deviations: deviations(expected, actual) };
}
