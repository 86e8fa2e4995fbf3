import { barCount } from '../indicator/guard.ts';
import type { Bar } from '../market/bar.ts';
import { hasTraded } from './bar-context.ts';

/** Bars that a volume is compared with (IND-92): with the last one twenty. */
const BARS_BEFORE = 19;

/** Mean volume of the last bars, without those that nothing was traded in (MD-44). JSON-able. */
export type VolumeAverageState = {
  readonly period: number;
  /** Ring of the last `period` volumes; `null` for an empty or incomplete bar. */
  readonly ring: (number | null)[];
  slot: number;
  /** Sum and count of those that are not `null`. */
  sum: number;
  count: number;
};

/** An average that has seen nothing. @throws RangeError unless `period` is an integer >= 1. */
export const volumeAverageInit = (period: number): VolumeAverageState => ({
  period: barCount('period', period),
  ring: [],
  slot: 0,
  sum: 0,
  count: 0,
});

type Volume = Pick<Bar, 'volume' | 'trades' | 'incomplete'>;

/**
 * Feeds a closed bar, in place; the mean volume of those of the last `period` bars that have trades, and all of
 * them. Volumes in lots are whole, so the running sum stays exact.
 *
 * @returns Lots; `undefined` until `period` bars were fed, and while none of them counts.
 */
export function volumeAverageNext(state: VolumeAverageState, bar: Volume): number | undefined {
  const leaving = state.ring[state.slot] ?? null;
  if (leaving !== null) {
    state.sum -= leaving;
    state.count -= 1;
  }
  const counts = hasTraded(bar) && !bar.incomplete;
  state.ring[state.slot] = counts ? bar.volume : null;
  state.slot = (state.slot + 1) % state.period;
  if (counts) {
    state.sum += bar.volume;
    state.count += 1;
  }
  return volumeAverageOf(state);
}

/** The mean as of the last bar, as {@link volumeAverageNext} tells it. */
const volumeAverageOf = ({ ring, period, sum, count }: VolumeAverageState): number | undefined =>
  ring.length < period || count === 0 ? undefined : sum / count;

/** A volume average over the bars before the last one. JSON-able. */
export type VolumeSpikeState = { readonly before: VolumeAverageState };

export const volumeSpikeInit = (): VolumeSpikeState => ({
  before: volumeAverageInit(BARS_BEFORE),
});

/**
 * Feeds a closed 1m bar, in place: its volume by the mean of the 19 before it, those without trades left out
 * (IND-92).
 *
 * @returns A ratio, >= 0; `undefined` until 19 bars came before, and while none of them has volume.
 */
export function volumeSpikeNext({ before }: VolumeSpikeState, bar: Volume): number | undefined {
  const mean = volumeAverageOf(before);
  volumeAverageNext(before, bar);
  return mean === undefined || mean <= 0 ? undefined : bar.volume / mean;
}
