/** Lengths of the candles that the stream builds, in milliseconds, each a multiple of the one before (MD-40). */
export const SERIES = {
  '1s': 1_000,
  '15s': 15_000,
  '1m': 60_000,
  '5m': 300_000,
  '15m': 900_000,
  '1h': 3_600_000,
} as const;
export type SeriesName = keyof typeof SERIES;

/** A closed or forming candle in steps of its market's {@link Grid}. Additive fields are safe integers (MD-41). */
export type Bar = {
  /** Start of `[openAt, openAt + length)`, epoch milliseconds. */
  readonly openAt: number;
  /** Ticks; without trades all four are the close before (MD-44). */
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  /** Lots. */
  readonly volume: number;
  /** Lots that aggressors bought; the rest of `volume` they sold. */
  readonly buyVolume: number;
  /** Σ price × size, in ticks × lots; a float where it passes 2^53. */
  readonly turnover: number;
  readonly trades: number;
  readonly buyTrades: number;
  readonly gapFilled: boolean;
  /** Trades of it are known to be missing (MD-73). */
  readonly incomplete: boolean;
};

/** What an indicator reads of a bar, as floats in quote and base units. */
export type BarValues = {
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
};
