import { imbalanceOf } from './imbalance.ts';
import type { FlowSums } from './tick-window-read.ts';

export type FlowSignal = 'BUY' | 'SELL' | 'NEUTRAL';

/** Thresholds of the ratio: for entries by confluence, and inside the cascade of levels (IND-51). */
export const FLOW_THRESHOLD = { confluence: 2.5, cascade: 2 } as const;
/** The window that order-flow signals look at, seconds. */
export const FLOW_WINDOW_SECONDS = 60;
/** Trades in that window below which there is no signal. */
export const MIN_FLOW_TRADES = 30;

/**
 * Order-flow signal (IND-51): BUY from a ratio of `threshold` on, SELL from its inverse down, else NEUTRAL.
 *
 * @param sums What was traded in the last 60 seconds.
 * @returns `undefined` below 30 trades: no signal, not a neutral one.
 * @throws RangeError unless `threshold` is finite and above 1.
 */
export function flowSignal(
  sums: Pick<FlowSums, 'volume' | 'buyVolume' | 'trades'>,
  threshold: number = FLOW_THRESHOLD.confluence,
): FlowSignal | undefined {
  if (!(threshold > 1 && threshold < Infinity))
    throw new RangeError(`Invariant: an imbalance threshold is above 1, was ${threshold}`);
  if (sums.trades < MIN_FLOW_TRADES) return undefined;
  const { ratio, insufficient } = imbalanceOf(sums);
  if (insufficient) return undefined;
  if (ratio >= threshold) return 'BUY';
  return ratio <= 1 / threshold ? 'SELL' : 'NEUTRAL';
}
