import { TIMEFRAMES } from '../market/market.ts';
import type { GateContext } from '../order/gate-context.ts';
import { LETTER, SIZED_BY, sizingWinRate } from '../portfolio/performance.ts';
import {
  movement,
  MOVEMENT_MINUTES,
  UNKNOWN_FIGURES,
  type Minute,
} from '../risk/market-figures.ts';
import type { BarSeries } from './data.ts';
import type { Market } from './market.ts';
import type { Lane, Run } from './state.ts';

/** Sizes go by the last hour's minutes: of other bars they are not known. */
export const canSize = ({ timeframe }: Pick<BarSeries, 'timeframe'>): boolean =>
  TIMEFRAMES[timeframe] === TIMEFRAMES['1m'];

/** The minutes of a market that have closed, the last hour of them. */
function minutesOf({ series: { openAt, close }, row }: Market): readonly Minute[] {
  const minutes: Minute[] = [];
  for (let each = Math.max(0, row - MOVEMENT_MINUTES); each < row; each += 1)
    minutes.push({ openAt: openAt[each] ?? NaN, close: close[each] ?? NaN });
  return minutes;
}

/** Outcomes of a strategy's newest round trips, as performance keeps them. */
function recentOf({ trades }: Run, strategyId: string): string {
  let recent = '';
  for (let each = trades.length - 1; each >= 0 && recent.length < SIZED_BY; each -= 1) {
    const trade = trades[each];
    if (trade?.strategyId === strategyId) recent = LETTER[trade.outcome] + recent;
  }
  return recent;
}

/**
 * What a document's sizing asks for (PF-85), as the gate of a desk reads it: how the market moved within the last hour,
 * and how the strategy's last trades ended. Where none is asked for, nothing is known, as of the checks' other figures.
 */
export function sizingFacts(run: Run, lane: Lane): Pick<GateContext, 'figures' | 'results'> {
  const { strategyId, sizing } = lane.gateSettings;
  if (sizing === undefined) return { figures: null, results: null };
  return {
    figures: { ...UNKNOWN_FIGURES, ...movement(minutesOf(lane.market)) },
    // Its Sharpe ratio is for the report: a check that only warns decides nothing.
    results: {
      ...{ trades: 0, sharpe: null },
      recentWinRate: sizingWinRate({ recent: recentOf(run, strategyId) }),
    },
  };
}
