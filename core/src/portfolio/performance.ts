import { gradeOf, type Grade } from '../backtest/grade.ts';
import { deviation } from '../backtest/statistics-returns.ts';
import { mean, ratio } from '../backtest/statistics-trades.ts';
import { assetClassOf } from '../instrument/asset.ts';
import type { EpochMs } from '../lib/time.ts';
import { addMoney, notional, subMoney, toNumber, ZERO_MONEY, type Money } from '../lib/units.ts';
import type { RoundTrip } from './fill-effect.ts';

/** Result of a UTC day or hour, by its name: `yyyymmdd` or `yyyymmddhh`. */
type Results = Readonly<Record<string, Money>>;

/** What the round trips of one scope add up to: a trade can be added to it, and all of them anew make the same (PF-90). */
export type Performance = {
  readonly trades: number;
  readonly wins: number;
  readonly losses: number;
  readonly flats: number;
  /** Sums of net results above and below zero; `lost` is positive. */
  readonly gained: Money;
  readonly lost: Money;
  /** Of trades that count as wins and as losses (PF-50). */
  readonly won: Money;
  readonly missed: Money;
  readonly net: Money;
  readonly fees: Money;
  /** Value of what was bought or sold short, and sold or bought back. */
  readonly turnover: Money;
  readonly heldMs: number;
  /** Outcomes of the last hundred closed trades, oldest first: `W`, `L` or `F` (RSK-72). */
  readonly recent: string;
  /** By day of the close, up to 400 of them, and by hour for a month. */
  readonly days: Results;
  readonly hours: Results;
  readonly lastAt: EpochMs | null;
};

export const performanceInit: Performance = {
  trades: 0,
  wins: 0,
  losses: 0,
  flats: 0,
  gained: ZERO_MONEY,
  lost: ZERO_MONEY,
  won: ZERO_MONEY,
  missed: ZERO_MONEY,
  net: ZERO_MONEY,
  fees: ZERO_MONEY,
  turnover: ZERO_MONEY,
  heldMs: 0,
  recent: '',
  days: {},
  hours: {},
  lastAt: null,
};

const RECENT = 100;
const KEPT_DAYS = 400;
const KEPT_HOURS = 720;
/** What an outcome is in `recent`. */
export const LETTER = { profitable: 'W', loss: 'L', flat: 'F' } as const;

/** `yyyymmddhh` of a time, UTC. */
const hourOf = (at: EpochMs): string =>
  new Date(at).toISOString().slice(0, 13).replace(/[-T]/g, '');

function added(results: Results, [key, amount]: readonly [string, Money], kept: number): Results {
  const next = { ...results, [key]: addMoney(results[key] ?? ZERO_MONEY, amount) };
  const keys = Object.keys(next);
  if (keys.length <= kept) return next;
  return Object.fromEntries(
    keys
      .sort()
      .slice(-kept)
      .map((one) => [one, next[one] ?? ZERO_MONEY] as const),
  );
}

type Counted = Pick<
  RoundTrip,
  'netPnl' | 'fees' | 'outcome' | 'entryPrice' | 'exitPrice' | 'quantity' | 'holdMs' | 'closedAt'
>;

const positive = (amount: Money): Money => (amount > 0n ? amount : ZERO_MONEY);
const only = (amount: Money, counts: boolean): Money => (counts ? amount : ZERO_MONEY);

