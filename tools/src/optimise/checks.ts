import type { BarSeries } from '@tradewind/core/backtest/data';
import type { BacktestResult, BacktestTrade } from '@tradewind/core/backtest/result';
import { runBacktest } from '@tradewind/core/backtest/run';
import { toNumber } from '@tradewind/core/lib/units';
import { findLookAhead } from '@tradewind/core/optimise/look-ahead';
import { monteCarlo } from '@tradewind/core/optimise/monte-carlo';
import { entrySignificance, type MarketTrades } from '@tradewind/core/optimise/random-entries';
import type { Subject } from '@tradewind/core/optimise/trace';
import { findWarmUpBias } from '@tradewind/core/optimise/warm-up';
import { Fault } from '../lib/fault.ts';
import { time } from '../data/show.ts';
import { probability, shown } from './words.ts';

/** One look at a strategy: whether it speaks against it, in words and as data. */
export type Check = {
  readonly name: string;
  readonly passes: boolean;
  readonly words: readonly string[];
  readonly data: unknown;
};

export type CheckOptions = {
  readonly seed: number;
  /** Resamples of trades, and of entries. */
  readonly runs: number;
  /** Loss of the initial equity that counts as ruin, percent. */
  readonly ruinPct: number;
  /** Difference, as a share of a value, that is taken for none. */
  readonly tolerance: number;
};

const orFault = <T>(
  result: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: string },
): T => {
  if (!result.ok) throw new Fault(`It cannot be run: ${result.error}`);
  return result.value;
};

/** Shares of the data at which the future is cut off or changed. */
const CUTS = [0.5, 0.8];

export function checkLookAhead(subject: Subject, { seed }: CheckOptions): Check {
  const { compared, leaks } = orFault(findLookAhead(subject, { shares: CUTS, seed }));
  const [first] = leaks;
  return {
    name: 'Look-ahead',
    passes: leaks.length === 0,
    words:
      first === undefined
        ? [
            `none: ${compared.toLocaleString('en-US')} decisions and their indicators are the same whatever comes after them`,
          ]
        : [
            `FOUND: with the data ${first.alteration}${first.alteration === 'again' ? '' : ` behind ${time(first.cutAt)}`}, ${first.bars} bars before differ`,
            `the first at ${time(first.firstAt)} in ${first.marketKey}: ${first.what} was "${first.expected}", is "${first.found}"`,
          ],
    data: { compared, leaks },
  };
}

/** Shares of the bars that are left out at the begin: odd ones, so that no cycle of the day hides anything. */
const LATE_STARTS = [1 / 7, 1 / 3];

export function checkWarmUp(subject: Subject, { tolerance }: CheckOptions): Check {
  const bars = Math.min(...subject.series.map(({ length }) => length));
  const starts = LATE_STARTS.map((share) => Math.floor(bars * share));
  const found = orFault(findWarmUpBias(subject, { starts, tolerance }));
  const biased = found.flatMap(({ skipped, marketKey, variants }) =>
    variants
      .filter(({ largest }) => largest > tolerance)
      .map((each) => ({ ...each, skipped, marketKey })),
  );
  const lasting = biased.filter(({ convergedAfterBars }) => convergedAfterBars === null);
  const undecided = found.filter(({ decisionsAgreeAfterBars }) => decisionsAgreeAfterBars === null);
  const share = (part: number): string => `${(part * 100).toFixed(2)} %`;
  return {
    name: 'Warm-up',
    passes: lasting.length === 0 && undecided.length === 0,
    words: [
      biased.length === 0
        ? `none: begun ${starts.join(' and ')} bars later, every indicator is within ${share(tolerance)} as soon as it has a value`
        : `begun later, ${biased.length} values differ by more than ${share(tolerance)} after their warm-up:`,
      ...biased.map(
        ({ name, largest, readyAfterBars, convergedAfterBars, skipped }) =>
          `  ${name}, begun ${skipped} bars later: up to ${share(largest)}, ready after ${readyAfterBars ?? 0} bars, ${
            convergedAfterBars === null
              ? 'NEVER the same again'
              : `the same after ${convergedAfterBars}`
          }`,
      ),
      ...found
        .filter(({ decisionsDiffer }) => decisionsDiffer > 0)
        .map(
          ({ skipped, decisionsDiffer, decisionsAgreeAfterBars }) =>
            `decisions begun ${skipped} bars later differ on ${decisionsDiffer} bars${
              decisionsAgreeAfterBars === null
                ? ' and STILL do at the end'
                : `, and on none after ${decisionsAgreeAfterBars}`
            }`,
        ),
    ],
    data: found,
  };
}

