import { NO_LIMITS, type BacktestConfig } from '../src/backtest/config.ts';
import type { BarSeries } from '../src/backtest/data.ts';
import type { BacktestResult } from '../src/backtest/result.ts';
import { runBacktest } from '../src/backtest/run.ts';
import type { RunHooks } from '../src/backtest/state.ts';
import { aConfig, type Row } from '../src/backtest/testing.ts';
import { money, toNumber } from '../src/lib/units.ts';
import { scriptedById } from './scripted-strategies.ts';

/** What to do at which bar, counted from 0. */
type Script = Readonly<Record<number, 'ENTER' | 'SHORT' | 'EXIT' | 'CANCEL'>>;

export const scripted = (
  script: Script,
  levels: { stop?: number; target?: number; blindFrom?: number } = {},
) => ({
  id: 'scripted',
  params: { script, ...levels },
});

/** 100 units at 100 a piece, at once and free of charge unless told otherwise. */
const base: Partial<BacktestConfig> = {
  initialBalance: money('10000'),
  fees: { maker: 0, taker: 0, takenIn: 'quote' },
  limits: { ...NO_LIMITS, assumedFeePct: 0 },
  fills: { market: 'nextOpen', judged: 'atFill', atEnd: 'keep', priceGuard: false },
};

/** @throws Error when it cannot be run. */
export function run(
  config: Partial<BacktestConfig>,
  series: readonly BarSeries[],
  hooks: Partial<RunHooks> = {},
): BacktestResult {
  const result = runBacktest(aConfig({ ...base, ...config }), series, {
    strategyById: scriptedById,
    ...hooks,
  });
  if (!result.ok) throw new Error(result.error);
  return result.value;
}

export const FLAT: Row = [100, 100, 100, 100];
/** Why and at what each trade ended. */
export const exitOf = ({ trades }: BacktestResult) =>
  trades.map(({ exitReason, exitPrice }) => [exitReason, toNumber(exitPrice)]);
