/** A value of an indicator, with all that says how far to trust it (IND-08). */
export type Reading = {
  /** The base's name, such as `RSI`. */
  readonly name: string;
  /** The variant's canonical name, such as `RSI_14`. */
  readonly variantId: string;
  readonly marketKey: string;
  /** Length of the bars, such as `1m`, or the window of trades. */
  readonly timeframe: string;
  /** `null` until ready and where it is not defined; `reason` says which. */
  readonly value: number | null;
  readonly ready: boolean;
  /** Of a bar that has not closed yet (IND-05). */
  readonly provisional: boolean;
  /** 0 to 1 (MD-11). */
  readonly dataQuality: number;
  /** When it was worked out, epoch milliseconds. */
  readonly ts: number;
  /** End of the last bar or trade that it knows, epoch milliseconds. */
  readonly inputsUpTo: number;
  /** Why there is no value, in words (IND-07); `null` when there is one. */
  readonly reason: string | null;
};

/** A candlestick pattern was completed by a closed bar (IND-22). Nothing trades on it unless configured. */
export type PatternDetected = {
  readonly type: 'PatternDetected';
  /** Such as `BULLISH_ENGULFING`. */
  readonly pattern: string;
  readonly marketKey: string;
  readonly timeframe: string;
  /** Close of the bar, epoch milliseconds. */
  readonly at: number;
};

const PREFIX = 'PATTERN_';

/** The patterns that readings of one closed bar show. Forming bars show none: they may still change. */
export const patternsDetected = (readings: readonly Reading[]): PatternDetected[] =>
  readings
    .filter(
      ({ name, variantId, value, provisional }) =>
        name.startsWith(PREFIX) && variantId === name && value === 1 && !provisional,
    )
    .map(({ name, marketKey, timeframe, inputsUpTo }) => ({
      type: 'PatternDetected',
      pattern: name.slice(PREFIX.length),
      marketKey,
      timeframe,
      at: inputsUpTo,
    }));
