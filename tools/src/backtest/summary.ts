import { DEFINITIONS } from '@tradewind/core/backtest/definitions';
import type { Figures } from '@tradewind/core/backtest/statistics';
import { table, time } from '../data/show.ts';
import type { BacktestRecord } from './record.ts';
import { decimal, FIGURE_IDS, showFigure, type FigureId } from './report/show-figure.ts';

/** What of a kept backtest can be shown: a figure that an older version did not know is shown as none. */
export const figuresOf = ({ figures }: BacktestRecord): Figures =>
  Object.fromEntries(FIGURE_IDS.map((id) => [id, figures[id] ?? null])) as Figures;

export const gradeText = ({ grade }: BacktestRecord): string =>
  grade === null ? '– (needs 20 trades)' : `${grade.letter} (${decimal(grade.points, 0)} of 100)`;

const headOf = (record: BacktestRecord): string =>
  `${record.name} on ${record.symbols.join(', ')}, ${time(record.from)} to ${time(record.to)} UTC`;

/** A backtest in a screenful: its figures under their groups, and what to know before believing them. */
export function summaryOf(record: BacktestRecord): string {
  const figures = figuresOf(record);
  const groups = [...new Set(FIGURE_IDS.map((id) => DEFINITIONS[id].group))];
  const width = Math.max(...FIGURE_IDS.map((id) => DEFINITIONS[id].name.length)) + 2;
  const lines = groups.flatMap((group) => [
    '',
    group,
    ...FIGURE_IDS.filter((id) => DEFINITIONS[id].group === group).map(
      (id) => `  ${DEFINITIONS[id].name.padEnd(width)}${showFigure(id, figures, record.quote)}`,
    ),
  ]);
  const notes = record.warnings.map((text) => `  ${text}`);
  return [
    `SIMULATED. ${headOf(record)}`,
    `Grade ${gradeText(record)}`,
    ...lines,
    '',
    'Before you believe it',
    ...notes,
  ].join('\n');
}

const LISTED: readonly FigureId[] = [
  'totalReturnPct',
  'maxDrawdownPct',
  'sharpe',
  'profitFactor',
  'winRate',
  'totalTrades',
];

/** The backtests there are, a line for each. */
export const listOf = (records: readonly BacktestRecord[]): string =>
  table(
    ['Id', 'Made (UTC)', 'Name', 'Symbols', ...LISTED.map((id) => DEFINITIONS[id].name), 'Grade'],
    records.map((record) => [
      record.id.slice(0, 8),
      time(record.createdAt).slice(0, 16),
      record.name,
      record.symbols.length > 3 ? `${record.symbols.length} symbols` : record.symbols.join(', '),
      ...LISTED.map((id) => showFigure(id, figuresOf(record), record.quote)),
      record.grade?.letter ?? '–',
    ]),
  );

/** Everything in which two configurations differ, by its path. */
function differences(records: readonly BacktestRecord[]): string[][] {
  const flat = records.map(({ config }) => leaves(config, ''));
  const paths = [...new Set(flat.flatMap((one) => [...one.keys()]))];
  const own: ReadonlySet<string> = new Set(['sessionId', 'createdAt']);
  return paths
    .filter((path) => !own.has(path))
    .map((path) => [path, ...flat.map((one) => one.get(path) ?? '–')])
    .filter(([, ...values]) => new Set(values).size > 1);
}

function leaves(value: unknown, path: string): ReadonlyMap<string, string> {
  if (typeof value !== 'object' || value === null) return new Map([[path, String(value)]]);
  return new Map(
    Object.entries(value).flatMap(([name, each]) => [
      ...leaves(each, path === '' ? name : `${path}.${name}`),
    ]),
  );
}

/** Backtests side by side: every figure, and what of their inputs differs. */
export function comparisonOf(records: readonly BacktestRecord[]): string {
  const headings = ['', ...records.map(({ id }) => id.slice(0, 8))];
  const about = [
    ['Name', ...records.map(({ name }) => name)],
    ['Symbols', ...records.map(({ symbols }) => symbols.join(', '))],
    ['From (UTC)', ...records.map(({ from }) => time(from))],
    ['To (UTC)', ...records.map(({ to }) => time(to))],
    [
      'Data',
      ...records.map(({ sources }) => sources.map(({ digest }) => digest.slice(0, 8)).join(', ')),
    ],
    ['Code', ...records.map((record) => record.codeVersion)],
  ];
  const figures = FIGURE_IDS.map((id) => [
    DEFINITIONS[id].name,
    ...records.map((record) => showFigure(id, figuresOf(record), record.quote)),
  ]);
  const grades = ['Grade', ...records.map((record) => record.grade?.letter ?? '–')];
  const differing = differences(records);
  return [
    table(headings, about),
    '',
    table(headings, [...figures, grades]),
    '',
    differing.length === 0
      ? 'Their settings are the same.'
      : `What differs in their settings\n${table(headings, differing)}`,
  ].join('\n');
}
