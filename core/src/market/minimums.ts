import type { SeriesName } from './bar.ts';

/** What the analytics of a timeframe need, and how often they are made anew (01, section 6). */
export type Minimum = {
  readonly windowMs: number;
  /** Trades within the window. Empty candles have none. */
  readonly trades: number;
  readonly refreshMs: number;
};

export const MINIMUMS: Readonly<Record<SeriesName, Minimum>> = {
  '1s': { windowMs: 1_000, trades: 1, refreshMs: 1_000 },
  '15s': { windowMs: 15_000, trades: 30, refreshMs: 5_000 },
  '1m': { windowMs: 60_000, trades: 60, refreshMs: 10_000 },
  '5m': { windowMs: 300_000, trades: 200, refreshMs: 30_000 },
  '15m': { windowMs: 900_000, trades: 500, refreshMs: 60_000 },
  '1h': { windowMs: 3_600_000, trades: 1_500, refreshMs: 120_000 },
};

/** Trades that a timeframe needs: a symbol may ask for fewer, in paper mode only (MD-50). */
export function minimumTrades(
  series: SeriesName,
  { isPaper, override }: { readonly isPaper: boolean; readonly override?: number | undefined },
): number {
  const { trades } = MINIMUMS[series];
  return isPaper && override !== undefined && override >= 0 && override < trades
    ? override
    : trades;
}

/** Whether a timeframe's analytics mean something; what does not suffice is no signal, never a neutral zero. */
export type Readiness =
  | { readonly kind: 'ready' }
  | {
      readonly kind: 'insufficient';
      /** In words, for people. */
      readonly reason: string;
      readonly missing: number;
      /** Milliseconds until enough trades will have come at this pace; `null` when they would not. */
      readonly etaMs: number | null;
    };

/** What the window of a timeframe has held so far. */
export type WindowSoFar = {
  /** Trades within the last `windowMs`. */
  readonly trades: number;
  /** How much of the window has been watched, milliseconds: less than all of it just after a start. */
  readonly watchedMs: number;
  readonly needed: number;
};

/** Judges a timeframe's window (MD-50, MD-51). */
export function readiness(
  series: SeriesName,
  { trades, watchedMs, needed }: WindowSoFar,
): Readiness {
  if (trades >= needed) return { kind: 'ready' };
  const { windowMs } = MINIMUMS[series];
  const missing = needed - (trades > 0 ? trades : 0);
  const perMs = watchedMs > 0 && trades > 0 ? trades / Math.min(watchedMs, windowMs) : 0;
  // At this pace a full window would hold `perMs * windowMs`: if that is too few, waiting does not help.
  const etaMs = perMs * windowMs >= needed ? Math.ceil(missing / perMs) : null;
  const held = `${trades > 0 ? trades : 0} of ${needed} trades within ${windowMs / 1_000} s`;
  const wait =
    etaMs === null
      ? 'at this pace there will not be enough'
      : `ready in about ${Math.max(1, Math.round(etaMs / 1_000))} s`;
  return { kind: 'insufficient', reason: `${held}; ${wait}`, missing, etaMs };
}
