import { notional, toNumber, type Price, type Qty } from '../lib/units.ts';
import type { BacktestResult, BacktestTrade, CurvePoint } from './result.ts';
import { riskOf } from '../portfolio/trade-quality.ts';
import { mean } from './statistics-trades.ts';
import type { EquityPoint, Sample, TradeSample } from './sample.ts';

const HOUR_MS = 3_600_000;

const valueOf = (price: Price, quantity: Qty): number =>
  toNumber(notional(price, quantity, 'floor'));

/** Mean of what is known of entry and exit: both are of about the same value. */
const slippageOf = ({ slippageInPct, slippageOutPct }: BacktestTrade): number | null =>
  mean([slippageInPct, slippageOutPct].filter((pct) => pct !== null));

function tradeOf(trade: BacktestTrade): TradeSample {
  const [netPnl, fees] = [toNumber(trade.netPnl), toNumber(trade.fees)];
  return {
    strategyId: trade.strategyId,
    symbol: trade.symbol,
    exitReason: trade.exitReason,
    openedAt: trade.openedAt,
    closedAt: trade.closedAt,
    entryValue: valueOf(trade.entryPrice, trade.quantity),
    exitValue: valueOf(trade.exitPrice, trade.quantity),
    fees,
    grossPnl: netPnl + fees + toNumber(trade.funding),
    netPnl,
    outcome: trade.outcome,
    risk: riskOf(trade),
    slippagePct: slippageOf(trade),
  };
}

/** The last point of each hour; a point lies at the close that it tells of, so a full hour ends the one before. */
function hourlyOf(curve: readonly CurvePoint[]): readonly EquityPoint[] {
  const hours = new Map<number, number>();
  for (const { at, equity } of curve) hours.set(Math.ceil(at / HOUR_MS) - 1, equity);
  return [...hours].map(([hour, equity]) => ({ at: hour * HOUR_MS, equity }));
}

/** Longest time from a highest point of the curve, if a lower one follows, until one as high or the end. */
function longestDrawdownMs({ curve, start, initialBalance }: BacktestResult): number {
  let peak = { at: Number(start), equity: toNumber(initialBalance) };
  let isBelow = false;
  let longest = 0;
  for (const { at, equity } of curve) {
    isBelow ||= equity < peak.equity;
    if (isBelow) longest = Math.max(longest, at - peak.at);
    if (equity >= peak.equity) {
      peak = { at, equity };
      isBelow = false;
    }
  }
  return longest;
}

/** A backtest's result as statistics see it. */
export function sampleOf(result: BacktestResult): Sample {
  const { curve, daily, maxDrawdown, start, end } = result;
  const exposures = curve.map(({ exposure }) => exposure);
  return {
    initialBalance: toNumber(result.initialBalance),
    finalBalance: toNumber(result.finalBalance),
    from: start,
    to: end,
    trades: result.trades.map(tradeOf),
    daily: daily.map(({ dayAt, equity }) => ({ at: dayAt, equity })),
    hourly: hourlyOf(curve),
    drawdown: {
      maxPct: maxDrawdown.pct,
      maxQuote: maxDrawdown.amount,
      longestMs: longestDrawdownMs(result),
    },
    exposure: {
      timeShare: result.timeInMarket,
      average: mean(exposures) ?? 0,
      highest: exposures.reduce((a, b) => Math.max(a, b), 0),
    },
  };
}
