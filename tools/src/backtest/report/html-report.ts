import { readFileSync } from 'node:fs';
import { createRequire, stripTypeScriptTypes } from 'node:module';
import { dirname, join } from 'node:path';
import { time } from '../../data/show.ts';
import { html, trusted, type Html } from '../../lib/html.ts';
import { chartDataOf, MAX_CANDLES, type ChartData, type MarketChart } from './chart-data.ts';
import type { Report } from './report.ts';
import * as sections from './sections.ts';
import { decimal } from './show-figure.ts';
import { histogram, monthlyTable } from './svg-charts.ts';
import { tradesTable } from './trades-table.ts';

const PAGE = join(import.meta.dirname, '..', 'page');
/** The dashboard's colours and sizes: a report looks like what it reports on. */
const TOKENS = join(import.meta.dirname, '../../../../hosting/src/components/tokens.css');
/** The build of the charts that needs no module loader. */
const CHARTS = 'dist/lightweight-charts.standalone.production.js';

const read = (path: string): string => readFileSync(path, 'utf8');
/** Script text may not end its own element. */
const inScript = (text: string): string =>
  text.replaceAll('</', '<\\/').replaceAll('<!--', '<\\!--');

const styles = (): Html =>
  html`<style>
    ${trusted(read(TOKENS))}${trusted(read(join(PAGE, 'report.css')))}
  </style>`;

function scripts(data: ChartData): Html {
  const json = JSON.stringify(data).replaceAll('<', '\\u003c');
  const library = createRequire(import.meta.url).resolve('lightweight-charts/package.json');
  const charts = read(join(dirname(library), CHARTS));
  const own = stripTypeScriptTypes(read(join(PAGE, 'report-page.ts')));
  return html`<script type="application/json" id="chart-data">
      ${trusted(json)}
    </script>
    <script>
      ${trusted(inScript(charts))};
    </script>
    <script type="module">
      ${trusted(inScript(own))};
    </script>`;
}

function marketNote({ symbol, joined, trades, marked, candles }: MarketChart): string {
  const size =
    joined === 1
      ? `${decimal(candles.length, 0)} candles, each a bar of the data`
      : `${decimal(candles.length, 0)} candles, each of ${joined} bars of the data, so that the page stays small (at most ${decimal(MAX_CANDLES, 0)})`;
  const marks =
    marked === trades
      ? `all ${decimal(trades, 0)} trades are marked`
      : `the ${marked} trades that moved most money, of ${decimal(trades, 0)}, are marked`;
  return `${symbol}: ${size}; ${marks}.`;
}

function priceChart(data: ChartData, all: number): Html {
  const { markets } = data;
  const options = markets.map(
    ({ symbol }, index) => html`<option value="${index}">${symbol}</option>`,
  );
  const choice =
    markets.length < 2
      ? ''
      : html`<label class="choice"
          >Market
          <select id="market">
            ${options}
          </select></label
        >`;
  const left =
    all > markets.length
      ? html`<li>${`The ${markets.length} markets that traded most, of ${all}, are drawn.`}</li>`
      : '';
  return html`${choice}
    <div
      class="chart price"
      id="price-chart"
      role="img"
      aria-label="Candles with the trades marked; the trades are listed in a table below"
    ></div>
    <ul class="legend">
      <li class="entry">entry</li>
      <li class="win">exit with a gain</li>
      <li class="loss">exit with a loss</li>
    </ul>
    <ul class="notes">
      ${markets.map((market) => html`<li>${marketNote(market)}</li>`)}${left}
    </ul>`;
}

const curveChart = ({ curve }: ChartData, quote: string): Html =>
  html`<div
      class="chart curve"
      id="curve-chart"
      role="img"
      aria-label="Equity, drawdown and exposure over time; the figures are in the tables below"
    ></div>
    <p class="legend">
      ${`From top to bottom: equity in ${quote}, drawdown in percent of the highest equity so far, exposure in percent of equity. ${decimal(curve.length, 0)} points, evenly spaced; the drawdown in the statistics is of every bar. Drag to move, drag the time axis to zoom.`}
    </p>`;

function body(report: Report, data: ChartData): Html {
  const { record, statistics, result, series } = report;
  const { quote } = record;
  return html`<main>
    ${sections.tiles(report)} ${sections.warnings(report)}
    ${sections.panel('equity', 'Equity, drawdown and exposure', curveChart(data, quote))}
    ${sections.panel('price', 'Trades on the chart', priceChart(data, series.length))}
    <div class="pair">
      ${sections.panel(
        'months',
        'Monthly returns',
        html`${monthlyTable(statistics.monthly)}
          <p class="legend">${sections.monthSentence(report)}</p>`,
      )}
      ${sections.panel('distribution', 'Returns of trades', histogram(statistics.distribution))}
    </div>
    ${sections.panel('statistics', 'Statistics', sections.statisticsTables(report))}
    ${sections.panel('groups', 'By symbol, strategy and reason to leave', html`${sections.groupTable('By symbol', statistics.bySymbol, quote)}${sections.groupTable('By strategy', statistics.byStrategy, quote)}${sections.groupTable('By reason to leave', statistics.byExitReason, quote)}`)}
    ${sections.panel('trades', 'Trades', tradesTable(result.trades, quote))}
    ${sections.panel('reasons', 'Why it did not trade', sections.reasonsTable(report))}
    ${sections.panel('data', 'Data', sections.sourcesTable(report))}
    ${sections.panel('configuration', 'Configuration', sections.configuration(report))}
  </main>`;
}

/** Before the page is drawn: as dark as the reader's screen likes it. */
const THEME = `document.documentElement.dataset.theme=matchMedia('(prefers-color-scheme: dark)').matches?'dark':'light'`;

/** The report as one page that needs nothing else: no network, no other file. */
export function htmlReport(report: Report): string {
  const { record, result, series } = report;
  const data = chartDataOf(result, series, record.quote);
  const span = `${time(record.from)} to ${time(record.to)} UTC`;
  const page = html`<html lang="en" data-theme="light">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <meta
        http-equiv="Content-Security-Policy"
        content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"
      />
      <title>${`${record.name}, backtest ${record.id.slice(0, 8)}`}</title>
      ${styles()}
      <script>
        ${trusted(THEME)};
      </script>
    </head>
    <body>
      <header>
        <div>
          <p class="kind">Tradewind backtest <span class="badge">Simulated</span></p>
          <h1>${record.name}</h1>
          <p class="span">
            ${record.symbols.join(', ')} · ${span} · ${decimal(record.bars, 0)} bars
          </p>
        </div>
        <button type="button" id="theme" hidden>Light or dark</button>
      </header>
      ${body(report, data)}
      <footer>
        <p>
          ${`Backtest ${record.id} · code ${record.codeVersion} · seed ${record.seed}. Charts by TradingView Lightweight Charts. What happened in a simulation need not happen again; this is no advice.`}
        </p>
      </footer>
      <noscript
        ><p class="noscript">
          The two charts need scripts; everything else is here without them.
        </p></noscript
      >
      ${scripts(data)}
    </body>
  </html>`;
  return `<!doctype html>\n${page.markup}\n`;
}
