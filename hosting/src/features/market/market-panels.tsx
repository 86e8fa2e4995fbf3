import { chunkDoc, type LivePriceDoc, type MarketDoc } from '@tradewind/contracts/documents/market';
import { targets } from '@tradewind/contracts/watch-targets';
import type { EpochMs } from '@tradewind/core/lib/time';
import type { Price } from '@tradewind/core/lib/units';
import { useMemo, useState, type ReactNode } from 'react';
import { Badge } from '../../components/badge.tsx';
import { Facts } from '../../components/facts.tsx';
import { Aging, Empty, Failed, Faults, Panel, Skeleton } from '../../components/panel.tsx';
import { PriceBadges } from '../../components/price-badges.tsx';
import { Segmented } from '../../components/segmented.tsx';
import { Time } from '../../components/time.tsx';
import type { Tone } from '../../components/tone.ts';
import { formatAge, formatNumber, formatPrice } from '../../lib/format.ts';
import { priceMarks } from '../../lib/price-marks.ts';
import { useLoaded } from '../../lib/use-loaded.ts';
import { FlowChart } from './flow-chart.tsx';
import { imbalanceOf, marketView, type MarketView } from './market-view.ts';
import styles from './market.module.css';
import { ProfileChart } from './profile-chart.tsx';
import { ReadingsTable } from './readings-table.tsx';
import { ZonesTable } from './zones-table.tsx';

type Known = MarketView & { readonly kind: 'known' };
type Props = {
  readonly markets: readonly MarketDoc[];
  readonly prices: readonly LivePriceDoc[];
  /** Wall clock. */
  readonly now: EpochMs;
  readonly marketNow: EpochMs;
};

const TAGS = { absorption: 'absorption', cvdDivergence: 'CVD diverges' } as const;
const toneOfSignal = (signal: string | null | undefined): Tone =>
  signal === 'BUY' || signal === 'BULLISH' || signal === 'UPTREND'
    ? 'positive'
    : signal === 'SELL' || signal === 'BEARISH' || signal === 'DOWNTREND'
      ? 'negative'
      : 'neutral';

const Word = ({ word }: { readonly word: string | null | undefined }) =>
  word === null || word === undefined ? (
    <>not enough data</>
  ) : (
    <Badge tone={toneOfSignal(word)}>{word.toLowerCase()}</Badge>
  );

/** Age of what is shown, greyed and said when it is too old (UI-02). */
function Stamp({ view }: { readonly view: Known }) {
  const { age, live } = view;
  const old = !live || age.kind !== 'fresh';
  return (
    <>
      {view.origin !== 'live' && (
        <Badge tone="info">{view.origin === 'synthetic' ? 'simulated' : 'recorded'}</Badge>
      )}
      {age.kind === 'unknown' ? null : old ? (
        <Badge tone="warning">stale {formatAge(age.age)}</Badge>
      ) : (
        <span className={styles['age']}>{formatAge(age.age)} old</span>
      )}
    </>
  );
}

function FlowPanel({ view }: { readonly view: Known }) {
  const { analytics, minutes } = view;
  const last = minutes.at(-1);
  return (
    <Panel title="Order flow" aside={<Stamp view={view} />} padded>
      <Aging stale={view.age.kind !== 'fresh' || !view.live}>
        <Facts
          facts={[
            ['Signal, 60 s', <Word key="signal" word={analytics?.flow.signal} />],
            ['Microstructure', <Word key="micro" word={analytics?.flow.microstructure} />],
            ['Regime', <Word key="regime" word={analytics?.regime} />],
            [
              'Tags',
              analytics === null || analytics.flow.tags.length === 0
                ? 'none'
                : analytics.flow.tags.map((tag) => TAGS[tag]).join(', '),
            ],
            ['Imbalance, last minute', formatNumber(imbalanceOf(minutes), 2)],
            ['Delta, last minute', formatNumber(last?.delta, 4)],
          ]}
        />
        <FlowChart minutes={minutes} />
      </Aging>
    </Panel>
  );
}

