/**
 * What a report does in a browser: draws its two charts, sorts its trades, changes between light and dark. It runs as
 * it stands, without its types; the library of the charts is in the page before it.
 */
import type * as Charts from 'lightweight-charts';
import type { ChartData, MarketChart, Mark } from '../report/chart-data.ts';

declare const LightweightCharts: typeof Charts;

const { createChart, createSeriesMarkers, AreaSeries, BaselineSeries, CandlestickSeries } =
  LightweightCharts;
const root = document.documentElement;
const data = JSON.parse(document.getElementById('chart-data')?.textContent ?? '{}') as ChartData;
const color = (name: string): string => getComputedStyle(root).getPropertyValue(`--${name}`).trim();

type Chart = Charts.IChartApi;
const time = (seconds: number): Charts.UTCTimestamp => seconds as Charts.UTCTimestamp;
/** What draws a chart in the colours of the day. */
const painters: (() => void)[] = [];

const DAY_S = 86_400;
const [first, last] = [data.curve[0]?.[0] ?? 0, data.curve.at(-1)?.[0] ?? 0];

const told = (at: Charts.Time): string =>
  typeof at === 'number'
    ? `${new Date(at * 1_000).toISOString().slice(0, 16).replace('T', ' ')} UTC`
    : '';

function chartIn(id: string): Chart | undefined {
  const box = document.getElementById(id);
  if (box === null) return undefined;
  return createChart(box, {
    autoSize: true,
    layout: { attributionLogo: true, fontSize: 11, panes: { enableResize: false } },
    rightPriceScale: { borderVisible: false, minimumWidth: 72 },
    timeScale: {
      borderVisible: false,
      timeVisible: last - first < 7 * DAY_S,
      secondsVisible: false,
      minBarSpacing: 0.05,
    },
    localization: { timeFormatter: told },
    handleScroll: { vertTouchDrag: false, mouseWheel: false },
    handleScale: { mouseWheel: false },
  });
}

function paintChart(chart: Chart): void {
  const grid = { color: color('border') };
  chart.applyOptions({
    layout: {
      background: { type: LightweightCharts.ColorType.Solid, color: color('surface') },
      textColor: color('text-muted'),
      panes: { separatorColor: color('border') },
    },
    grid: { vertLines: grid, horzLines: grid },
  });
}

const PERCENT = {
  type: 'custom' as const,
  formatter: (value: number): string => `${value.toFixed(1)} %`,
};

/** Equity, drawdown and exposure, one above the other. */
function drawCurve(): void {
  const chart = chartIn('curve-chart');
  if (chart === undefined) return;
  const plain = { lastValueVisible: false, priceLineVisible: false, lineWidth: 1 as const };
  const equity = chart.addSeries(AreaSeries, { ...plain, lineWidth: 2 }, 0);
  const fall = { ...plain, priceFormat: PERCENT, baseValue: { type: 'price' as const, price: 0 } };
  const drawdown = chart.addSeries(BaselineSeries, fall, 1);
  const exposure = chart.addSeries(AreaSeries, { ...plain, priceFormat: PERCENT }, 2);
  const column = (index: 1 | 2 | 3) =>
    data.curve.map((row) => ({ time: time(row[0]), value: row[index] }));
  equity.setData(column(1));
  drawdown.setData(column(2));
  exposure.setData(column(3));
  chart.panes().forEach((pane, index) => {
    pane.setStretchFactor(index === 0 ? 3 : 1);
  });
  chart.timeScale().fitContent();
  painters.push(() => {
    paintChart(chart);
    const [bad, badSoft] = [color('negative'), color('negative-soft')];
    equity.applyOptions({
      lineColor: color('info'),
      topColor: color('info-soft'),
      bottomColor: 'transparent',
    });
    drawdown.applyOptions({
      topLineColor: bad,
      bottomLineColor: bad,
      bottomFillColor1: badSoft,
      bottomFillColor2: badSoft,
    });
    exposure.applyOptions({
      lineColor: color('neutral'),
      topColor: color('neutral-soft'),
      bottomColor: color('neutral-soft'),
    });
  });
}

