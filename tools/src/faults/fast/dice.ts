/** Chance from a seed: the same seed throws the same dice. */
export type Dice = {
  /** Uniform on [0, 1). */
  readonly unit: () => number;
  /** True with probability `p`. */
  readonly chance: (p: number) => boolean;
  /** A whole number from `min` to `max`, both included. */
  readonly whole: (min: number, max: number) => number;
  readonly pick: <T>(items: readonly [T, ...T[]]) => T;
};

/** The mulberry32 generator, as in core/simulation/random, with its state kept here. */
export function createDice(seed: number): Dice {
  let state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) | 0;
  const unit = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  return {
    unit,
    chance: (p) => unit() < p,
    whole: (min, max) => min + Math.floor(unit() * (max - min + 1)),
    pick: (items) => items[Math.floor(unit() * items.length)] ?? items[0],
  };
}