function ProfilePanel({ view, market }: { readonly view: Known; readonly market: MarketDoc }) {
  const [frame, setFrame] = useState<string | null>(null);
  const profile = view.profiles.find(({ timeframe }) => timeframe === frame) ?? view.profiles[0];
  return (
    <Panel
      title="Market profile"
      aside={
        profile !== undefined && view.profiles.length > 1 ? (
          <Segmented
            label="Profile"
            value={profile.timeframe}
            onChange={setFrame}
            options={view.profiles.map(({ timeframe }) => ({ value: timeframe, label: timeframe }))}
          />
        ) : undefined
      }
      padded
    >
      {profile === undefined ? (
        <Empty title="No profile yet">It needs closed bars of the stream.</Empty>
      ) : (
        <Aging stale={view.age.kind !== 'fresh' || !view.live}>
          <ProfileChart profile={profile} tick={market.tickSize} />
        </Aging>
      )}
    </Panel>
  );
}

function Analysis({
  view,
  market,
  price,
  now,
}: {
  readonly price: Price | undefined;
  readonly view: Known;
  readonly market: MarketDoc;
  readonly now: EpochMs;
}) {
  const { analytics } = view;
  return (
    <>
      <Faults faults={view.faults} />
      <div className={styles['grid']}>
        <FlowPanel view={view} />
        <ProfilePanel view={view} market={market} />
        <Panel title="Readings" aside={<Stamp view={view} />}>
          <Aging stale={view.age.kind !== 'fresh' || !view.live}>
            <ReadingsTable readings={view.readings} waiting={analytics?.waiting ?? {}} />
          </Aging>
          {analytics !== null && (
            <p className={styles['note']}>
              As of the bar that closed at <Time at={analytics.asOf} reference={now} />
            </p>
          )}
        </Panel>
        <Panel title="Zones and gaps" count={view.zones.length + view.gaps.length}>
          <ZonesTable
            zones={view.zones}
            gaps={view.gaps}
            tick={market.tickSize}
            price={price}
            now={now}
          />
        </Panel>
      </div>
    </>
  );
}

function Body({ market, ...props }: Props & { readonly market: MarketDoc }): ReactNode {
  const chunks = useLoaded(targets.chunks(market.marketKey), chunkDoc);
  const view = useMemo(() => marketView(chunks, props.now), [chunks, props.now]);
  const live = props.prices.find(({ marketKey }) => marketKey === market.marketKey);
  switch (view.kind) {
    case 'loading':
      return <Skeleton rows={8} label="Loading the market" />;
    case 'failed':
      return <Failed what="Market data unavailable" message={view.message} />;
    case 'empty':
      return (
        <>
          <Faults faults={view.faults} />
          <Empty title="Nothing known yet">It appears when the first minute has closed.</Empty>
        </>
      );
    case 'known':
      return <Analysis view={view} market={market} price={live?.price} now={props.marketNow} />;
  }
}

/** Order flow, profile, zones and readings of one market, each with its age. */
export function MarketPanels(props: Props) {
  const { markets, prices, now } = props;
  const [chosen, setChosen] = useState<string | null>(null);
  const market = markets.find(({ marketKey }) => marketKey === chosen) ?? markets[0];
  if (market === undefined)
    return (
      <Panel title="Market">
        <Empty title="No market yet">It appears when the first one is fed.</Empty>
      </Panel>
    );
  const live = prices.find(({ marketKey }) => marketKey === market.marketKey);
  return (
    <>
      <div className={styles['bar']}>
        <strong className={styles['symbol']}>{market.symbol}</strong>
        <span className={styles['last']}>{formatPrice(live?.price, market.tickSize)}</span>
        <PriceBadges marks={priceMarks(live, now)} />
        {live !== undefined && (
          <span className={styles['age']}>
            {live.source === 'ws' ? 'stream' : live.source}, quality{' '}
            {formatNumber(live.dataQuality, 1)}
          </span>
        )}
        <label className={styles['pick']}>
          <span className="visually-hidden">Market</span>
          <select
            value={market.marketKey}
            onChange={(event) => {
              setChosen(event.target.value);
            }}
          >
            {markets.map(({ marketKey, symbol, venue }) => (
              <option key={marketKey} value={marketKey}>
                {symbol} · {venue}
              </option>
            ))}
          </select>
        </label>
      </div>
      <Body key={market.marketKey} {...props} market={market} />
    </>
  );
}
