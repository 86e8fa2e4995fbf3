import type { Bar } from '../market/bar.ts';

/** Whether the last closed bars of several timeframes point the same way (IND-93). */
export type Alignment = 'ALIGNED_BULLISH' | 'ALIGNED_BEARISH' | 'MIXED';

/**
 * Compares the last closed bar of each configured timeframe: up when it closed above its open, down when below.
 *
 * @returns `undefined` when there is no bar, or one of a timeframe is missing.
 */
export function alignmentOf(
  bars: readonly (Pick<Bar, 'open' | 'close'> | undefined)[],
): Alignment | undefined {
  const known = bars.filter((bar) => bar !== undefined);
  if (known.length === 0 || known.length < bars.length) return undefined;
  if (known.every(({ open, close }) => close > open)) return 'ALIGNED_BULLISH';
  return known.every(({ open, close }) => close < open) ? 'ALIGNED_BEARISH' : 'MIXED';
}
