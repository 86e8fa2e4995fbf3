import type { LimitsDoc } from '@tradewind/contracts/documents/risk';
import type { EpochMs } from '@tradewind/core/lib/time';
import { isUnit } from '@tradewind/core/lib/units';
import { limitsInForce, limitsOf } from '@tradewind/core/risk/limit-rules';
import { LIMITS, type Limits, type Mode } from '@tradewind/core/risk/limits';
import { formatMoney } from '../../lib/format.ts';

/** What a limit is called, and what its figure counts. */
type Words = readonly [name: string, unit: string];

/** Every limit there is, in the order in which people look for them (ARC-70). */
const WORDS: Readonly<Record<keyof Limits, Words>> = {
  maxPositionQuote: ['Size of a position', ''],
  maxOpenPositions: ['Open positions', ''],
  maxConcentrationPct: ['One position', '% of equity'],
  dailyLossPct: ['Loss of a day', '% of its opening equity'],
  dailyLossQuote: ['Loss of a day, as an amount', ''],
  ignoreDailyLoss: ['A day’s loss is ignored', ''],
  maxDrawdownPct: ['Drawdown', '% from the peak'],
  maxRiskPct: ['All stops together', '% of equity'],
  maxVolatility: ['Volatility of the last hour', ''],
  minSharpe: ['Least Sharpe ratio', ''],
  maxMarginPct: ['Margin in use', '% of equity'],
  defaultLeverage: ['Leverage where a strategy names none', '×'],
  maxLeverage: ['Leverage', '×'],
  cryptoPct: ['Crypto', '% of equity'],
  stocksPct: ['Stocks', '% of equity'],
  optionsPct: ['Options', '% of equity'],
  sectorPct: ['A sector', '% of equity'],
  unknownSectorPct: ['All without a known sector', '% of equity'],
  symbolPct: ['A symbol over all strategies', '% of equity'],
  symbolCooldownMinutes: ['Pause of a symbol after a fill', 'min'],
  symbolTradesPerHour: ['Trades of a symbol in an hour', ''],
  countSides: ['Trades that count for that', ''],
  tradesPerDay: ['Trades of a day', ''],
  blockPatterns: ['Rapid patterns block their symbol', ''],
  strategyOrdersPerMinute: ['Orders of a strategy in a minute', ''],
  ordersPerMinute: ['Orders of the book in a minute', ''],
  maxSlippagePct: ['Slippage', '%'],
  minConfidence: ['Least confidence', ''],
  minHealth: ['Least health of the portfolio', 'of 100'],
  ladder: ['Loss of a day that acts', '%'],
  marketChecks: ['What volatility, margin and slippage do', ''],
  assumedFeePct: ['Fee that a purchase is assumed to cost', '%'],
  balanceBufferPct: ['Free cash that stays beyond a purchase', '%'],
};

const NAMES = Object.keys(WORDS) as (keyof Limits)[];

function shown(value: Limits[keyof Limits], quote: string): string {
  if (value === null) return 'no limit';
  if (isUnit(value)) return formatMoney(value, quote);
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value !== 'object') return String(value);
  return Object.entries(value)
    .map(([phase, share]) => `${phase.replace(/Pct$/, '')} ${share}`)
    .join(', ');
}

/** One limit as people read it. */
export type LimitRow = {
  readonly name: keyof Limits;
  readonly label: string;
  readonly value: string;
  /** What the mode has by itself, where that is something else. */
  readonly otherwise: string | null;
  /** What will hold soon, where that is something else. */
  readonly soon: string | null;
};

export type LimitsView = {
  readonly rows: readonly LimitRow[];
  /** The last change, if these are not the mode's own. */
  readonly change: LimitsDoc | null;
  /** When what is looser holds; `null` when nothing waits for it (RSK-01). */
  readonly soonAt: EpochMs | null;
};

/** The limits of a book that hold now. */
export function limitsView(
  { mode, quote }: { readonly mode: Mode; readonly quote: string },
  stored: LimitsDoc | null,
  now: EpochMs,
): LimitsView {
  const { kept, set: change } = limitsOf(mode, stored);
  const own = LIMITS[mode];
  const held = limitsInForce(kept, now);
  const { pending } = kept;
  const soon = pending !== null && pending.effectiveAt > now ? pending : null;
  const row = (name: keyof Limits): LimitRow => {
    const [label, unit] = WORDS[name];
    const told = (limits: Limits): string => {
      const value = shown(limits[name], quote);
      return unit === '' || limits[name] === null ? value : `${value} ${unit}`;
    };
    const value = told(held);
    const other = (limits: Limits): string | null => (told(limits) === value ? null : told(limits));
    return {
      ...{ name, label, value },
      otherwise: other(own),
      soon: soon === null ? null : other(soon.limits),
    };
  };
  return { rows: NAMES.map(row), change, soonAt: soon?.effectiveAt ?? null };
}
