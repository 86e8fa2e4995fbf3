/** Delta ratio from which one side may be absorbed. */
export const ABSORPTION_DELTA = 0.4;

/**
 * True when one side trades aggressively and the price goes the other way: passive orders take it all (IND-53).
 *
 * @param deltaRatio Delta over volume, -1 to 1.
 * @param move The price's move over the same time; only its sign counts.
 */
export const isAbsorbed = (deltaRatio: number, move: number): boolean =>
  Math.abs(deltaRatio) >= ABSORPTION_DELTA && deltaRatio * move < 0;