/** The performance with one more round trip; in the order of their closes, since the last hundred count apart. */
export function addTrade(known: Performance, trade: Counted): Performance {
  const { netPnl, outcome, closedAt } = trade;
  const hour = hourOf(closedAt);
  const value = addMoney(
    notional(trade.entryPrice, trade.quantity, 'floor'),
    notional(trade.exitPrice, trade.quantity, 'floor'),
  );
  return {
    trades: known.trades + 1,
    wins: known.wins + (outcome === 'profitable' ? 1 : 0),
    losses: known.losses + (outcome === 'loss' ? 1 : 0),
    flats: known.flats + (outcome === 'flat' ? 1 : 0),
    gained: addMoney(known.gained, positive(netPnl)),
    lost: addMoney(known.lost, positive(subMoney(ZERO_MONEY, netPnl))),
    won: addMoney(known.won, only(netPnl, outcome === 'profitable')),
    missed: addMoney(known.missed, only(netPnl, outcome === 'loss')),
    net: addMoney(known.net, netPnl),
    fees: addMoney(known.fees, trade.fees),
    turnover: addMoney(known.turnover, value),
    heldMs: known.heldMs + trade.holdMs,
    recent: (known.recent + LETTER[outcome]).slice(-RECENT),
    days: added(known.days, [hour.slice(0, 8), netPnl], KEPT_DAYS),
    hours: added(known.hours, [hour, netPnl], KEPT_HOURS),
    lastAt: closedAt,
  };
}

/** Of round trips in any order. */
export const performanceOf = (trades: readonly Counted[]): Performance =>
  trades.toSorted((a, b) => a.closedAt - b.closedAt).reduce(addTrade, performanceInit);

/** Figures of one scope (06, section 13). `null` = not defined for these trades. */
export type PerformanceFigures = {
  readonly winRate: number | null;
  readonly averageWin: number | null;
  readonly averageLoss: number | null;
  readonly profitFactor: number | null;
  readonly expectancy: number | null;
  readonly sharpe: number | null;
  /** Hourly results stand in for daily ones in the first thirty days. */
  readonly sharpeBasis: 'daily' | 'hourly';
  readonly sortino: number | null;
  /** Fall of the sum of results from its peak, in percent of capital and what was gained. */
  readonly maxDrawdownPct: number;
  readonly averageHoldMs: number | null;
  readonly feeShare: number | null;
  /** P&L over capital, and over turnover, which shrinks as more is traded (PF-33). */
  readonly returnPct: number | null;
  readonly returnOnTurnoverPct: number | null;
  readonly grade: Grade | null;
};

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const DAILY_FROM = 30;

const timeOf = (key: string): number =>
  Date.UTC(
    Number(key.slice(0, 4)),
    Number(key.slice(4, 6)) - 1,
    Number(key.slice(6, 8)),
    key.length > 8 ? Number(key.slice(8, 10)) : 0,
  );

/** Results from the first to the last period, those without a trade included. */
function series(results: Results, stepMs: number): readonly number[] {
  const keys = Object.keys(results).sort();
  const [first, last] = [keys[0], keys.at(-1)];
  if (first === undefined || last === undefined) return [];
  const values = new Map(keys.map((key) => [timeOf(key), toNumber(results[key] ?? ZERO_MONEY)]));
  const count = Math.round((timeOf(last) - timeOf(first)) / stepMs) + 1;
  return Array.from(
    { length: count },
    (_, index) => values.get(timeOf(first) + index * stepMs) ?? 0,
  );
}

const perRisk = (values: readonly number[], spread: number | null, periods: number) => {
  const average = mean(values);
  if (average === null || spread === null || !(spread > 0)) return null;
  return (average / spread) * Math.sqrt(periods);
};

function drawdownPct(values: readonly number[], capital: number): number {
  let [sum, peak, deepest] = [capital, capital, 0];
  for (const value of values) {
    sum += value;
    peak = Math.max(peak, sum);
    if (peak > 0) deepest = Math.max(deepest, (100 * (peak - sum)) / peak);
  }
  return deepest;
}

const share = (part: Money, whole: Money | number): number | null => {
  const by = typeof whole === 'number' ? whole : toNumber(whole);
  return ratio(toNumber(part), by);
};

/**
 * The figures of a scope.
 *
 * @param capital - quote currency that the scope's results are measured against; ratios of results do not depend on it.
 */
