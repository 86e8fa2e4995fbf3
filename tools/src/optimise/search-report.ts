import { combinationsOf } from '@tradewind/core/optimise/space';
import { table } from '../data/show.ts';
import { paramsOf } from './params-of.ts';
import {
  significanceOf,
  rank,
  type Ranked,
  type SearchRequest,
  type SearchResult,
  type Significance,
  type Tried,
} from './search-run.ts';
import { shown, significanceWords, spaceTexts, valuesText } from './words.ts';

/** Combinations that are shown and kept with their figures. */
const BEST = 10;
const SHOWN_FAULTS = 5;

const KEPT_FIGURES = [
  'totalReturnPct',
  'sharpe',
  'sortino',
  'calmar',
  'profitFactor',
  'winRate',
  'maxDrawdownPct',
  'totalTrades',
] as const;

const figuresOf = ({ outcome: { figures } }: Ranked) =>
  Object.fromEntries(KEPT_FIGURES.map((name) => [name, figures[name]]));

const row = (
  { values, score, outcome: { figures, grade } }: Ranked,
  index: number,
): readonly string[] => [
  String(index + 1),
  shown(score, 3),
  shown(figures.totalReturnPct),
  shown(figures.sharpe),
  shown(figures.maxDrawdownPct),
  shown(figures.profitFactor),
  String(figures.totalTrades),
  grade?.letter ?? '–',
  valuesText(values),
];

/** A search, sorted out. */
type Sorted = {
  readonly best: readonly Ranked[];
  readonly failed: readonly { readonly values: Tried['values']; readonly fault: string }[];
  readonly unjudged: number;
  readonly significance: Significance | null;
};

function sorted({ seed }: SearchRequest, { tried }: SearchResult): Sorted {
  const ranked = rank(tried);
  const failed = tried.flatMap(({ values, outcome }) =>
    outcome.ok ? [] : [{ values, fault: outcome.fault }],
  );
  return {
    best: ranked.slice(0, BEST),
    failed,
    unjudged: tried.length - failed.length - ranked.length,
    significance: significanceOf(tried, seed),
  };
}

function textOf(
  request: SearchRequest,
  result: SearchResult,
  { best, failed, unjudged, significance }: Sorted,
): string {
  const { method, objective, minTrades, space, base, seed, definition } = request;
  const { tried, refused, isStopped } = result;
  const size = combinationsOf(space);
  const combinations = Number.isFinite(size) ? size.toLocaleString('en-US') : 'endless';
  const headings = [
    ' ',
    objective,
    'return %',
    'Sharpe',
    'max DD %',
    'PF',
    'trades',
    'grade',
    'values',
  ];
  const again = best
    .slice(0, 1)
    .map(({ values }) => `--params '${JSON.stringify(paramsOf(base, values))}'`)
    .map(
      (params) =>
        `The best again, with the same options: npm run tw -- backtest ${definition.id} ${params}`,
    );
  return [
    `${isStopped ? 'Stopped. ' : ''}Tried ${tried.length} of ${combinations} combinations (${method}, seed ${seed}): ${spaceTexts(space).join(' ')}`,
    `  ${refused} refused by the strategy's own rules, ${failed.length} failed, ${unjudged} not judged (fewer than ${minTrades} trades, or no ${objective})`,
    ...failed
      .slice(0, SHOWN_FAULTS)
      .map(({ values, fault }) => `  failed: ${valuesText(values)}: ${fault}`),
    '',
    ...(best.length === 0
      ? ['No combination could be judged.']
      : [
          table(headings, best.map(row)),
          '',
          ...significanceWords(significance),
          '',
          'These figures are of the data that the choice was made on. Prove it on others: npm run tw -- walk-forward',
          ...again,
        ]),
  ].join('\n');
}

function dataOf(request: SearchRequest, result: SearchResult, told: Sorted) {
  const { method, objective, minTrades, space, base, trials, seed, definition } = request;
  return {
    strategy: { id: definition.id, version: definition.version },
    search: { method, trials, objective, minTrades, seed, space: spaceTexts(space), base },
    tried: result.tried.length,
    refused: result.refused,
    isStopped: result.isStopped,
    unjudged: told.unjudged,
    failed: told.failed,
    best: told.best.map((each, index) => ({
      rank: index + 1,
      score: each.score,
      values: each.values,
      params: paramsOf(base, each.values),
      figures: figuresOf(each),
    })),
    significance: told.significance,
    verdict: significanceWords(told.significance).at(-1) ?? null,
    all: result.tried.map(({ values, score, outcome }) => ({
      values,
      score,
      trades: outcome.ok ? outcome.figures.totalTrades : null,
      returnPct: outcome.ok ? outcome.figures.totalReturnPct : null,
    })),
  };
}

/** What a search came to, in words and as data. */
export function searchReport(request: SearchRequest, result: SearchResult) {
  const told = sorted(request, result);
  const [first] = told.best;
  return {
    text: textOf(request, result, told),
    data: dataOf(request, result, told),
    headline:
      first === undefined
        ? 'nothing could be judged'
        : `best ${request.objective} ${shown(first.score, 3)} of ${result.tried.length}: ${valuesText(first.values)}`,
  };
}
