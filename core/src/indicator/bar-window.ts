import type { BarValues } from '../market/bar.ts';

/** The last bars, oldest first, by column. JSON-able. */
export type BarWindow = {
  readonly size: number;
  readonly open: number[];
  readonly high: number[];
  readonly low: number[];
  readonly close: number[];
  readonly volume: number[];
  /** Why the last computation failed; `null` when it did not. */
  fault: string | null;
};

/** A window without bars that keeps at most `size`. */
export const windowInit = (size: number): BarWindow => ({
  size,
  open: [],
  high: [],
  low: [],
  close: [],
  volume: [],
  fault: null,
});

/** Keeps one more bar, and drops the oldest when there are too many. */
export function windowPush(window: BarWindow, bar: BarValues): void {
  for (const column of ['open', 'high', 'low', 'close', 'volume'] as const) {
    const values = window[column];
    values.push(bar[column]);
    if (values.length > window.size) values.shift();
  }
}

/**
 * Computes with code that is not ours: what it throws becomes a fault of the window, and no value.
 *
 * @returns `undefined` when `compute` threw.
 */
export function isolated<T>(window: BarWindow, compute: () => T): T | undefined {
  try {
    const value = compute();
    window.fault = null;
    return value;
  } catch (error) {
    window.fault = error instanceof Error ? error.message : String(error);
    return undefined;
  }
}