export function figuresOf(performance: Performance, capital: Money): PerformanceFigures {
  const { trades, wins, losses, gained, lost, won, missed, net, fees, turnover } = performance;
  const days = series(performance.days, DAY_MS);
  const isDaily = days.length >= DAILY_FROM;
  const values = isDaily ? days : series(performance.hours, HOUR_MS);
  const periods = isDaily ? 365 : 365 * 24;
  const downside = Math.sqrt(mean(values.map((value) => Math.min(0, value) ** 2)) ?? 0);
  const winRate = ratio(wins, trades);
  const profitFactor = share(gained, lost);
  const sharpe = perRisk(values, deviation(values), periods);
  const maxDrawdownPct = drawdownPct(days, toNumber(capital));
  const graded = {
    totalTrades: trades,
    winning: wins,
    winRate,
    profitFactor,
    sharpe,
    maxDrawdownPct,
  };
  const returnShare = share(net, capital);
  const turnoverShare = share(net, turnover);
  return {
    winRate,
    averageWin: share(won, wins),
    averageLoss: share(missed, losses),
    profitFactor,
    expectancy: share(net, trades),
    sharpe,
    sharpeBasis: isDaily ? 'daily' : 'hourly',
    sortino: perRisk(values, downside, periods),
    maxDrawdownPct,
    averageHoldMs: ratio(performance.heldMs, trades),
    feeShare: share(fees, gained),
    returnPct: returnShare === null ? null : 100 * returnShare,
    returnOnTurnoverPct: turnoverShare === null ? null : 100 * turnoverShare,
    grade: gradeOf(graded),
  };
}

/** Profitable share of the last hundred trades (RSK-72); `null` before the first. */
export function recentWinRate({ recent }: Pick<Performance, 'recent'>): number | null {
  let wins = 0;
  for (const letter of recent) if (letter === 'W') wins += 1;
  return ratio(wins, recent.length);
}

/** Trades that sizes go by (PF-85). */
export const SIZED_BY = 20;

/** Win rate of the last twenty trades, 0 to 1, by which sizes are made; `null` for fewer. */
export function sizingWinRate({ recent }: Pick<Performance, 'recent'>): number | null {
  const last = recent.slice(-SIZED_BY);
  return last.length < SIZED_BY ? null : recentWinRate({ recent: last });
}

/** Return of the month if it went on like this (PF-91): a projection, not an expectation. */
export function monthlyProjectionPct(monthPct: number, now: EpochMs): number {
  const date = new Date(now);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  const begun = Date.UTC(year, month, 1);
  const days = (Date.UTC(year, month + 1, 1) - begun) / DAY_MS;
  const elapsed = Math.max(1, (now - begun) / DAY_MS);
  return (monthPct / elapsed) * days;
}

/** Scopes that a trade counts in (PF-90): the book, its strategy or bot, symbol, class and month, and its session. */
export const scopesOf = (
  trade: Pick<RoundTrip, 'strategyId' | 'symbol' | 'marketKey' | 'closedAt'>,
  sessionId: string | null,
): readonly string[] => [
  'book',
  `strategy__${trade.strategyId}`,
  `symbol__${trade.symbol}`,
  `class__${assetClassOf(trade.marketKey)}`,
  monthScope(trade.closedAt),
  ...(sessionId === null ? [] : [`session__${sessionId}`]),
];

/** Scope of the UTC month that holds `at`. */
export const monthScope = (at: EpochMs): string =>
  `month__${new Date(at).toISOString().slice(0, 7)}`;

/** Difference of results above which a nightly recomputation is reported (PF-90): 0.01. */
const TOLERANCE = 10_000_000_000_000_000n;

/** Whether what was added up trade by trade is what all trades make anew (PF-90). */
export const agrees = (kept: Performance, anew: Performance): boolean => {
  const off = subMoney(kept.net, anew.net);
  return kept.trades === anew.trades && off <= TOLERANCE && off >= -TOLERANCE;
};
