import type { EpochMs } from '../lib/time.ts';

/**
 * Why a recorded decision, or what the ledger made of it, is not what a replay gives:
 *
 * - `data`: a bar is not the one that was decided on, or the warm-up began elsewhere;
 * - `timing`: it was evaluated at another time than its record can explain;
 * - `fill`: position or last fill are not what the ledger's fills add up to;
 * - `fee`: only fees are not;
 * - `code_version`: other code decided than the code that replays;
 * - `strategy_version`: another version of the strategy, or of its settings, decided;
 * - `windows`: values over trades are not on record;
 * - `unexplained`: all inputs are the same and yet the decision is not. This is a bug.
 */
export const CAUSES = [
  'data',
  'timing',
  'fill',
  'fee',
  'code_version',
  'strategy_version',
  'windows',
  'unexplained',
] as const;
export type Cause = (typeof CAUSES)[number];

/** One thing that is not as a replay has it. */
export type Difference = {
  /** Market time of the evaluation, or of the fill. */
  readonly at: EpochMs;
  /** Id of the bot's or strategy's document. */
  readonly bot: string;
  readonly market: string;
  readonly cause: Cause;
  /** What the replay gives. */
  readonly expected: string;
  /** What is on record. */
  readonly found: string;
  /** In words, for a person. */
  readonly detail: string;
};
