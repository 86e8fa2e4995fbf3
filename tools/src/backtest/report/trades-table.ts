import type { BacktestTrade } from '@tradewind/core/backtest/result';
import { toNumber } from '@tradewind/core/lib/units';
import { length, time } from '../../data/show.ts';
import { html, type Html } from '../../lib/html.ts';
import { scrolling } from './sections.ts';
import { amount, decimal, percent, price, toneOf } from './show-figure.ts';

/** Most trades that a page lists. */
export const MAX_LISTED = 1_000;

type Column = {
  readonly name: string;
  readonly isNumber: boolean;
  readonly show: (trade: BacktestTrade) => string;
  /** What it is sorted by. */
  readonly value: (trade: BacktestTrade) => number | string;
};

const text = (name: string, show: Column['show']): Column => ({
  name,
  isNumber: false,
  show,
  value: show,
});
/** What is not known is a dash, and sorted below everything. */
const numeric = (
  name: string,
  value: (trade: BacktestTrade) => number | null,
  show: (value: number) => string,
): Column => ({
  name,
  isNumber: true,
  value: (trade) => value(trade) ?? -Infinity,
  show: (trade) => {
    const known = value(trade);
    return known === null ? '–' : show(known);
  },
});

const COLUMNS: readonly Column[] = [
  {
    name: 'Opened',
    isNumber: false,
    show: ({ openedAt }) => time(openedAt),
    value: ({ openedAt }) => openedAt,
  },
  text('Symbol', ({ symbol }) => symbol),
  text('Side', ({ side }) => side),
  numeric('Quantity', ({ quantity }) => toNumber(quantity), price),
  numeric('Entry', ({ entryPrice }) => toNumber(entryPrice), price),
  numeric('Exit', ({ exitPrice }) => toNumber(exitPrice), price),
  text('Why left', ({ exitReason }) => exitReason.replaceAll('_', ' ')),
  numeric('Held', ({ openedAt, closedAt }) => closedAt - openedAt, length),
  numeric('Fees', ({ fees }) => toNumber(fees), amount),
  numeric('Net P&L', ({ netPnl }) => toNumber(netPnl), amount),
  numeric('Return', ({ netPnlPct }) => netPnlPct, percent),
  numeric(
    'MAE',
    ({ maePct }) => maePct,
    (value) => `${decimal(value, 2)} %`,
  ),
  numeric(
    'MFE',
    ({ mfePct }) => mfePct,
    (value) => `${decimal(value, 2)} %`,
  ),
  numeric(
    'R',
    ({ rMultiple }) => rMultiple,
    (value) => decimal(value, 2),
  ),
  numeric(
    'Slippage in',
    ({ slippageInPct }) => slippageInPct,
    (value) => `${decimal(value, 3)} %`,
  ),
  numeric(
    'Slippage out',
    ({ slippageOutPct }) => slippageOutPct,
    (value) => `${decimal(value, 3)} %`,
  ),
  text('Strategy', ({ strategyId }) => strategyId),
];
const TONED: ReadonlySet<string> = new Set(['Net P&L', 'Return']);

function cell(column: Column, trade: BacktestTrade): Html {
  const tone = TONED.has(column.name) ? ` ${toneOf(toNumber(trade.netPnl))}` : '';
  const kind = column.isNumber ? `number${tone}` : '';
  return html`<td class="${kind}" data-value="${column.value(trade)}">${column.show(trade)}</td>`;
}

const heading = ({ name, isNumber }: Column, index: number): Html =>
  html`<th
    scope="col"
    class="${isNumber ? 'number' : ''}"
    aria-sort="${index === 0 ? 'ascending' : 'none'}"
  >
    <button type="button">${name}</button>
  </th>`;

/** The trades, oldest first; of very many the last ones. Sortable by any column where scripts run. */
export function tradesTable(trades: readonly BacktestTrade[], quote: string): Html {
  if (trades.length === 0) return html`<p class="empty">No trade was closed.</p>`;
  const listed = [...trades].sort((a, b) => a.openedAt - b.openedAt).slice(-MAX_LISTED);
  const note =
    listed.length === trades.length
      ? `${decimal(trades.length, 0)} trades`
      : `The last ${decimal(listed.length, 0)} of ${decimal(trades.length, 0)} trades; all are in the CSV file beside the stored backtest`;
  const table = html`<table class="rows sortable">
    <caption>
      ${note}. Amounts in ${quote}, times in UTC; MAE and MFE are the worst and best price while it
      was open, from the entry; R is the net result over the risk to the first stop; slippage is how
      much worse than decided it was filled
    </caption>
    <thead>
      <tr>
        ${COLUMNS.map(heading)}
      </tr>
    </thead>
    <tbody>
      ${listed.map(
        (trade) =>
          html`<tr>
            ${COLUMNS.map((column) => cell(column, trade))}
          </tr>`,
      )}
    </tbody>
  </table>`;
  return html`<div class="tall">${scrolling('Trades', table)}</div>`;
}
