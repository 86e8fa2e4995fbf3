import { seedFor, uniform, type Seed } from '../simulation/random.ts';

/** Uniform draws on [0, 1), one after the other; the same for the same seed and name. */
export type Dice = () => number;

/** A generator of its own for each purpose, so that one more draw here changes nothing there. */
export function diceOf(seed: Seed, purpose: string): Dice {
  let state = seedFor(seed, purpose);
  return () => {
    const draw = uniform(state);
    state = draw.seed;
    return draw.value;
  };
}

/** A whole number from 0 to `count - 1`. */
export const roll = (dice: Dice, count: number): number => Math.floor(dice() * count);

/** Puts a list in random order, in place (Fisher and Yates): every order is as likely. */
export function shuffle(list: unknown[], dice: Dice): void {
  for (let last = list.length - 1; last > 0; last -= 1) {
    const other = roll(dice, last + 1);
    [list[last], list[other]] = [list[other], list[last]];
  }
}
