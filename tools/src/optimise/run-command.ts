import { hashId } from '@tradewind/core/lib/ids';
import { combinationsOf, type Space } from '@tradewind/core/optimise/space';
import type { Objective } from '@tradewind/core/optimise/objective';
import type { SearchMethod } from '@tradewind/core/optimise/search';
import { Presets, SingleBar } from 'cli-progress';
import type { Answer } from '../cli/answer.ts';
import { Fault } from '../lib/fault.ts';
import { createPool, type Pool } from './pool.ts';
import { spaceOf, titleOf, type Problem, type SpaceOptions } from './problem.ts';
import { REGISTRY } from './registry-path.ts';
import { runSearch, type SearchRequest } from './search-run.ts';
import { searchReport } from './search-report.ts';
import { keepOptimisation, type OptimisationRecord } from './store.ts';
import { validate } from './validate.ts';
import { spaceTexts } from './words.ts';
import { walkForward, windowsFor, type WalkOptions } from './walk-run.ts';
import { walkReport } from './walk-report.ts';

export type SearchOptions = SpaceOptions & {
  readonly search: SearchMethod;
  readonly trials: number;
  readonly objective: Objective;
  readonly minTrades: number;
  readonly threads: number;
  readonly deadline: number;
};

/** More than this is hours of work that nobody meant. */
const MAX_GRID = 100_000;

function whole(value: number, option: string, least: number): void {
  if (!Number.isSafeInteger(value) || value < least)
    throw new Fault(`${option} takes a whole number of at least ${least}.`);
}

function assertGrid(space: Space, { search, trials }: SearchOptions): void {
  if (search !== 'grid') return;
  const size = combinationsOf(space);
  if (!Number.isFinite(size))
    throw new Fault(
      'A grid has steps in every range: write FROM..TO:STEP, or search with --search random or bayes.',
    );
  if (size > MAX_GRID && trials > MAX_GRID)
    throw new Fault(
      `The grid has ${size.toLocaleString('en-US')} combinations. Use larger steps, --trials, or --search random or bayes.`,
    );
}

function requestOf(problem: Problem, options: SearchOptions): SearchRequest {
  const { definition, params, config } = problem;
  const { search: method, trials, objective, minTrades, threads } = options;
  whole(trials, '--trials', 1);
  whole(minTrades, '--min-trades', 0);
  whole(threads, '--threads', 1);
  if (!(options.deadline > 0)) throw new Fault('--deadline takes seconds above zero.');
  const space = spaceOf(definition, options);
  assertGrid(space, options);
  return {
    definition,
    base: params,
    space,
    method,
    trials,
    objective,
    minTrades,
    seed: config.seed,
  };
}

/** A bar on stderr where a person watches it; the cursor stays, so that Ctrl-C leaves nothing to mend. */
function startBar(total: number): { readonly one: () => void; readonly stop: () => void } {
  if (!process.stderr.isTTY) return { one: () => undefined, stop: () => undefined };
  const format = '{bar} {percentage}% | {value} of {total} combinations | ETA {eta_formatted}';
  const bar = new SingleBar(
    { format, stream: process.stderr, hideCursor: false, clearOnComplete: true },
    Presets.shades_classic,
  );
  bar.start(total, 0);
  return {
    one: () => {
      bar.increment();
    },
    stop: () => {
      bar.stop();
    },
  };
}

type Running = { readonly pool: Pool; readonly onDone: () => void };

/** Runs on threads with a bar; Ctrl-C stops it, and what is known by then is told. */
async function onThreads<T>(
  { config, series }: Problem,
  { options, total }: { readonly options: SearchOptions; readonly total: number },
  use: (running: Running) => Promise<T>,
): Promise<T> {
  const stop = new AbortController();
  const onInterrupt = (): void => {
    stop.abort();
  };
  process.once('SIGINT', onInterrupt);
  const bar = startBar(total);
  const { threads, deadline } = options;
  const pool = createPool(
    { config, series, registry: REGISTRY },
    { threads, deadlineMs: deadline * 1_000, signal: stop.signal },
  );
  try {
    return await use({ pool, onDone: bar.one });
  } finally {
    bar.stop();
    await pool.close();
    process.off('SIGINT', onInterrupt);
  }
}

