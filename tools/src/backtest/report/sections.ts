import { DEFINITIONS, type Definition } from '@tradewind/core/backtest/definitions';
import type { Group } from '@tradewind/core/backtest/breakdown';
import { html, type Html } from '../../lib/html.ts';
import { time } from '../../data/show.ts';
import type { Report } from './report.ts';
import {
  amount,
  decimal,
  FIGURE_IDS,
  percent,
  shortAmount,
  showFigure,
  toneOf,
  toneOfFigure,
  type FigureId,
} from './show-figure.ts';

/** A part of the page under a heading of its own. */
export const panel = (id: string, title: string, body: Html): Html =>
  html`<section class="panel" id="${id}" aria-labelledby="${id}-title">
    <h2 id="${id}-title">${title}</h2>
    ${body}
  </section>`;

const TILES: readonly FigureId[] = [
  'totalReturnPct',
  'finalBalance',
  'maxDrawdownPct',
  'sharpe',
  'profitFactor',
  'winRate',
];

function tileNote(id: FigureId, { record, statistics: { figures, returnBasis } }: Report): string {
  const shown = (other: FigureId): string => showFigure(other, figures, record.quote);
  const notes: Partial<Record<FigureId, string>> = {
    totalReturnPct: `${shown('totalPnl')} after costs`,
    finalBalance: `from ${shown('initialBalance')}`,
    maxDrawdownPct: `longest ${shown('longestDrawdownMs')}`,
    sharpe: returnBasis === 'daily' ? 'from daily returns' : 'session, hourly returns',
    profitFactor: `expectancy ${shown('expectancy')}`,
    winRate: `of ${shown('totalTrades')} trades; ${shown('losing')} lost, ${shown('flat')} flat`,
  };
  return notes[id] ?? '';
}

/** A figure in large: an amount in few digits, its currency small. */
function large(id: FigureId, { statistics: { figures }, record: { quote } }: Report): Html {
  const value = figures[id];
  if (value === null || DEFINITIONS[id].unit !== 'quote')
    return html`${showFigure(id, figures, quote)}`;
  return html`${shortAmount(value)} <small>${quote}</small>`;
}

/** The few figures that are looked at first, and the grade. */
export function tiles(report: Report): Html {
  const { figures, grade } = report.statistics;
  const cells = TILES.map(
    (id) =>
      html`<div class="tile">
        <dt>${DEFINITIONS[id].name}</dt>
        <dd class="${toneOfFigure(id, figures)}">${large(id, report)}</dd>
        <dd class="note">${tileNote(id, report)}</dd>
      </div>`,
  );
  const letter = grade === null ? '–' : grade.letter;
  const note = grade === null ? 'needs 20 trades' : `${decimal(grade.points, 0)} of 100 points`;
  return html`<dl class="tiles">
    ${cells}
    <div class="tile">
      <dt>Grade</dt>
      <dd class="grade grade-${letter}">${letter}</dd>
      <dd class="note">${note}</dd>
    </div>
  </dl>`;
}

/** What has to be known before any figure is believed. */
export const warnings = ({ record }: Report): Html =>
  html`<section class="warnings" aria-label="What to know before believing it">
    <ul>
      ${record.warnings.map((text) => html`<li>${text}</li>`)}
    </ul>
  </section>`;

const figureRow = (id: FigureId, { statistics: { figures }, record }: Report): Html => {
  const { name, definition, absent } = DEFINITIONS[id];
  const isAbsent = figures[id] === null && absent !== undefined;
  return html`<tr>
    <th scope="row">${name}</th>
    <td class="number ${toneOfFigure(id, figures)}">${showFigure(id, figures, record.quote)}</td>
    <td class="definition">${definition}${isAbsent ? html` <em>None ${absent}.</em>` : ''}</td>
  </tr>`;
};

const GROUPS: readonly Definition['group'][] = ['Result', 'Risk', 'Trades', 'Activity and cost'];

/** Every statistic with its value and its definition. */
export function statisticsTables(report: Report): Html {
  const tables = GROUPS.map((group) => {
    const ids = FIGURE_IDS.filter((id) => DEFINITIONS[id].group === group);
    return html`<table class="figures">
      <caption>
        ${group}
      </caption>
      <thead class="visually-hidden">
        <tr>
          <th scope="col">Statistic</th>
          <th scope="col">Value</th>
          <th scope="col">Definition</th>
        </tr>
      </thead>
      <tbody>
        ${ids.map((id) => figureRow(id, report))}
      </tbody>
    </table>`;
  });
  return html`<div class="tables">${tables}</div>`;
}

const groupRow = (group: Group, quote: string): Html =>
  html`<tr>
    <th scope="row">${group.key}</th>
    <td class="number">${group.totalTrades}</td>
    <td class="number">${group.winRate === null ? '–' : `${decimal(group.winRate * 100, 1)} %`}</td>
    <td class="number ${toneOf(group.netPnl)}">${amount(group.netPnl)}</td>
    <td class="number">
      ${group.profitFactor === null ? (group.netPnl > 0 ? '∞' : '–') : decimal(group.profitFactor, 2)}
    </td>
    <td class="number ${toneOf(group.expectancy)}">
      ${group.expectancy === null ? '–' : amount(group.expectancy)}
    </td>
    <td class="number">${amount(group.fees)}<span class="visually-hidden"> ${quote}</span></td>
  </tr>`;

