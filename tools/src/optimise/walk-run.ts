import { shapeOf } from '@tradewind/core/optimise/multiple-testing';
import { returnsOf } from '@tradewind/core/backtest/statistics-returns';
import { TIMEFRAMES } from '@tradewind/core/market/market';
import {
  efficiency,
  forwardWindows,
  stitch,
  type ForwardWindow,
  type ProofEquity,
  type Windowing,
} from '@tradewind/core/optimise/walk-forward';
import { paramsOf } from './params-of.ts';
import type { Pool } from './pool.ts';
import type { Problem } from './problem.ts';
import { rank, runSearch, type Ranked, type SearchRequest } from './search-run.ts';
import type { Tested } from './task.ts';

const DAY = 86_400_000;

/** One search and its proof on the bars that follow; `null` where nothing could be chosen, or its proof failed. */
export type Forward = {
  readonly window: ForwardWindow;
  readonly tried: number;
  readonly chosen: Ranked | null;
  readonly proof: Tested | null;
};

export type WalkOptions = {
  readonly windows: number;
  readonly ratio: number;
  readonly windowing: Windowing;
};

/** The windows of a problem's data. @throws RangeError where these are too short for so many. */
export function windowsFor(
  { series }: Problem,
  { windows, ratio, windowing }: WalkOptions,
): readonly ForwardWindow[] {
  const barMs = Math.max(...series.map(({ timeframe }) => TIMEFRAMES[timeframe]));
  const from = Math.min(...series.map(({ openAt }) => openAt[0] ?? Infinity));
  const to = Math.max(...series.map(({ openAt }) => openAt.at(-1) ?? 0)) + barMs;
  return forwardWindows({ from, to, windows, ratio, windowing, barMs });
}

/**
 * Searches in each window and proves the best on what follows; what was searched warms its indicators up.
 *
 * @returns fewer windows where the run was stopped
 */
export async function walkForward(
  request: SearchRequest,
  pool: Pool,
  { windows, onDone }: { readonly windows: readonly ForwardWindow[]; readonly onDone?: () => void },
): Promise<readonly Forward[]> {
  const forwards: Forward[] = [];
  for (const window of windows) {
    const { from, cut, to } = window;
    const span = { from, to: cut, decideFrom: from };
    const hooks = onDone === undefined ? { span } : { span, onDone };
    const { tried, isStopped } = await runSearch(request, pool, hooks);
    const [chosen = null] = rank(tried);
    const tasks =
      chosen === null
        ? []
        : [{ params: paramsOf(request.base, chosen.values), span: { from, to, decideFrom: cut } }];
    const [proof] = isStopped ? [] : await pool.run(tasks);
    if (isStopped || (chosen !== null && proof === undefined)) break;
    forwards.push({
      window,
      tried: tried.length,
      chosen,
      proof: proof?.ok === true ? proof : null,
    });
  }
  return forwards;
}

/** A window without a proof is one in which nothing was traded. */
const equityOf = ({ window: { cut }, proof }: Forward): ProofEquity => ({
  initial: proof?.figures.initialBalance ?? 1,
  final: proof?.figures.finalBalance ?? 1,
  // A day that the cut falls into began before it, and counts: its close is of after.
  daily: (proof?.daily ?? []).filter(({ at }) => at + DAY > cut),
});

/** What all proofs came to together. */
export function summarise(forwards: readonly Forward[]) {
  const stitched = stitch(forwards.map(equityOf));
  const proven = forwards.filter(({ proof }) => proof !== null);
  const inside = proven.map(({ window, chosen }) => ({
    returnPct: chosen?.outcome.figures.totalReturnPct ?? 0,
    ms: window.cut - window.from,
  }));
  const outside = proven.map(({ window, proof }) => ({
    returnPct: proof?.figures.totalReturnPct ?? 0,
    ms: window.to - window.cut,
  }));
  const daily = shapeOf(returnsOf(1, stitched.curve));
  return {
    ...stitched,
    sharpe: daily === null ? null : daily.sharpe * Math.sqrt(365),
    efficiency: proven.length === 0 ? null : efficiency(inside, outside),
    trades: proven.reduce((sum, { proof }) => sum + (proof?.figures.totalTrades ?? 0), 0),
    profitable: outside.filter(({ returnPct }) => returnPct > 0).length,
  };
}
