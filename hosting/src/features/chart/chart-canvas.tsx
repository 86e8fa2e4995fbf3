import {
  CandlestickSeries,
  createChart,
  createSeriesMarkers,
  HistogramSeries,
  LineSeries,
  LineStyle,
  type IChartApi,
  type IPriceLine,
  type ISeriesApi,
  type ISeriesMarkersPluginApi,
  type Time,
  type UTCTimestamp,
} from 'lightweight-charts';
import { useEffect, useRef } from 'react';
import { epochMs } from '@tradewind/core/lib/time';
import type { Theme } from '../../lib/use-theme.ts';
import { formatClock, formatFull } from '../../lib/time-format.ts';
import type { Bar } from './bars.ts';
import styles from './chart-panel.module.css';
import { emaLine } from './ema-line.ts';
import type { Marker } from './markers.ts';
import type { PriceLine } from './price-lines.ts';

export type ChartProps = {
  readonly bars: readonly Bar[];
  readonly markers: readonly Marker[];
  readonly lines: readonly PriceLine[];
  readonly show: { readonly volume: boolean; readonly ema20: boolean; readonly ema50: boolean };
  readonly decimals: number;
  readonly theme: Theme;
  readonly label: string;
  readonly onMarker: (id: string | null) => void;
};

const UP = '#26a69a';
const DOWN = '#ef5350';
const COLORS = {
  dark: { background: '#1a1a1a', grid: '#2a2a2a', text: '#d1d4dc' },
  light: { background: '#ffffff', grid: '#eceef2', text: '#30353d' },
} as const;
const LINE_COLORS = {
  entry: '#2196F3',
  stop: '#F44336',
  target: '#4CAF50',
  profile: '#a56bff',
} as const;

const toTime = (at: number): UTCTimestamp => (at / 1_000) as UTCTimestamp;
const fromTime = (time: Time): number => (typeof time === 'number' ? time * 1_000 : 0);

type Parts = {
  readonly chart: IChartApi;
  readonly candles: ISeriesApi<'Candlestick'>;
  readonly volume: ISeriesApi<'Histogram'>;
  readonly ema20: ISeriesApi<'Line'>;
  readonly ema50: ISeriesApi<'Line'>;
  readonly markers: ISeriesMarkersPluginApi<Time>;
  priceLines: IPriceLine[];
  drawn: readonly Bar[];
};

function build(box: HTMLElement): Parts {
  const chart = createChart(box, {
    autoSize: true,
    layout: { attributionLogo: false, fontSize: 11, panes: { enableResize: false } },
    rightPriceScale: { borderVisible: false },
    timeScale: {
      borderVisible: false,
      timeVisible: true,
      secondsVisible: false,
      rightOffset: 6,
      barSpacing: 7,
      tickMarkFormatter: (time: Time) => formatClock(epochMs(fromTime(time))).slice(0, 5),
    },
    localization: { timeFormatter: (time: Time) => formatFull(epochMs(fromTime(time))) },
  });
  const candles = chart.addSeries(CandlestickSeries, {
    upColor: UP,
    downColor: DOWN,
    wickUpColor: UP,
    wickDownColor: DOWN,
    borderVisible: false,
  });
  const volume = chart.addSeries(HistogramSeries, {
    priceFormat: { type: 'volume' },
    priceScaleId: 'volume',
    lastValueVisible: false,
    priceLineVisible: false,
  });
  chart.priceScale('volume').applyOptions({ scaleMargins: { top: 0.84, bottom: 0 } });
  const line = (color: string): ISeriesApi<'Line'> =>
    chart.addSeries(LineSeries, {
      color,
      lineWidth: 1,
      lastValueVisible: false,
      priceLineVisible: false,
      crosshairMarkerVisible: false,
    });
  return {
    chart,
    candles,
    volume,
    ema20: line('#f0b90b'),
    ema50: line('#a56bff'),
    markers: createSeriesMarkers(candles, []),
    priceLines: [],
    drawn: [],
  };
}

