import type { Sample, TradeSample } from './sample.ts';
import { sum, tradeStatistics, type TradeStatistics } from './statistics-trades.ts';

/** The trades of one symbol, strategy or reason to leave. */
export type Group = TradeStatistics & { readonly key: string; readonly netPnl: number };

/** Trades by a name of theirs; the group that earned most first. */
export function groupsOf(
  trades: readonly TradeSample[],
  keyOf: (trade: TradeSample) => string,
): readonly Group[] {
  const byKey = new Map<string, TradeSample[]>();
  for (const trade of trades) {
    const key = keyOf(trade);
    const group = byKey.get(key);
    if (group === undefined) byKey.set(key, [trade]);
    else group.push(trade);
  }
  return [...byKey]
    .map(([key, group]) => ({
      ...tradeStatistics(group),
      key,
      netPnl: sum(group.map((trade) => trade.netPnl)),
    }))
    .sort((a, b) => (b.netPnl === a.netPnl ? (a.key < b.key ? -1 : 1) : b.netPnl - a.netPnl));
}

/** Return of one UTC calendar month; the first and last may be part of one. */
export type MonthReturn = {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly returnPct: number;
};

/** The months' returns, oldest first, from the equity at the ends of days. */
export function monthlyReturns({ initialBalance, daily }: Sample): readonly MonthReturn[] {
  const closes = new Map<string, { readonly at: number; readonly equity: number }>();
  for (const { at, equity } of daily)
    closes.set(new Date(at).toISOString().slice(0, 7), { at, equity });
  const months: MonthReturn[] = [];
  let before = initialBalance;
  for (const [name, { equity }] of closes) {
    if (!(before > 0)) break;
    const [year = '', month = ''] = name.split('-');
    months.push({
      year: Number(year),
      month: Number(month),
      returnPct: (equity / before - 1) * 100,
    });
    before = equity;
  }
  return months;
}

/** How many trades returned `[from, to)` percent of what they cost. */
export type Bin = { readonly from: number; readonly to: number; readonly trades: number };

/** The spread of trades' returns after costs, percent of what was paid. */
export type Distribution = {
  /** At most {@link MAX_BINS}, side by side; the outer ones hold all beyond them, too. */
  readonly bins: readonly Bin[];
  /** Percent, at 5, 25, 50, 75 and 95 of 100 trades; `null` without trades. */
  readonly quantiles: Readonly<Record<'p5' | 'p25' | 'p50' | 'p75' | 'p95', number>> | null;
};

export const MAX_BINS = 40;

/** 1, 2 or 5 times a power of ten, at least `least`. */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  // One part in a billion: 0.3 / 0.1 is not quite 3.
  return power * ([1, 2, 5].find((factor) => factor * power >= least * (1 - 1e-9)) ?? 10);
}

/** Linear interpolation between neighbours in `sorted`, which has some. */
function quantile(sorted: readonly number[], share: number): number {
  const rank = share * (sorted.length - 1);
  const low = sorted[Math.floor(rank)] ?? Number.NaN;
  const high = sorted[Math.ceil(rank)] ?? Number.NaN;
  return low + (high - low) * (rank - Math.floor(rank));
}

/** Bins of a round width over what lies between the 1st and the 99th hundredth: outliers do not squeeze the rest. */
function binsOf(sorted: readonly number[]): readonly Bin[] {
  const [low, high] = [quantile(sorted, 0.01), quantile(sorted, 0.99)];
  const step = roundStep(Math.max(high - low, 1e-6, Math.abs(high) * 1e-6) / (MAX_BINS - 2));
  const first = Math.floor(low / step);
  const count = Math.min(MAX_BINS, Math.floor(high / step) - first + 1);
  const counts = new Array<number>(count).fill(0);
  for (const value of sorted) {
    const index = Math.min(count - 1, Math.max(0, Math.floor(value / step) - first));
    counts[index] = (counts[index] ?? 0) + 1;
  }
  return counts.map((trades, index) => ({
    from: (first + index) * step,
    to: (first + index + 1) * step,
    trades,
  }));
}

/** How the returns of trades are spread. */
export function distributionOf(trades: readonly TradeSample[]): Distribution {
  const returns = trades
    .filter(({ entryValue }) => entryValue > 0)
    .map(({ netPnl, entryValue }) => (netPnl / entryValue) * 100)
    .sort((a, b) => a - b);
  if (returns.length === 0) return { bins: [], quantiles: null };
  const at = (share: number): number => quantile(returns, share);
  return {
    bins: binsOf(returns),
    quantiles: { p5: at(0.05), p25: at(0.25), p50: at(0.5), p75: at(0.75), p95: at(0.95) },
  };
}
