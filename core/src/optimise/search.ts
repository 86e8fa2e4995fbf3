import { unreachable } from '../lib/result.ts';
import type { Seed } from '../simulation/random.ts';
import { diceOf, roll, type Dice } from './dice.ts';
import { combinationsOf, sizeOf, type Point, type Space } from './space.ts';
import { parzenProposer, type Trial } from './tpe.ts';

export const SEARCH_METHODS = ['grid', 'random', 'bayes'] as const;
export type SearchMethod = (typeof SEARCH_METHODS)[number];

/** Random trials before the Bayesian search begins to learn. */
const FIRST_AT_RANDOM = 16;
/** Proposals in a row that are known already before a Bayesian search draws at random. */
const MAX_IDLE_PROPOSALS = 8;
/** Draws in a row that give nothing new before a random search holds the space for exhausted. */
const MAX_IDLE_DRAWS = 10_000;

/** A search under way. It learns from `tell` and is the same for the same space, seed and answers. */
type Search = {
  /** Up to `count` combinations, none of them a second time; fewer when there are no more. */
  readonly ask: (count: number) => readonly Point[];
  readonly tell: (trials: readonly Trial[]) => void;
  /** Combinations that were left out because the parameters' own rules refuse them. */
  readonly refused: () => number;
};

export type SearchPlan = {
  readonly space: Space;
  readonly method: SearchMethod;
  readonly seed: Seed;
  /** Whether the strategy takes the combination. */
  readonly accepts: (point: Point) => boolean;
};

/** The combination with a number: the last dimension changes fastest. */
function gridPoint(space: Space, number: number): Point {
  const point: number[] = [];
  let rest = number;
  for (const dimension of [...space].reverse()) {
    const size = sizeOf(dimension);
    point.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return point;
}

const randomPoint = (space: Space, dice: Dice): Point =>
  space.map((dimension) =>
    dimension.kind === 'range'
      ? dimension.from + dice() * (dimension.to - dimension.from)
      : roll(dice, sizeOf(dimension)),
  );

/** Where the next combination comes from; `null` when there is none left. `idle` draws in a row gave nothing new. */
type Source = (idle: number) => Point | null;

function gridSource(space: Space): Source {
  const total = combinationsOf(space);
  let number = 0;
  return () => {
    if (number >= total) return null;
    number += 1;
    return gridPoint(space, number - 1);
  };
}

function drawnSource({ space, method, seed }: SearchPlan, trials: readonly Trial[]): Source {
  const dice = diceOf(seed, `search ${method}`);
  let learned = 0;
  let propose: ((dice: Dice) => Point) | null = null;
  return (idle) => {
    const isBlind = method === 'random' || trials.length < FIRST_AT_RANDOM;
    if (isBlind || idle >= MAX_IDLE_PROPOSALS) return randomPoint(space, dice);
    if (propose === null || learned !== trials.length) propose = parzenProposer(space, trials);
    learned = trials.length;
    return propose(dice);
  };
}

function sourceOf(plan: SearchPlan, trials: readonly Trial[]): Source {
  switch (plan.method) {
    case 'grid':
      return gridSource(plan.space);
    case 'random':
    case 'bayes':
      return drawnSource(plan, trials);
    default:
      return unreachable(plan.method);
  }
}

/**
 * Begins a search: every combination in order (grid), seeded draws, or a Bayesian search that learns.
 *
 * @throws RangeError for a grid over a range without steps: it has no end.
 */
export function startSearch(plan: SearchPlan): Search {
  const { space, method } = plan;
  const total = combinationsOf(space);
  if (method === 'grid' && !Number.isFinite(total))
    throw new RangeError('Invariant: a grid has steps in every dimension');
  const trials: Trial[] = [];
  const next = sourceOf(plan, trials);
  const seen = new Set<string>();
  let refused = 0;
  /** A combination that is neither known nor refused; `null` when none is found. */
  const fresh = (): Point | null => {
    for (
      let idle = 0;
      seen.size < total && (method === 'grid' || idle < MAX_IDLE_DRAWS);
      idle += 1
    ) {
      const point = next(idle);
      if (point === null) return null;
      const key = point.join(' ');
      if (seen.has(key)) continue;
      seen.add(key);
      if (plan.accepts(point)) return point;
      refused += 1;
    }
    return null;
  };
  return {
    ask: (count) => {
      const points: Point[] = [];
      while (points.length < count) {
        const point = fresh();
        if (point === null) break;
        points.push(point);
      }
      return points;
    },
    tell: (told) => {
      trials.push(...told);
    },
    refused: () => refused,
  };
}
