import { parametersOf, type Parameter } from '@tradewind/core/optimise/parameters';
import { deflate, type Deflation } from '@tradewind/core/optimise/multiple-testing';
import { scoreOf, type Objective } from '@tradewind/core/optimise/objective';
import { realityCheck, type RealityCheck } from '@tradewind/core/optimise/reality-check';
import { startSearch, type SearchMethod } from '@tradewind/core/optimise/search';
import {
  paramsAt,
  valuesAt,
  type ParamValue,
  type Point,
  type Space,
} from '@tradewind/core/optimise/space';
import type { StrategyDefinition } from '@tradewind/core/strategy/strategy';
import * as z from 'zod';
import type { Pool } from './pool.ts';
import type { Outcome, Span, Tested } from './task.ts';

/** Combinations that a learning search asks for at a time: the same for any number of threads, and so is the search. */
const LEARNING_BATCH = 8;
const PLAIN_BATCH = 1_000;

/** The parameters of a strategy that can be searched. */
export const searchable = ({ paramsSchema }: StrategyDefinition): readonly Parameter[] =>
  parametersOf(z.toJSONSchema(paramsSchema, { io: 'input', unrepresentable: 'any' }));

export type SearchRequest = {
  readonly definition: StrategyDefinition;
  /** Parameters that are not searched keep these values. */
  readonly base: Readonly<Record<string, unknown>>;
  readonly space: Space;
  readonly method: SearchMethod;
  readonly trials: number;
  readonly objective: Objective;
  readonly minTrades: number;
  readonly seed: number;
};

/** One combination that was tried. */
export type Tried = {
  readonly values: Readonly<Record<string, ParamValue>>;
  /** `null` where it failed, or cannot be judged by the objective. */
  readonly score: number | null;
  readonly outcome: Outcome;
};

export type SearchResult = {
  /** In the order in which they were asked for. */
  readonly tried: readonly Tried[];
  /** Combinations that the parameters' own rules refuse. */
  readonly refused: number;
  readonly isStopped: boolean;
};

/** Searches; equal requests over equal data come to equal results, on any number of threads (STR-95). */
export async function runSearch(
  request: SearchRequest,
  pool: Pool,
  { span, onDone }: { readonly span: Span | null; readonly onDone?: () => void },
): Promise<SearchResult> {
  const { definition, base, space, method, trials, objective, minTrades, seed } = request;
  const paramsFor = (point: Point): unknown => paramsAt(base, space, point);
  const accepts = (point: Point): boolean => definition.prepare(paramsFor(point)).ok;
  const search = startSearch({ space, method, seed, accepts });
  const batch = method === 'bayes' ? LEARNING_BATCH : PLAIN_BATCH;
  const tried: Tried[] = [];
  for (;;) {
    const points = search.ask(Math.min(batch, trials - tried.length));
    if (points.length === 0) return { tried, refused: search.refused(), isStopped: false };
    const tasks = points.map((point) => ({ params: paramsFor(point), span }));
    const outcomes = await pool.run(tasks, onDone);
    const told = outcomes.map((outcome, index) => {
      const point = points[index] ?? [];
      const score = outcome.ok ? scoreOf(objective, outcome, minTrades) : null;
      return { point, score, outcome };
    });
    search.tell(told);
    tried.push(
      ...told.map(({ point, score, outcome }) => ({
        values: valuesAt(space, point),
        score,
        outcome,
      })),
    );
    if (outcomes.length < points.length)
      return { tried, refused: search.refused(), isStopped: true };
  }
}

/** A combination that could be judged. */
export type Ranked = Tried & { readonly score: number; readonly outcome: Tested };

const isRanked = (each: Tried): each is Ranked => each.score !== null && each.outcome.ok;

/** Those that could be judged, the best first; of equals the one that was tried earlier. */
export const rank = (tried: readonly Tried[]): readonly Ranked[] =>
  tried.filter(isRanked).sort((a, b) => b.score - a.score);

/** What the number of combinations does to what the best proves. */
export type Significance = {
  readonly basis: Tested['basis'];
  readonly deflation: Deflation;
  readonly realityCheck: RealityCheck;
};

/** Resamples cost as many steps as there are returns; so many are a second. */
const MAX_STEPS = 1e9;
/** Periods that stay together when they are resampled: longer than most streaks of a strategy's days. */
const MEAN_BLOCK = 5;

/** `null` where the best has too few returns to say anything. */
export function significanceOf(tried: readonly Tried[], seed: number): Significance | null {
  const [best] = rank(tried);
  if (best === undefined) return null;
  const all = tried.flatMap(({ outcome }) => (outcome.ok ? [outcome.returns] : []));
  const deflation = deflate(best.outcome.returns, all);
  if (deflation === null) return null;
  // Of one that lost everything there are fewer returns: it stays where it is.
  const periods = Math.max(...all.map(({ length }) => length));
  const columns = all.map((returns) =>
    Float64Array.from({ length: periods }, (_, row) => returns[row] ?? 0),
  );
  const resamples = Math.max(99, Math.min(999, Math.floor(MAX_STEPS / (all.length * periods))));
  return {
    basis: best.outcome.basis,
    deflation,
    realityCheck: realityCheck(columns, { resamples, meanBlock: MEAN_BLOCK, seed }),
  };
}
