import type { SeriesName } from '../market/bar.ts';

/** A value of an indicator, with all that says how far to trust it (IND-08). */
export type Reading = {
  /** The base's name, such as `RSI`. */
  readonly name: string;
  /** The variant's canonical name, such as `RSI_14`. */
  readonly variantId: string;
  readonly marketKey: string;
  /** Length of the bars; `null` for what is read of trades. */
  readonly timeframe: SeriesName | null;
  /** Seconds ago that a window of trades begins and ends, or its two lengths; `null` for all others. */
  readonly window: { readonly t1: number; readonly t2: number } | null;
  /** `null` until ready and where it is not defined; `reason` says which. */
  readonly value: number | null;
  readonly ready: boolean;
  /** Of a bar that has not closed yet, or of trades that are in no closed bar (IND-05). */
  readonly provisional: boolean;
  /** Not measured but inferred, as a spread without quotes (IND-37). */
  readonly estimated: boolean;
  /** 0 to 1 (MD-11). */
  readonly dataQuality: number;
  /** When it was worked out, epoch milliseconds. */
  readonly ts: number;
  /** End of the last bar, or time of the last trade, that it knows, epoch milliseconds; `null` before the first. */
  readonly inputsUpTo: number | null;
  /** Why there is no value, in words (IND-07); `null` when there is one. */
  readonly reason: string | null;
};

/** A candlestick pattern was completed by a closed bar (IND-22). Nothing trades on it unless configured. */
export type PatternDetected = {
  readonly type: 'PatternDetected';
  /** Such as `BULLISH_ENGULFING`. */
  readonly pattern: string;
  readonly marketKey: string;
  readonly timeframe: SeriesName;
  /** Close of the bar, epoch milliseconds. */
  readonly at: number;
};

const PREFIX = 'PATTERN_';

/** The patterns that readings of one closed bar show. Forming bars show none: they may still change. */
export const patternsDetected = (readings: readonly Reading[]): PatternDetected[] =>
  readings.flatMap(
    ({ name, variantId, marketKey, timeframe, value, provisional, inputsUpTo: at }) => {
      const isPattern = name.startsWith(PREFIX) && variantId === name;
      if (!isPattern || value !== 1 || provisional || timeframe === null || at === null) return [];
      const pattern = name.slice(PREFIX.length);
      return [{ type: 'PatternDetected', pattern, marketKey, timeframe, at }];
    },
  );
