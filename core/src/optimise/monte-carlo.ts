import type { Seed } from '../simulation/random.ts';
import { diceOf, roll, shuffle, type Dice } from './dice.ts';
import { spreadOf, type Spread } from './spread.ts';

/** `reshuffle`: the same trades in another order; `bootstrap`: as many trades, drawn with replacement. */
export type Resampling = 'reshuffle' | 'bootstrap';

type MonteCarlo = {
  readonly runs: number;
  /** Final over initial equity, 1 = unchanged. The same in every order, hence of interest with `bootstrap` only. */
  readonly growth: Spread;
  /** Deepest fall between closes of trades, percent of the peak. */
  readonly maxDrawdownPct: Spread;
  /** Share of the runs, 0 to 1, that ended below where they began. */
  readonly lossProbability: number;
  /** Share of the runs in which equity fell to the ruin level at some time. */
  readonly ruinProbability: number;
};

export type MonteCarloPlan = {
  /** Each trade's net result as a share of the equity before it: 0.01 = one percent gained. */
  readonly returns: readonly number[];
  readonly resampling: Resampling;
  readonly runs: number;
  /** Loss of the initial equity that counts as ruin, percent. */
  readonly ruinPct: number;
  readonly seed: Seed;
};

/** Final equity, lowest equity, deepest fall in percent; from an equity of 1. */
function walk(returns: readonly number[]): readonly [number, number, number] {
  let [equity, peak, lowest, deepest] = [1, 1, 1, 0];
  for (const each of returns) {
    equity = Math.max(0, equity * (1 + each));
    peak = Math.max(peak, equity);
    lowest = Math.min(lowest, equity);
    deepest = Math.max(deepest, 1 - equity / peak);
  }
  return [equity, lowest, deepest * 100];
}

function resampled({ returns, resampling }: MonteCarloPlan, dice: Dice): readonly number[] {
  if (resampling === 'bootstrap')
    return returns.map(() => returns[roll(dice, returns.length)] ?? 0);
  const order = [...returns];
  shuffle(order, dice);
  return order;
}

/**
 * What the same trades could have come to in another order, or others like them (seeded). Trades are taken as
 * independent of each other: streaks that the market makes are not in it.
 *
 * @throws RangeError without trades or runs.
 */
export function monteCarlo(plan: MonteCarloPlan): MonteCarlo {
  if (plan.returns.length === 0 || plan.runs < 1)
    throw new RangeError('Invariant: a Monte Carlo has trades and runs');
  const dice = diceOf(plan.seed, `monte carlo ${plan.resampling}`);
  const ruinLevel = 1 - plan.ruinPct / 100;
  const growth = new Float64Array(plan.runs);
  const drawdown = new Float64Array(plan.runs);
  let [losses, ruins] = [0, 0];
  for (let run = 0; run < plan.runs; run += 1) {
    const [final, lowest, deepest] = walk(resampled(plan, dice));
    growth[run] = final;
    drawdown[run] = deepest;
    if (final < 1) losses += 1;
    if (lowest <= ruinLevel) ruins += 1;
  }
  return {
    runs: plan.runs,
    growth: spreadOf(growth),
    maxDrawdownPct: spreadOf(drawdown),
    lossProbability: losses / plan.runs,
    ruinProbability: ruins / plan.runs,
  };
}
