export type Letter = 'A' | 'B' | 'C' | 'D' | 'F';
/** PF-92: 0 to 100 points and their letter. */
export type Grade = { readonly letter: Letter; readonly points: number };

const MIN_TRADES = 20;
/** What counts as enough: more gives no more points. */
const FULL = { profitFactor: 2, sharpe: 2, drawdownPct: 15 } as const;
const WEIGHTS = { profitFactor: 30, sharpe: 25, winRate: 20, drawdown: 25 } as const;
const FROM: readonly (readonly [number, Letter])[] = [
  [80, 'A'],
  [65, 'B'],
  [50, 'C'],
  [35, 'D'],
];

/** What a grade is made of. */
export type Graded = {
  readonly totalTrades: number;
  readonly winning: number;
  readonly winRate: number | null;
  readonly profitFactor: number | null;
  readonly sharpe: number | null;
  readonly maxDrawdownPct: number;
};

/**
 * A strategy's grade (PF-92); `null` below 20 trades. Without losses its profit factor counts 2, without a Sharpe
 * ratio that counts 0.
 */
export function gradeOf(graded: Graded): Grade | null {
  if (graded.totalTrades < MIN_TRADES) return null;
  const factor = graded.profitFactor ?? (graded.winning > 0 ? FULL.profitFactor : 0);
  const points =
    WEIGHTS.profitFactor * Math.min(1, factor / FULL.profitFactor) +
    WEIGHTS.sharpe * Math.min(1, Math.max(0, graded.sharpe ?? 0) / FULL.sharpe) +
    WEIGHTS.winRate * (graded.winRate ?? 0) +
    WEIGHTS.drawdown * (1 - Math.min(1, graded.maxDrawdownPct / FULL.drawdownPct));
  return { letter: FROM.find(([from]) => points >= from)?.[1] ?? 'F', points };
}
