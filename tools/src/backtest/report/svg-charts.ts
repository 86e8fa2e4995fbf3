import type { Bin, Distribution, MonthReturn } from '@tradewind/core/backtest/breakdown';
import { html, type Html } from '../../lib/html.ts';
import { decimal, percent, toneOf } from './show-figure.ts';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** How much of its colour a month's cell shows: all of it at the largest return of the page, some of it at any. */
const strength = (value: number, largest: number): number =>
  largest === 0 ? 0 : Math.round(12 + 48 * (Math.abs(value) / largest));

function monthCell(value: number | undefined, largest: number): Html {
  if (value === undefined)
    return html`<td class="none"><span class="visually-hidden">none</span></td>`;
  return html`<td class="heat ${toneOf(value)}" style="--strength:${strength(value, largest)}%">
    ${decimal(value, 1)}
  </td>`;
}

/** Years under one another, months side by side: a table, coloured by how good each month was. */
export function monthlyTable(monthly: readonly MonthReturn[]): Html {
  const years = [...new Set(monthly.map(({ year }) => year))];
  const largest = monthly.reduce((most, { returnPct }) => Math.max(most, Math.abs(returnPct)), 0);
  const rows = years.map((year) => {
    const own = monthly.filter((one) => one.year === year);
    const whole =
      (own.reduce((product, { returnPct }) => product * (1 + returnPct / 100), 1) - 1) * 100;
    const cells = MONTHS.map((_, index) =>
      monthCell(own.find(({ month }) => month === index + 1)?.returnPct, largest),
    );
    return html`<tr>
      <th scope="row">${year}</th>
      ${cells}
      <td class="year ${toneOf(whole)}">${percent(whole)}</td>
    </tr>`;
  });
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Monthly returns">
    <table class="months">
      <caption class="visually-hidden">
        Return of each month, percent
      </caption>
      <thead>
        <tr>
          <th scope="col">Year</th>
          ${MONTHS.map((name) => html`<th scope="col">${name}</th>`)}
          <th scope="col">Year</th>
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}

const [WIDTH, HEIGHT, BASE] = [640, 220, 190];

/** One bar of the histogram; bars below zero and above it have colours of their own. */
function bar(
  { from, to, trades }: Bin,
  [index, width, highest]: readonly [number, number, number],
): Html {
  const tall = highest === 0 ? 0 : (trades / highest) * (BASE - 16);
  const tone = from >= 0 ? 'positive' : to <= 0 ? 'negative' : 'neutral';
  const label = `${decimal(from, 2)} to ${decimal(to, 2)} %: ${trades}`;
  return html`<rect
    class="${tone}"
    x="${(index * width + 1).toFixed(1)}"
    y="${(BASE - tall).toFixed(1)}"
    width="${Math.max(1, width - 2).toFixed(1)}"
    height="${tall.toFixed(1)}"
    rx="1"
    ><title>${label}</title></rect
  >`;
}

/** How the returns of trades are spread, as bars. */
export function histogram({ bins, quantiles }: Distribution): Html {
  const [first, last] = [bins[0], bins.at(-1)];
  if (first === undefined || last === undefined || quantiles === null)
    return html`<p class="empty">No trades, so there is nothing to spread.</p>`;
  const width = WIDTH / bins.length;
  const highest = bins.reduce((most, { trades }) => Math.max(most, trades), 0);
  const at = (value: number): number =>
    Math.min(WIDTH, Math.max(0, ((value - first.from) / (last.to - first.from)) * WIDTH));
  const summary = `Half of the trades returned between ${percent(quantiles.p25)} and ${percent(quantiles.p75)}; the middle one ${percent(quantiles.p50)}.`;
  const zero = at(0).toFixed(1);
  const middle = at(quantiles.p50).toFixed(1);
  return html`<figure class="histogram">
    <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${summary}">
      ${bins.map((bin, index) => bar(bin, [index, width, highest]))}
      <line class="axis" x1="0" x2="${WIDTH}" y1="${BASE}" y2="${BASE}" />
      <line class="zero" x1="${zero}" x2="${zero}" y1="8" y2="${BASE}" />
      <line class="middle" x1="${middle}" x2="${middle}" y1="8" y2="${BASE}" />
      <text x="0" y="${HEIGHT - 8}">${decimal(first.from, 2)} %</text>
      <text x="${WIDTH}" y="${HEIGHT - 8}" text-anchor="end">${decimal(last.to, 2)} %</text>
      <text x="${WIDTH}" y="14" text-anchor="end">${highest} trades</text>
    </svg>
    <figcaption>
      ${summary} The outer bars hold all that lies beyond them. Solid line: 0; dashed: the middle
      trade.
    </figcaption>
  </figure>`;
}
