/**
 * One trade on its way through the hot path, in steps of its market's {@link Grid}.
 *
 * Whoever is handed a tick copies what it keeps: the caller may use the same object for the next.
 */
export type Tick = {
  /** The venue's id: a number where the venue counts its trades, else text (MD-30). */
  readonly id: number | string;
  /** The venue's time, epoch milliseconds. */
  readonly at: number;
  /** Ticks, > 0. */
  readonly price: number;
  /** Lots, > 0. */
  readonly size: number;
  /** The aggressor's side. */
  readonly isBuy: boolean;
};