/** Each trade's net result as a share of the equity before it, in the order of their exits. */
function returnsOfTrades({ initialBalance, trades }: BacktestResult): readonly number[] {
  let equity = toNumber(initialBalance);
  return trades.map(({ netPnl }) => {
    const before = equity;
    equity += toNumber(netPnl);
    return before > 0 ? toNumber(netPnl) / before : 0;
  });
}

/** So often ruined is too often. */
const MAX_RUIN = 0.05;

export function checkTrades(result: BacktestResult, { seed, runs, ruinPct }: CheckOptions): Check {
  const returns = returnsOfTrades(result);
  if (returns.length === 0)
    return {
      name: 'Monte Carlo',
      passes: false,
      words: ['there are no trades to resample'],
      data: null,
    };
  const plan = { returns, runs, ruinPct, seed };
  const order = monteCarlo({ ...plan, resampling: 'reshuffle' });
  const drawn = monteCarlo({ ...plan, resampling: 'bootstrap' });
  const pct = (growth: number): string => `${((growth - 1) * 100).toFixed(1)} %`;
  return {
    name: 'Monte Carlo',
    passes: drawn.ruinProbability <= MAX_RUIN,
    words: [
      `${returns.length} trades, ${runs} runs each`,
      `in another order: max drawdown ${shown(order.maxDrawdownPct.p50)} % at the median, ${shown(order.maxDrawdownPct.p95)} % in the worst twentieth (as tested ${shown(result.maxDrawdown.pct)} %)`,
      `drawn anew: ends between ${pct(drawn.growth.p5)} and ${pct(drawn.growth.p95)} in nine of ten, at ${pct(drawn.growth.p50)} at the median; loses in ${(drawn.lossProbability * 100).toFixed(1)} %`,
      `probability of losing ${ruinPct} % at some time: ${probability(drawn.ruinProbability)}`,
    ],
    data: { reshuffle: order, bootstrap: drawn },
  };
}

function placedTrades(
  series: BarSeries,
  trades: readonly BacktestTrade[],
  decideFrom: number | null,
): MarketTrades {
  const rowAt = new Map(Array.from(series.openAt, (at, row) => [at, row]));
  const fromRow = decideFrom === null ? 0 : series.openAt.findIndex((at) => at >= decideFrom);
  return {
    open: series.open,
    fromRow: Math.max(0, fromRow),
    trades: trades
      .filter(({ marketKey }) => marketKey === series.marketKey)
      .map(({ entryBarAt, exitBarAt, side }) => ({
        entryRow: rowAt.get(entryBarAt) ?? NaN,
        exitRow: rowAt.get(exitBarAt) ?? NaN,
        side,
      })),
  };
}

/** Mean fees of a round trip, percent of what was entered with. */
function costPctOf(trades: readonly BacktestTrade[]): number {
  const shares = trades.map(
    ({ fees, entryPrice, quantity }) =>
      toNumber(fees) / (toNumber(entryPrice) * toNumber(quantity)),
  );
  return (shares.reduce((sum, share) => sum + share, 0) / shares.length) * 100;
}

export function checkEntries(
  { series, config }: Subject,
  result: BacktestResult,
  { seed, runs }: CheckOptions,
): Check {
  if (result.trades.length === 0)
    return { name: 'Entries', passes: false, words: ['there are no entries to judge'], data: null };
  const markets = series.map((each) => placedTrades(each, result.trades, config.decideFrom));
  const found = entrySignificance(markets, {
    costPct: costPctOf(result.trades),
    permutations: runs,
    seed,
  });
  const { meanReturnPct, randomMeanReturnPct: random, pValue } = found;
  const passes = pValue <= 0.05;
  return {
    name: 'Entries',
    passes,
    words: [
      `a trade brings ${shown(meanReturnPct, 3)} % on average; random entries, as many, held as long, at the same cost, bring ${shown(random.p50, 3)} % (${shown(random.p5, 3)} to ${shown(random.p95, 3)} in nine of ten)`,
      `p = ${probability(pValue)}: ${passes ? 'the entries are better than random ones' : 'the entries are not better than random ones'}`,
    ],
    data: found,
  };
}

/** Backtests a subject as it is. @throws Fault where it cannot be run. */
export const testSubject = ({ config, series, strategiesOn }: Subject): BacktestResult =>
  orFault(runBacktest(config, series, { strategyById: strategiesOn(series) }));
