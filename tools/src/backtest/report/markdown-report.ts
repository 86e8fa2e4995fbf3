import { DEFINITIONS } from '@tradewind/core/backtest/definitions';
import type { Group } from '@tradewind/core/backtest/breakdown';
import { toNumber } from '@tradewind/core/lib/units';
import { length, time } from '../../data/show.ts';
import type { Report } from './report.ts';
import { amount, decimal, FIGURE_IDS, percent, price, showFigure } from './show-figure.ts';

/** Most trades that the text lists. */
const MAX_LISTED = 20;

/** Text inside a table: a bar would end the cell, and angle brackets would be markup. */
const cell = (text: string): string =>
  text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('\n', ' ');

const tableOf = (headings: readonly string[], rows: readonly (readonly string[])[]): string =>
  [headings, headings.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.map(cell).join(' | ')} |`)
    .join('\n');

function groups(title: string, list: readonly Group[], quote: string): string {
  const rows = list.map((group) => [
    group.key,
    decimal(group.totalTrades, 0),
    group.winRate === null ? '–' : `${decimal(group.winRate * 100, 1)} %`,
    amount(group.netPnl),
    amount(group.fees),
  ]);
  return tableOf([title, 'Trades', 'Won', `Net P&L (${quote})`, `Fees (${quote})`], rows);
}

function months({ statistics: { monthly } }: Report): string {
  if (monthly.length === 0) return 'No day was closed.';
  return tableOf(
    ['Month', 'Return'],
    monthly.map(({ year, month, returnPct }) => [
      `${year}-${String(month).padStart(2, '0')}`,
      percent(returnPct),
    ]),
  );
}

function distribution({
  statistics: {
    distribution: { quantiles },
  },
}: Report): string {
  if (quantiles === null) return 'No trades.';
  const { p5, p25, p50, p75, p95 } = quantiles;
  return tableOf(
    ['5 % of trades below', '25 %', '50 %', '75 %', '95 %'],
    [[p5, p25, p50, p75, p95].map(percent)],
  );
}

function trades({ result, record }: Report): string {
  const last = [...result.trades].sort((a, b) => a.openedAt - b.openedAt).slice(-MAX_LISTED);
  if (last.length === 0) return 'No trade was closed.';
  const rows = last.map((trade) => [
    time(trade.openedAt),
    trade.symbol,
    trade.side,
    price(toNumber(trade.quantity)),
    price(toNumber(trade.entryPrice)),
    price(toNumber(trade.exitPrice)),
    length(trade.closedAt - trade.openedAt),
    trade.exitReason.replaceAll('_', ' '),
    amount(toNumber(trade.netPnl)),
  ]);
  const note =
    last.length === result.trades.length
      ? ''
      : `The last ${last.length} of ${decimal(result.trades.length, 0)}.\n\n`;
  return `${note}${tableOf(['Opened (UTC)', 'Symbol', 'Side', 'Quantity', 'Entry', 'Exit', 'Held', 'Why left', `Net P&L (${record.quote})`], rows)}`;
}

function data({ record }: Report): string {
  const rows = record.sources.map((one) => [
    one.symbol,
    one.place,
    one.timeframe,
    decimal(one.bars, 0),
    `${decimal(one.coveragePct, 2)} %`,
    one.digest.slice(0, 16),
  ]);
  const supposed = record.sources.flatMap((one) =>
    one.supposed.map((text) => `- ${one.symbol}: ${text}`),
  );
  return [
    tableOf(['Symbol', 'From', 'Bars of', 'Bars', 'Covered', 'SHA-256'], rows),
    '',
    ...supposed,
  ].join('\n');
}

/** The report in brief, as Markdown. */
export function markdownReport(report: Report): string {
  const { record, statistics } = report;
  const { figures, grade } = statistics;
  const rows = FIGURE_IDS.map((id) => [
    DEFINITIONS[id].name,
    showFigure(id, figures, record.quote),
    DEFINITIONS[id].definition,
  ]);
  return `# ${record.name}: backtest

**SIMULATED.** ${record.symbols.join(', ')}, ${time(record.from)} to ${time(record.to)} UTC, ${decimal(record.bars, 0)} bars.
Grade: ${grade === null ? '– (needs 20 trades)' : `${grade.letter}, ${decimal(grade.points, 0)} of 100 points`}.

## Before you believe it

${record.warnings.map((text) => `- ${text}`).join('\n')}

## Statistics

${tableOf(['Statistic', 'Value', 'Definition'], rows)}

## Monthly returns

${months(report)}

## Returns of trades

${distribution(report)}

## By symbol, strategy and reason to leave

${groups('Symbol', statistics.bySymbol, record.quote)}

${groups('Strategy', statistics.byStrategy, record.quote)}

${groups('Why left', statistics.byExitReason, record.quote)}

## Trades

${trades(report)}

## Data

${data(report)}

## Configuration

Backtest \`${record.id}\`, code \`${record.codeVersion}\`, seed ${record.seed}, made ${time(record.createdAt)} UTC, result \`${record.resultHash}\`.

\`\`\`json
${JSON.stringify(record.config, null, 2)}
\`\`\`
`;
}