const volumeOf = ({ openAt, open, close, volume }: Bar) => ({
  time: toTime(openAt),
  value: volume,
  color: close >= open ? `${UP}66` : `${DOWN}66`,
});
const candleOf = ({ openAt, open, high, low, close }: Bar) => ({
  time: toTime(openAt),
  open,
  high,
  low,
  close,
});

/** Redraws only the last bar when nothing else changed: prices arrive often, bars seldom. */
function drawBars(parts: Parts, bars: readonly Bar[]): void {
  const last = bars.at(-1);
  const sameButLast =
    parts.drawn.length === bars.length &&
    bars.length > 1 &&
    bars
      .slice(0, -1)
      .every(
        (bar, i) => bar.openAt === parts.drawn[i]?.openAt && bar.close === parts.drawn[i].close,
      );
  if (sameButLast && last !== undefined) {
    parts.candles.update(candleOf(last));
    parts.volume.update(volumeOf(last));
  } else {
    parts.candles.setData(bars.map(candleOf));
    parts.volume.setData(bars.map(volumeOf));
    parts.ema20.setData(
      emaLine(bars, 20).map(({ openAt, value }) => ({ time: toTime(openAt), value })),
    );
    parts.ema50.setData(
      emaLine(bars, 50).map(({ openAt, value }) => ({ time: toTime(openAt), value })),
    );
  }
  parts.drawn = bars;
}

/** Candles on a canvas. It draws what it is given and knows nothing of Firestore. */
export default function ChartCanvas(props: ChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const parts = useRef<Parts | null>(null);
  const onMarker = useRef(props.onMarker);
  onMarker.current = props.onMarker;

  useEffect(() => {
    if (box.current === null) return;
    const built = build(box.current);
    parts.current = built;
    built.chart.subscribeClick(({ hoveredInfo }) => {
      const id = hoveredInfo?.objectId;
      onMarker.current(typeof id === 'string' ? id : null);
    });
    return () => {
      built.chart.remove();
      parts.current = null;
    };
  }, []);

  useEffect(() => {
    const { background, grid, text } = COLORS[props.theme];
    parts.current?.chart.applyOptions({
      layout: { background: { color: background }, textColor: text },
      grid: { vertLines: { color: grid }, horzLines: { color: grid } },
    });
  }, [props.theme]);

  useEffect(() => {
    parts.current?.candles.applyOptions({
      priceFormat: { type: 'price', precision: props.decimals, minMove: 10 ** -props.decimals },
    });
  }, [props.decimals]);

  useEffect(() => {
    if (parts.current !== null) drawBars(parts.current, props.bars);
  }, [props.bars]);

  useEffect(() => {
    parts.current?.markers.setMarkers(
      props.markers.map(({ id, openAt, shape, above, color, text }) => ({
        id,
        time: toTime(openAt),
        shape,
        color,
        text,
        position: above ? ('aboveBar' as const) : ('belowBar' as const),
      })),
    );
  }, [props.markers]);

  useEffect(() => {
    const current = parts.current;
    if (current === null) return;
    current.priceLines.forEach((line) => {
      current.candles.removePriceLine(line);
    });
    current.priceLines = props.lines.map(({ price, title, kind }) =>
      current.candles.createPriceLine({
        price,
        title,
        color: LINE_COLORS[kind],
        lineWidth: 1,
        lineStyle: kind === 'entry' ? LineStyle.Solid : LineStyle.Dashed,
        axisLabelVisible: true,
      }),
    );
  }, [props.lines]);

  useEffect(() => {
    parts.current?.volume.applyOptions({ visible: props.show.volume });
    parts.current?.ema20.applyOptions({ visible: props.show.ema20 });
    parts.current?.ema50.applyOptions({ visible: props.show.ema50 });
  }, [props.show]);

  return <div ref={box} className={styles['canvas']} role="img" aria-label={props.label} />;
}