type Found = { readonly text: string; readonly headline: string; readonly data: object };

/** Keeps what was found and tells where. */
function kept(
  problem: Problem,
  { kind, asked }: { readonly kind: OptimisationRecord['kind']; readonly asked: object },
  found: Found & { readonly ok: boolean },
): Answer {
  const title = titleOf(problem);
  const id = hashId(kind, problem.config.sessionId, JSON.stringify(asked));
  const markets = problem.series.map(({ marketKey, timeframe, length, openAt }) => ({
    marketKey,
    timeframe,
    bars: length,
    from: openAt[0] ?? null,
    to: openAt.at(-1) ?? null,
  }));
  const path = keepOptimisation({
    schemaVersion: 1,
    id,
    kind,
    title,
    headline: found.headline,
    createdAt: Date.now(),
    codeVersion: problem.config.codeVersion,
    text: found.text,
    data: JSON.parse(JSON.stringify({ markets, ...found.data })) as OptimisationRecord['data'],
  });
  return {
    ok: found.ok,
    text: `${title}\n${found.text}\n\nKept as ${id.slice(0, 8)}: ${path}`,
    data: { id, kind, title, headline: found.headline, markets, ...found.data, file: path },
  };
}

/** Everything that a search's result depends on, as its id is made of it. */
const askedOf = ({
  definition,
  method,
  trials,
  objective,
  minTrades,
  space,
  base,
}: SearchRequest) => ({
  version: definition.version,
  method,
  trials,
  objective,
  minTrades,
  space: spaceTexts(space),
  base,
});

/** `tw optimise`. */
export async function optimise(problem: Problem, options: SearchOptions): Promise<Answer> {
  const request = requestOf(problem, options);
  const total = Math.min(request.trials, combinationsOf(request.space));
  const result = await onThreads(problem, { options, total }, ({ pool, onDone }) =>
    runSearch(request, pool, { span: null, onDone }),
  );
  const found = searchReport(request, result);
  const ok = !result.isStopped && found.data.best.length > 0;
  return kept(problem, { kind: 'search', asked: askedOf(request) }, { ...found, ok });
}

/** `tw walk-forward`. */
export async function walk(
  problem: Problem,
  options: SearchOptions & WalkOptions,
): Promise<Answer> {
  const request = requestOf(problem, options);
  const { windows, ratio, windowing } = options;
  whole(windows, '--windows', 1);
  if (!(ratio > 0)) throw new Fault('--ratio takes a number above zero.');
  const bars = Math.max(...problem.series.map(({ length }) => length));
  if (bars < 10 * (windows + ratio))
    throw new Fault(
      `${bars} bars are too few for ${windows} windows: give more data or fewer --windows.`,
    );
  const total = windows * Math.min(request.trials, combinationsOf(request.space));
  const forwards = await onThreads(problem, { options, total }, ({ pool, onDone }) =>
    walkForward(request, pool, { windows: windowsFor(problem, options), onDone }),
  );
  const walked = { windows, ratio, windowing };
  const found = walkReport(request, walked, forwards);
  const asked = { ...askedOf(request), ...walked };
  return kept(
    problem,
    { kind: 'walk-forward', asked },
    { ...found, ok: forwards.length === windows },
  );
}

export type ValidateOptions = {
  readonly runs: number;
  readonly ruin: number;
  readonly tolerance: number;
};

/** `tw validate`. */
export function validateProblem(problem: Problem, options: ValidateOptions): Answer {
  const { runs, ruin: ruinPct, tolerance } = options;
  whole(runs, '--runs', 1);
  if (!(ruinPct > 0 && ruinPct <= 100))
    throw new Fault('--ruin takes a percentage above 0 and up to 100.');
  if (!(tolerance > 0)) throw new Fault('--tolerance takes a share above zero, such as 0.001.');
  const asked = { runs, ruinPct, tolerance, seed: problem.config.seed };
  const say = (words: string): void => {
    if (process.stderr.isTTY) process.stderr.write(`${words}\n`);
  };
  return kept(problem, { kind: 'validation', asked }, validate(problem, asked, { say }));
}
