import type { PositionDoc } from '@tradewind/contracts/documents/book';
import type { OrderDoc, SignalDoc } from '@tradewind/contracts/documents/execution';
import { chunkDoc, type LivePriceDoc, type MarketDoc } from '@tradewind/contracts/documents/market';
import type { EpochMs } from '@tradewind/core/lib/time';
import { TIMEFRAMES, type Timeframe } from '@tradewind/core/market/market';
import { lazy, Suspense, useEffect, useMemo, useState } from 'react';
import { Button } from '../../components/button.tsx';
import { Aging, Empty, Failed, Faults, Panel, Skeleton } from '../../components/panel.tsx';
import { PriceBadges } from '../../components/price-badges.tsx';
import { Segmented } from '../../components/segmented.tsx';
import { decimalsOf, formatPrice } from '../../lib/format.ts';
import { dataOf } from '../../lib/loaded.ts';
import { priceMarks } from '../../lib/price-marks.ts';
import { targets } from '@tradewind/contracts/watch-targets';
import { useLoaded } from '../../lib/use-loaded.ts';
import type { Theme } from '../../lib/use-theme.ts';
import { barsOf, formingNext, grouped, withForming, type Bar } from './bars.ts';
import styles from './chart-panel.module.css';
import { ChartTable } from './chart-table.tsx';
import { chartView } from './chart-view.ts';
import { MarkerCard, markedOf } from './marker-card.tsx';
import { markersOf } from './markers.ts';
import { priceLines, profileLines } from './price-lines.ts';

const ChartCanvas = lazy(() => import('./chart-canvas.tsx'));

const FRAMES = (Object.keys(TIMEFRAMES) as Timeframe[]).map((value) => ({ value, label: value }));
const OVERLAYS = [
  ['volume', 'Volume'],
  ['ema20', 'EMA 20'],
  ['ema50', 'EMA 50'],
  ['levels', 'Levels'],
  ['profile', 'Profile'],
] as const;
type Show = Readonly<Record<(typeof OVERLAYS)[number][0], boolean>>;

type Props = {
  readonly markets: readonly MarketDoc[];
  readonly prices: readonly LivePriceDoc[];
  readonly positions: readonly PositionDoc[];
  readonly signals: readonly SignalDoc[];
  readonly orders: readonly OrderDoc[];
  readonly theme: Theme;
  readonly now: EpochMs;
  readonly marketNow: EpochMs;
};

/** The minute that forms from live prices; it starts anew with another market. */
function useForming(live: LivePriceDoc | undefined, marketKey: string): Bar | null {
  const [state, setState] = useState<{ readonly marketKey: string; readonly bar: Bar | null }>({
    marketKey,
    bar: null,
  });
  useEffect(() => {
    if (live === undefined) return;
    setState((before) => ({
      marketKey,
      bar: formingNext(before.marketKey === marketKey ? before.bar : null, live),
    }));
  }, [live, marketKey]);
  return state.marketKey === marketKey ? state.bar : null;
}

function Legend() {
  return (
    <div className={styles['legend']}>
      <span>
        <b className={styles['s1']}>●</b> opportunity
      </span>
      <span>
        <b className={styles['z1']}>▲</b> entry
      </span>
      <span>
        <b className={styles['ze1']}>▼</b> exit
      </span>
      <span>
        <b className={styles['e1']}>■</b> stop, target, by hand
      </span>
      <span>
        <b className={styles['o1']}>×</b> cancelled
      </span>
      <span>grey: not executed</span>
      <span className={styles['spacer']}>
        Chart by{' '}
        <a href="https://www.tradingview.com/" target="_blank" rel="noreferrer">
          TradingView
        </a>
      </span>
    </div>
  );
}

