import type { Seed } from '../simulation/random.ts';
import { diceOf, roll, type Dice } from './dice.ts';

/** Rows of one resample: blocks of random length from random places, as if the series were a ring. */
function resampledRows(periods: number, meanBlock: number, dice: Dice): Int32Array {
  const rows = new Int32Array(periods);
  let row = 0;
  for (let at = 0; at < periods; at += 1) {
    row = at === 0 || dice() < 1 / meanBlock ? roll(dice, periods) : (row + 1) % periods;
    rows[at] = row;
  }
  return rows;
}

const meanOf = (column: Float64Array): number =>
  column.reduce((sum, value) => sum + value, 0) / column.length;

export type RealityCheck = {
  readonly resamples: number;
  /** Probability that the best of as many strategies without any skill has at least this mean: never zero. */
  readonly pValue: number;
};

/**
 * White's reality check (2000): whether the best mean return of all that was tried is more than the luck of the
 * best. Periods are resampled for all at once in blocks (the stationary bootstrap of Politis and Romano 1994), so that it
 * knows how alike the combinations are, where Bonferroni takes them for independent.
 *
 * @param all returns of every combination, all of the same periods
 * @throws RangeError where these differ in length, or are none.
 */
export function realityCheck(
  all: readonly Float64Array[],
  {
    resamples,
    meanBlock,
    seed,
  }: { readonly resamples: number; readonly meanBlock: number; readonly seed: Seed },
): RealityCheck {
  const periods = all[0]?.length ?? 0;
  if (periods === 0 || all.some(({ length }) => length !== periods))
    throw new RangeError('Invariant: all combinations have returns of the same periods');
  const means = all.map(meanOf);
  const best = means.reduce((a, b) => Math.max(a, b));
  const dice = diceOf(seed, 'reality check');
  let asGood = 0;
  for (let resample = 0; resample < resamples; resample += 1) {
    const rows = resampledRows(periods, meanBlock, dice);
    // Once one resampled mean exceeds its own by the best's, the largest does.
    const exceeds = all.some((column, index) => {
      let sum = 0;
      for (const row of rows) sum += column[row] ?? 0;
      return sum / periods - (means[index] ?? 0) >= best;
    });
    if (exceeds) asGood += 1;
  }
  return { resamples, pValue: (1 + asGood) / (1 + resamples) };
}
