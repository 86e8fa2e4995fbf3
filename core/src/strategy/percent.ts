/**
 * `part` in percent of `whole`, to nine decimals: prices are floats here, and what meets a limit exactly is to be
 * seen meeting it.
 */
export const percent = (part: number, whole: number): number =>
  Math.round((1e11 * part) / whole) / 1e9;