/** Digits that show the steps of these prices. */
function digitsOf({ candles }: MarketChart): number {
  const digits = candles.slice(-200).map((row) => (String(row[4]).split('.')[1] ?? '').length);
  return Math.min(8, Math.max(2, ...digits));
}

function markOf({ time: at, kind, side }: Mark): Charts.SeriesMarker<Charts.Time> {
  const isBelow = (kind === 'entry') === (side === 'LONG');
  const tone = { entry: 'info', win: 'positive', loss: 'negative' }[kind];
  return {
    time: time(at),
    position: isBelow ? 'belowBar' : 'aboveBar',
    shape: isBelow ? 'arrowUp' : 'arrowDown',
    color: color(tone),
    size: 0.6,
  };
}

const [UP, DOWN] = ['#26a69a', '#ef5350'];

/** The candles of one market at a time, with where trades began and ended. */
function drawPrice(): void {
  const chart = chartIn('price-chart');
  const [market] = data.markets;
  if (chart === undefined || market === undefined) return;
  const candles = chart.addSeries(CandlestickSeries, {
    upColor: UP,
    downColor: DOWN,
    wickUpColor: UP,
    wickDownColor: DOWN,
    borderVisible: false,
    lastValueVisible: false,
    priceLineVisible: false,
  });
  const marks = createSeriesMarkers(candles, []);
  let shown = market;
  const show = (next: MarketChart): void => {
    shown = next;
    const precision = digitsOf(next);
    candles.applyOptions({
      priceFormat: { type: 'price', precision, minMove: 10 ** -precision },
    });
    candles.setData(
      next.candles.map(([at, open, high, low, close]) => ({
        time: time(at),
        open,
        high,
        low,
        close,
      })),
    );
    marks.setMarkers(next.marks.map(markOf));
    chart.timeScale().fitContent();
  };
  show(market);
  painters.push(() => {
    paintChart(chart);
    marks.setMarkers(shown.marks.map(markOf));
  });
  const choice = document.getElementById('market');
  if (choice instanceof HTMLSelectElement)
    choice.addEventListener('change', () => {
      show(data.markets[Number(choice.value)] ?? market);
    });
}

/** Sorts a table by a column; by the same again, the other way round. */
function sortBy(table: HTMLTableElement, heading: HTMLTableCellElement): void {
  const [body] = table.tBodies;
  if (body === undefined) return;
  const isDescending = heading.getAttribute('aria-sort') === 'ascending';
  const valueOf = (row: HTMLTableRowElement): string =>
    row.cells[heading.cellIndex]?.dataset['value'] ?? '';
  const compare = (a: string, b: string): number => {
    const difference = Number(a) - Number(b);
    return Number.isNaN(difference) ? a.localeCompare(b) : difference;
  };
  const way = isDescending ? -1 : 1;
  body.append(...[...body.rows].sort((a, b) => compare(valueOf(a), valueOf(b)) * way));
  for (const other of table.querySelectorAll('th')) other.setAttribute('aria-sort', 'none');
  heading.setAttribute('aria-sort', isDescending ? 'descending' : 'ascending');
}

for (const table of document.querySelectorAll<HTMLTableElement>('table.sortable'))
  table.tHead?.addEventListener('click', ({ target }) => {
    const heading = target instanceof Element ? target.closest('th') : null;
    if (heading !== null) sortBy(table, heading);
  });

const themeOf = (): string => root.dataset['theme'] ?? 'light';
function setTheme(theme: string): void {
  root.dataset['theme'] = theme;
  for (const paint of painters) paint();
}

const button = document.getElementById('theme');
if (button !== null) {
  button.hidden = false;
  button.addEventListener('click', () => {
    setTheme(themeOf() === 'dark' ? 'light' : 'dark');
  });
}
// Paper is white.
let before = themeOf();
addEventListener('beforeprint', () => {
  before = themeOf();
  setTheme('light');
});
addEventListener('afterprint', () => {
  setTheme(before);
});

drawCurve();
drawPrice();
setTheme(themeOf());
