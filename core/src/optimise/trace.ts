import type { BacktestConfig } from '../backtest/config.ts';
import type { BarSeries } from '../backtest/data.ts';
import { runBacktest } from '../backtest/run.ts';
import { ok, type Result } from '../lib/result.ts';
import { formatDecimal } from '../lib/units.ts';
import type { Timeframe } from '../market/market.ts';
import type { Prepared, StrategyDefinition, Wish } from '../strategy/strategy.ts';

/** What a strategy saw and wanted at one close. */
export type Seen = {
  /** Close of the bar, epoch milliseconds. */
  readonly at: number;
  /** What it wished for, as text; `-` for nothing, and what it threw when it failed. */
  readonly wish: string;
  /** Values of its indicators in the order of `names`; NaN where not defined yet. */
  readonly values: readonly number[];
};

/** All that strategies saw and wanted in one market, bar by bar. */
export type Trace = {
  readonly strategyId: string;
  readonly marketKey: string;
  /** Indicators, such as `RSI_14@1m`. */
  readonly names: readonly string[];
  readonly seen: readonly Seen[];
};

/** What is examined: strategies, their configuration, and how they come about. */
export type Subject = {
  readonly config: BacktestConfig;
  readonly series: readonly BarSeries[];
  /**
   * The strategies as they are for these data. Those of a registry are the same for all; one that was made with its
   * data in hand could know their future, and is found out by changing these.
   */
  readonly strategiesOn: (
    series: readonly BarSeries[],
  ) => (id: string) => StrategyDefinition | undefined;
};

const wishText = ({ action, direction, confidence, score, ...wish }: Wish): string =>
  [
    action,
    direction,
    confidence,
    score,
    wish.suggestedStop,
    wish.suggestedTarget,
    wish.suggestedQuote === null ? null : formatDecimal(wish.suggestedQuote),
    wish.reasons.join('; '),
  ].join(' ');

const namesOf = ({ needs: { variants } }: Prepared): readonly string[] =>
  (Object.entries(variants) as [Timeframe, readonly string[]][]).flatMap(([timeframe, names]) =>
    [...new Set(names)].map((name) => `${name}@${timeframe}`),
  );

type Notebook = { readonly names: readonly string[]; readonly seen: Seen[] };

/** The same strategy, that also writes down what it sees and wants. */
function watched(prepared: Prepared, bookFor: (marketKey: string) => Notebook): Prepared {
  const names = namesOf(prepared);
  return {
    ...prepared,
    evaluate: (context) => {
      const values = names.map((name) => context.value(name) ?? NaN);
      const note = (wish: string): void => {
        bookFor(context.marketKey).seen.push({ at: context.barCloseAt, wish, values });
      };
      try {
        const verdict = prepared.evaluate(context);
        note(verdict.wish === null ? '-' : wishText(verdict.wish));
        return verdict;
      } catch (error) {
        note(`failed: ${String(error)}`);
        throw error;
      }
    },
  };
}

/**
 * Runs a backtest and writes down what each strategy saw and wanted at each close, whether or not it could trade.
 *
 * @returns the error says which input is wrong, and how.
 */
export function traceOf(
  { config, strategiesOn }: Subject,
  series: readonly BarSeries[],
): Result<readonly Trace[], string> {
  const traces = new Map<string, Trace & Notebook>();
  const strategyById = strategiesOn(series);
  const runs = config.strategies.map((settings) => ({
    ...config,
    strategies: [settings],
    sessionId: `${config.sessionId}/${settings.strategyId}`,
  }));
  for (const run of runs) {
    const [settings] = run.strategies;
    const strategyId = settings?.strategyId ?? '';
    const result = runBacktest(run, series, {
      strategyById: (id) => {
        const definition = strategyById(id);
        if (definition === undefined) return undefined;
        const prepare: StrategyDefinition['prepare'] = (params) => {
          const prepared = definition.prepare(params);
          if (!prepared.ok) return prepared;
          const names = namesOf(prepared.value);
          const bookFor = (marketKey: string): Notebook => {
            const key = `${strategyId} ${marketKey}`;
            const known = traces.get(key) ?? { strategyId, marketKey, names, seen: [] };
            traces.set(key, known);
            return known;
          };
          return ok(watched(prepared.value, bookFor));
        };
        return { ...definition, prepare };
      },
    });
    if (!result.ok) return result;
  }
  return ok([...traces.values()]);
}
