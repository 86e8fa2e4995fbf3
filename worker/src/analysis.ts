import type { Quote } from '@tradewind/adapters/venue/venue';
import type { ChunkDoc } from '@tradewind/contracts/documents/market';
import {
  analyticsAdvance,
  analyticsBatch,
  analyticsHistory,
  analyticsInit,
  analyticsMark,
  analyticsNeed,
  analyticsQuote,
  analyticsTick,
  type AnalyticsFate,
} from '@tradewind/core/analytics/analytics';
import { indicatorValue } from '@tradewind/core/analytics/series-indicators';
import { analyticsView } from '@tradewind/core/analytics/view';
import type { Batch } from '@tradewind/core/market/batch';
import type { BarSink, Mark } from '@tradewind/core/market/cascade';
import { priceSteps, type Grid } from '@tradewind/core/market/grid';
import type { Candle, Timeframe } from '@tradewind/core/market/market';
import type { Tick } from '@tradewind/core/market/tick';
import { outlierLimit } from '@tradewind/core/market/outlier';
import { feedOf } from './ports.ts';

/** Everything that is computed of one market, from its first trade to what its documents tell. */
export type Analysis = {
  readonly tick: (tick: Tick) => AnalyticsFate;
  /** Trades that were folded under pressure: bars and sums stay exact (MD-72). */
  readonly batch: (batch: Batch) => void;
  readonly advance: (now: number) => void;
  readonly mark: (mark: Mark) => void;
  readonly quote: (quote: Quote) => void;
  /** ATR(15m) in quote; `null` until it is ready. */
  readonly atr: () => number | null;
  /** Variants on trades that the view tells besides the usual ones. */
  readonly need: (windows: readonly string[]) => void;
  readonly view: (now: number) => Pick<ChunkDoc, 'profiles' | 'zones' | 'gaps' | 'analytics'>;
};

export type AnalysisInput = {
  readonly marketKey: string;
  readonly grid: Grid;
  /** Where history ends and trades begin. */
  readonly closedUntil: number;
  readonly history: readonly Candle[];
  /** Variants on trades that somebody reads. */
  readonly windows: readonly string[];
  readonly longer: Partial<Record<Exclude<Timeframe, '1m'>, readonly Candle[]>>;
};

/** Analytics that know their history and wait for the first trade (MD-47). @param sink Takes each bar as it closes. */
export function createAnalysis(input: AnalysisInput, sink: BarSink): Analysis {
  const { marketKey, grid, closedUntil, history, longer, windows } = input;
  const last = history.at(-1);
  const lastClose = last === undefined ? null : (priceSteps(grid, last.close) ?? null);
  const state = analyticsInit({
    marketKey,
    grid,
    seed: { closedUntil, lastClose },
    config: { outlierLimit: outlierLimit(feedOf(marketKey)?.market ?? 'spot') },
  });
  analyticsHistory(state, history, longer);
  analyticsNeed(state, windows);
  return {
    tick: (tick) => analyticsTick(state, tick, sink),
    batch: (batch) => {
      analyticsBatch(state, batch, sink);
    },
    advance: (now) => {
      analyticsAdvance(state, now, sink);
    },
    mark: (mark) => {
      analyticsMark(state, mark);
    },
    quote: ({ bid, ask, at }) => {
      const steps = { bid: priceSteps(grid, bid), ask: priceSteps(grid, ask) };
      if (steps.bid !== undefined && steps.ask !== undefined)
        analyticsQuote(state, { bid: steps.bid, ask: steps.ask, at });
    },
    atr: () => indicatorValue(state.indicators['15m'], 'ATR_14') ?? null,
    need: (names) => {
      analyticsNeed(state, names);
    },
    view: (now) => {
      const { profiles, zones, gaps, analytics } = analyticsView(state, now);
      return { profiles, zones, gaps, analytics };
    },
  };
}