function ChartOf({
  market,
  frame,
  show,
  asTable,
  ...props
}: Props & {
  readonly market: MarketDoc;
  readonly frame: Timeframe;
  readonly show: Show;
  readonly asTable: boolean;
}) {
  const { marketKey } = market;
  const { signals, orders, positions } = props;
  const size = TIMEFRAMES[frame];
  const chunks = useLoaded(targets.chunks(marketKey), chunkDoc);
  const live = props.prices.find((one) => one.marketKey === marketKey);
  const forming = useForming(live, marketKey);
  const closed = useMemo(() => barsOf(dataOf(chunks)), [chunks]);
  const bars = useMemo(() => grouped(withForming(closed, forming), size), [closed, forming, size]);
  const markers = useMemo(
    () => markersOf({ signals, orders }, marketKey, size),
    [signals, orders, marketKey, size],
  );
  const lines = useMemo(
    () => [
      ...(show.levels ? priceLines(positions, marketKey) : []),
      ...(show.profile ? profileLines(dataOf(chunks), frame) : []),
    ],
    [positions, marketKey, show.levels, show.profile, chunks, frame],
  );
  const [marked, setMarked] = useState<string | null>(null);
  const view = chartView(chunks, bars, { live, now: props.now });
  const decimals = decimalsOf(market.tickSize);
  const detail = markedOf(marked, { signals, orders });
  switch (view.kind) {
    case 'loading':
      return <Skeleton rows={8} label="Loading candles" />;
    case 'failed':
      return <Failed what="Candles unavailable" message={view.message} />;
    case 'empty':
      return (
        <Empty title="No candles yet">They appear as soon as the first minute has closed.</Empty>
      );
    case 'bars':
      return (
        <div className={styles['stage']}>
          <Faults faults={view.faults} />
          <Aging stale={view.stale}>
            {asTable ? (
              <ChartTable
                bars={bars}
                signals={signals.filter((one) => one.marketKey === marketKey)}
                decimals={decimals}
                now={props.marketNow}
              />
            ) : (
              <Suspense fallback={<Skeleton rows={8} label="Loading the chart" />}>
                <ChartCanvas
                  key={`${marketKey}-${frame}`}
                  bars={bars}
                  markers={markers}
                  lines={lines}
                  show={show}
                  decimals={decimals}
                  theme={props.theme}
                  label={`${market.symbol} ${frame} candles, last ${formatPrice(live?.price, market.tickSize)}. Press Table for the same as text.`}
                  onMarker={setMarked}
                />
              </Suspense>
            )}
          </Aging>
          {detail !== null && !asTable && (
            <MarkerCard
              marked={detail}
              tick={market.tickSize}
              onClose={() => {
                setMarked(null);
              }}
            />
          )}
        </div>
      );
  }
}

/** Candles with markers and levels, live (UI-20 to UI-25). */
export function ChartPanel(props: Props) {
  const { markets, prices, now } = props;
  const [chosen, setChosen] = useState<string | null>(null);
  const [frame, setFrame] = useState<Timeframe>('1m');
  const [asTable, setAsTable] = useState(false);
  const [show, setShow] = useState<Show>({
    volume: true,
    ema20: false,
    ema50: false,
    levels: true,
    profile: false,
  });
  const market = markets.find(({ marketKey }) => marketKey === chosen) ?? markets[0];
  if (market === undefined)
    return (
      <Panel title="Market">
        <Empty title="No market yet">It appears when the first one is fed.</Empty>
      </Panel>
    );
  const live = prices.find(({ marketKey }) => marketKey === market.marketKey);
  return (
    <Panel
      title={market.symbol}
      count={
        <span className={styles['price']}>
          <span className={styles['last']}>{formatPrice(live?.price, market.tickSize)}</span>
          <PriceBadges marks={priceMarks(live, now)} />
        </span>
      }
      aside={
        <div className={styles['tools']}>
          {markets.length > 1 && (
            <Segmented
              label="Market"
              value={market.marketKey}
              onChange={setChosen}
              options={markets.map(({ marketKey, base }) => ({ value: marketKey, label: base }))}
            />
          )}
          <Segmented label="Timeframe" value={frame} onChange={setFrame} options={FRAMES} />
          {OVERLAYS.map(([key, name]) => (
            <Button
              key={key}
              small
              variant="ghost"
              className={styles['toggle']}
              aria-pressed={show[key]}
              onClick={() => {
                setShow({ ...show, [key]: !show[key] });
              }}
            >
              {name}
            </Button>
          ))}
          <Button
            small
            variant="ghost"
            className={styles['toggle']}
            aria-pressed={asTable}
            onClick={() => {
              setAsTable(!asTable);
            }}
          >
            Table
          </Button>
        </div>
      }
    >
      <ChartOf {...props} market={market} frame={frame} show={show} asTable={asTable} />
      <Legend />
    </Panel>
  );
}
