import type { FlowSums } from './tick-window-read.ts';

/** Bought volume over sold volume; `insufficient` when nothing was traded, and then it says nothing. */
export type Imbalance = { readonly ratio: number; readonly insufficient: boolean };

/** What the ratio is when only one side traded: this, or one over this. */
export const RATIO_CAP = 10;

/**
 * Imbalance ratio B/S (IND-47): {@link RATIO_CAP} when nothing was sold, its inverse when nothing was bought, 1
 * and `insufficient` when neither. Measured ratios are not capped.
 */
export function imbalanceOf(
  { volume, buyVolume }: Pick<FlowSums, 'volume' | 'buyVolume'>,
  cap = RATIO_CAP,
): Imbalance {
  const sellVolume = volume - buyVolume;
  if (buyVolume <= 0 && sellVolume <= 0) return { ratio: 1, insufficient: true };
  if (sellVolume <= 0) return { ratio: cap, insufficient: false };
  if (buyVolume <= 0) return { ratio: 1 / cap, insufficient: false };
  return { ratio: buyVolume / sellVolume, insufficient: false };
}
