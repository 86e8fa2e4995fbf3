import { flowSignal, FLOW_WINDOW_SECONDS, type FlowSignal } from '../orderflow/flow-signal.ts';
import { microstructureOf, type MicrostructureSignal } from '../orderflow/microstructure.ts';
import { coverage, priceAt, spanOf, sumsOver } from '../orderflow/tick-window-read.ts';
import { MIN_COVERAGE } from '../orderflow/tick-window-ready.ts';
import { tradeRate } from '../orderflow/trade-rate.ts';
import { indicatorValue } from './series-indicators.ts';
import type { AnalyticsState } from './state.ts';

/** Order flow of the last 60 seconds; `null`: no signal, which is not a neutral one. */
export type FlowView = {
  readonly signal: FlowSignal | null;
  readonly microstructure: MicrostructureSignal | null;
  readonly tags: ('absorption' | 'cvdDivergence')[];
};

const WINDOW = { t1: FLOW_WINDOW_SECONDS, t2: 0 };
/** The trade rate is compared with its mean over 15 minutes (IND-52). */
const USUAL = { t1: 900, t2: 0 };

/** The order flow as of `now` (IND-51 to IND-54). */
export function flowOf(state: AnalyticsState, now: number): FlowView {
  const { tape, config, indicators, steps } = state;
  const span = spanOf(WINDOW, now);
  const isCovered = coverage(tape, span) >= MIN_COVERAGE;
  const sums = sumsOver(tape, span);
  const [before, price] = [priceAt(tape, span.from), priceAt(tape, now)];
  const atr = indicatorValue(indicators['1m'], 'ATR_14');
  const isUsualKnown = coverage(tape, spanOf(USUAL, now)) >= MIN_COVERAGE;
  const isKnown = isCovered && isUsualKnown && atr !== undefined && price !== undefined;
  const micro = isKnown
    ? microstructureOf({
        sums,
        move: price - (before ?? price),
        atr: atr / steps.tickSize,
        tradeRate: tradeRate(tape, WINDOW, now),
        meanTradeRate: tradeRate(tape, USUAL, now),
      })
    : undefined;
  const tags: FlowView['tags'] = [];
  if (micro?.absorption === true) tags.push('absorption');
  if (state.lastDivergence !== null) tags.push('cvdDivergence');
  return {
    signal: isCovered ? (flowSignal(sums, config.flowThreshold) ?? null) : null,
    microstructure: micro?.signal ?? null,
    tags,
  };
}
