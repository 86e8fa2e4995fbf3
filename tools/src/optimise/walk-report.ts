import { table, time } from '../data/show.ts';
import type { SearchRequest } from './search-run.ts';
import { summarise, type Forward, type WalkOptions } from './walk-run.ts';
import { shown, spaceTexts, valuesText } from './words.ts';

const date = (at: number): string => time(at).slice(0, 16);

const rowOf = ({ window, chosen, proof, tried }: Forward): readonly string[] => [
  date(window.from),
  date(window.cut),
  date(window.to),
  String(tried),
  shown(chosen?.outcome.figures.totalReturnPct ?? null),
  shown(proof?.figures.totalReturnPct ?? null),
  shown(proof?.figures.maxDrawdownPct ?? null),
  String(proof?.figures.totalTrades ?? 0),
  chosen === null ? 'nothing could be chosen' : valuesText(chosen.values),
];

/** What a walk forward says, in words. */
function verdictOf({ totalReturnPct, efficiency }: ReturnType<typeof summarise>): string {
  if (totalReturnPct <= 0)
    return 'Outside of what it was chosen on it loses: the search found the past, not a rule.';
  if (efficiency === null)
    return 'It gained outside, where nothing was gained inside: that is chance, not the search.';
  return efficiency >= 0.5
    ? 'Outside it keeps at least half of what it gained inside: the choice holds.'
    : 'Outside it keeps less than half of what it gained inside: most of that was fitted to the past.';
}

/** What a walk forward came to, in words and as data. */
export function walkReport(
  request: SearchRequest,
  options: WalkOptions,
  forwards: readonly Forward[],
) {
  const summary = summarise(forwards);
  const { method, trials, objective, minTrades, seed, space, base, definition } = request;
  const verdict = forwards.length === 0 ? 'Stopped before the first proof.' : verdictOf(summary);
  const text = [
    `Walk forward, ${options.windowing}, ${forwards.length} of ${options.windows} windows; ${method} search by ${objective}: ${spaceTexts(space).join(' ')}`,
    '',
    table(
      [
        'searched from',
        'to',
        'proven to',
        'tried',
        'inside %',
        'outside %',
        'max DD %',
        'trades',
        'chosen',
      ],
      forwards.map(rowOf),
    ),
    '',
    `Outside, joined   ${shown(summary.totalReturnPct)} %, max drawdown ${shown(summary.maxDrawdownPct)} % between days, Sharpe ${shown(summary.sharpe)}, ${summary.trades} trades`,
    `Windows that gain ${summary.profitable} of ${forwards.length}`,
    `Efficiency        ${shown(summary.efficiency)} (growth a day outside over inside; null where nothing was gained inside)`.replace(
      'null',
      '–',
    ),
    verdict,
  ].join('\n');
  const data = {
    strategy: { id: definition.id, version: definition.version },
    search: { method, trials, objective, minTrades, seed, space: spaceTexts(space), base },
    ...options,
    windowsDone: forwards.length,
    forwards: forwards.map(({ window, tried, chosen, proof }) => ({
      ...window,
      tried,
      values: chosen?.values ?? null,
      insidePct: chosen?.outcome.figures.totalReturnPct ?? null,
      outsidePct: proof?.figures.totalReturnPct ?? null,
      trades: proof?.figures.totalTrades ?? null,
    })),
    ...summary,
    verdict,
  };
  const headline = `outside ${shown(summary.totalReturnPct)} %, efficiency ${shown(summary.efficiency)}`;
  return { text, data, headline };
}