/** A table that scrolls by itself where the screen is narrow. */
export const scrolling = (label: string, table: Html): Html =>
  html`<div class="scroll" tabindex="0" role="region" aria-label="${label}">${table}</div>`;

/** The trades by a name of theirs. */
export function groupTable(title: string, groups: readonly Group[], quote: string): Html {
  const table = html`<table class="rows">
    <caption>
      ${title}, amounts in ${quote}
    </caption>
    <thead>
      <tr>
        <th scope="col">Name</th>
        <th scope="col" class="number">Trades</th>
        <th scope="col" class="number">Won</th>
        <th scope="col" class="number">Net P&amp;L</th>
        <th scope="col" class="number">Profit factor</th>
        <th scope="col" class="number">Expectancy</th>
        <th scope="col" class="number">Fees</th>
      </tr>
    </thead>
    <tbody>
      ${groups.map((group) => groupRow(group, quote))}
    </tbody>
  </table>`;
  return scrolling(title, table);
}

/** How often which reason kept a strategy from trading. */
export function reasonsTable({ result: { counts } }: Report): Html {
  const rows = [
    ...Object.entries(counts.holds).map(([reason, count]) => ({ reason, count, by: 'strategy' })),
    ...Object.entries(counts.rejections).map(([reason, count]) => ({
      reason,
      count,
      by: 'risk gate',
    })),
  ].sort((a, b) => b.count - a.count);
  if (rows.length === 0) return html`<p class="empty">Nothing ever kept it from trading.</p>`;
  const table = html`<table class="rows">
    <caption>
      ${decimal(counts.evaluations, 0)} bars judged, ${decimal(counts.signals, 0)} signals,
      ${decimal(counts.approved, 0)} approved, ${decimal(counts.fills, 0)} fills
    </caption>
    <thead>
      <tr>
        <th scope="col">Reason</th>
        <th scope="col">Said by</th>
        <th scope="col" class="number">Times</th>
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        ({ reason, count, by }) =>
          html`<tr>
            <th scope="row">${reason.replaceAll('_', ' ')}</th>
            <td>${by}</td>
            <td class="number">${decimal(count, 0)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
  return scrolling('Why it did not trade', table);
}

/** Where the data came from. */
export function sourcesTable({ record }: Report): Html {
  const rows = record.sources.map(
    (one) =>
      html`<tr>
        <th scope="row">${one.symbol}</th>
        <td>${one.place}</td>
        <td>${one.timeframe}</td>
        <td class="number">${decimal(one.bars, 0)}</td>
        <td class="number">${one.trades === 0 ? '–' : decimal(one.trades, 0)}</td>
        <td class="number">${decimal(one.coveragePct, 2)} %</td>
        <td>${time(one.from)} to ${time(one.to)}</td>
        <td class="mono">${one.digest.slice(0, 16)}</td>
      </tr>`,
  );
  const table = html`<table class="rows">
    <caption>
      Data, times in UTC
    </caption>
    <thead>
      <tr>
        <th scope="col">Symbol</th>
        <th scope="col">From</th>
        <th scope="col">Bars of</th>
        <th scope="col" class="number">Bars</th>
        <th scope="col" class="number">Trades</th>
        <th scope="col" class="number">Covered</th>
        <th scope="col">Span</th>
        <th scope="col">SHA-256</th>
      </tr>
    </thead>
    <tbody>
      ${rows}
    </tbody>
  </table>`;
  const supposed = record.sources.flatMap((one) =>
    one.supposed.map((text) => `${one.symbol}: ${text}`),
  );
  const list =
    supposed.length === 0
      ? ''
      : html`<ul class="supposed">
          ${supposed.map((text) => html`<li>${text}</li>`)}
        </ul>`;
  return html`${scrolling('Data', table)}${list}`;
}

/** Everything that is needed to run it again. */
export function configuration({ record }: Report): Html {
  const { selection } = record;
  const facts: readonly (readonly [string, string])[] = [
    ['Backtest', record.id],
    ['Made', `${time(record.createdAt)} UTC`],
    ['Code version', record.codeVersion],
    ['Seed', String(record.seed)],
    ['Result hash', record.resultHash],
    [
      'Chosen from',
      selection === null
        ? 'given, not searched for'
        : `${decimal(selection.tried, 0)} combinations${selection.isInSample ? ', on these very data' : ''}`,
    ],
  ];
  return html`<dl class="facts">
      ${facts.map(
        ([name, value]) =>
          html`<dt>${name}</dt>
            <dd>${value}</dd>`,
      )}
    </dl>
    <details>
      <summary>Whole configuration</summary>
      <pre tabindex="0">${JSON.stringify(record.config, null, 2)}</pre>
    </details>`;
}

/** The best and the worst month are worth a sentence. */
export function monthSentence({ statistics: { monthly } }: Report): string {
  const [first] = monthly;
  if (first === undefined) return '';
  const best = monthly.reduce((a, b) => (b.returnPct > a.returnPct ? b : a));
  const worst = monthly.reduce((a, b) => (b.returnPct < a.returnPct ? b : a));
  const name = ({ year, month }: typeof best): string =>
    `${year}-${String(month).padStart(2, '0')}`;
  return `${monthly.length} ${monthly.length === 1 ? 'month' : 'months'}; best ${name(best)} with ${percent(best.returnPct)}, worst ${name(worst)} with ${percent(worst.returnPct)}. The first and the last may be parts of months.`;
}
