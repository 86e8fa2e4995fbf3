import type { Dice } from './dice.ts';

/** How often what goes wrong, as probabilities per request; drawn anew for each scenario. */
export type Rates = {
  /** The process ends before or after a request. */
  readonly kill: number;
  /** The process stands still for up to a minute. */
  readonly pause: number;
  /** The steps of one group of {@link STEP_GROUPS} at which processes stand still often; `null` = of none. */
  readonly sleepy: number | null;
  /** A commit finds another writer (ABORTED). */
  readonly contention: number;
  /** The store does not answer (UNAVAILABLE); a commit may have been made all the same. */
  readonly unavailable: number;
  /** A commit is made, and its repetition by the client finds its own writes. */
  readonly repeatedCommit: number;
  /** The venue's answer to an order is lost, late, or no answer. */
  readonly submit: number;
  /** Any other call to the venue fails or is out of date. */
  readonly query: number;
  /** Requests take this many times as long, at most. */
  readonly slowness: number;
  /** A task or trigger is delivered twice. */
  readonly twice: number;
  /** A task or trigger is delivered much later. */
  readonly late: number;
};

/**
 * Steps are divided into so many groups by their names. What only breaks when a process stands still between two
 * steps of many is met soon only when it stands still there again and again.
 */
const STEP_GROUPS = 24;

/** How often processes stand still after a step of the sleepy group. */
const SLEEPINESS = 0.3;

function groupOf(step: string): number {
  let hash = 0;
  for (let at = 0; at < step.length; at += 1) hash = (31 * hash + step.charCodeAt(at)) | 0;
  return Math.abs(hash) % STEP_GROUPS;
}

/** How likely a process stands still after this step. */
export const pauseAfter = ({ pause, sleepy }: Rates, step: string): number =>
  sleepy !== null && groupOf(step) === sleepy ? SLEEPINESS : pause;

/** No harm at all. */
export const CALM: Rates = {
  kill: 0,
  pause: 0,
  sleepy: null,
  contention: 0,
  unavailable: 0,
  repeatedCommit: 0,
  submit: 0,
  query: 0,
  slowness: 1,
  twice: 0,
  late: 0,
};

/** Some kinds of harm together, so that each pair of them is met soon. */
export function drawRates(dice: Dice): Rates {
  const maybe = (p: number, rate: number): number => (dice.chance(p) ? rate * dice.unit() : 0);
  return {
    ...CALM,
    kill: maybe(0.6, 0.04),
    pause: maybe(0.2, 0.02),
    sleepy: dice.chance(0.3) ? dice.whole(0, STEP_GROUPS - 1) : null,
    contention: maybe(0.3, 0.3),
    unavailable: maybe(0.3, 0.06),
    repeatedCommit: maybe(0.3, 0.1),
    submit: maybe(0.7, 1),
    query: maybe(0.5, 0.5),
    slowness: dice.chance(0.3) ? dice.whole(2, 20) : 1,
    twice: maybe(0.5, 0.6),
    late: maybe(0.3, 0.4),
  };
}
