import { useState } from 'react';
import { PanelBoundary } from '../components/panel-boundary.tsx';
import { AlertsPanel } from '../features/alerts/alerts-panel.tsx';
import { alertsView } from '../features/alerts/alerts-view.ts';
import { BotsPanel } from '../features/bots/bots-panel.tsx';
import { botsView } from '../features/bots/bots-view.ts';
import { strategiesView } from '../features/bots/strategies-view.ts';
import { ChartPanel } from '../features/chart/chart-panel.tsx';
import { OrdersPanel } from '../features/orders/orders-panel.tsx';
import { ordersView, type OrderFilter } from '../features/orders/orders-view.ts';
import { summaryView } from '../features/performance/summary-view.ts';
import { Summary } from '../features/performance/summary.tsx';
import { CloseDialog } from '../features/positions/close-dialog.tsx';
import { PositionsPanel } from '../features/positions/positions-panel.tsx';
import { positionsView } from '../features/positions/positions-view.ts';
import { SignalsPanel } from '../features/signals/signals-panel.tsx';
import { signalsView } from '../features/signals/signals-view.ts';
import { blockingWords } from '../lib/blocking-text.ts';
import { dataOf, oneOf } from '../lib/loaded.ts';
import { hashOf, type Route } from '../lib/routes.ts';
import styles from './layout.module.css';
import { controlFor, quoteOf, strategyNames, type PageContext } from './page-context.ts';
import type { DeskData } from './use-desk-data.ts';

/* Each section joins live data to one panel and catches what that panel throws (UI-98). */

const AllLink = ({ route, word }: { readonly route: Route; readonly word: string }) => (
  <a className={styles['link']} href={hashOf(route)}>
    {word}
  </a>
);

export const summaryOf = (data: DeskData) =>
  summaryView({
    book: data.book,
    risk: oneOf(data.risk),
    positions: data.positions,
    orders: dataOf(data.orders),
    prices: dataOf(data.prices),
    now: data.now,
    marketNow: data.marketNow,
  });

export function SummarySection({ data }: PageContext) {
  return (
    <PanelBoundary title="Performance summary">
      <Summary view={summaryOf(data)} />
    </PanelBoundary>
  );
}

export function ChartSection({ data, theme }: PageContext) {
  return (
    <PanelBoundary title="Chart">
      <ChartPanel
        markets={dataOf(data.markets)}
        prices={dataOf(data.prices)}
        positions={dataOf(data.positions)}
        signals={dataOf(data.signals)}
        orders={dataOf(data.orders)}
        theme={theme}
        now={data.now}
        marketNow={data.marketNow}
      />
    </PanelBoundary>
  );
}

function PositionsWithDialog(context: PageContext) {
  const { data } = context;
  const [closing, setClosing] = useState<string | null>(null);
  const view = positionsView({
    positions: data.positions,
    prices: dataOf(data.prices),
    markets: dataOf(data.markets),
    bots: dataOf(data.bots),
    statuses: dataOf(data.statuses),
    now: data.now,
    marketNow: data.marketNow,
  });
  const control = controlFor(context, 'closePosition');
  const row = view.kind === 'rows' ? view.rows.find(({ id }) => id === closing) : undefined;
  return (
    <>
      <PositionsPanel
        view={view}
        quote={quoteOf(data)}
        strategyName={strategyNames(data)}
        close={
          control === null
            ? null
            : {
                ...control,
                onClose: ({ id }) => {
                  setClosing(id);
                },
              }
        }
      />
      {row !== undefined && control !== null && (
        <CloseDialog
          row={row}
          quote={quoteOf(data)}
          disabled={control.disabled}
          onClose={() => {
            setClosing(null);
          }}
        />
      )}
    </>
  );
}

export function PositionsSection(context: PageContext) {
  return (
    <PanelBoundary title="Positions">
      <PositionsWithDialog {...context} />
    </PanelBoundary>
  );
}

export function BotsSection(context: PageContext) {
  const { data } = context;
  const control = controlFor(context, 'startBot');
  return (
    <PanelBoundary title="Bots">
      <BotsPanel
        view={botsView({
          bots: data.bots,
          statuses: data.statuses,
          parities: dataOf(data.parities),
          positions: dataOf(data.positions),
          trades: dataOf(data.trades),
          now: data.now,
          marketNow: data.marketNow,
        })}
        strategies={strategiesView({
          strategies: data.strategies,
          statuses: data.strategyStatuses,
          now: data.now,
        })}
        quote={quoteOf(data)}
        control={control === null ? null : { ...control, simulate: data.book?.mode === 'paper' }}
      />
    </PanelBoundary>
  );
}

function Orders({ compact, ...context }: PageContext & { readonly compact: boolean }) {
  const { data } = context;
  const [filter, setFilter] = useState<OrderFilter>('all');
  const [search, setSearch] = useState('');
  return (
    <OrdersPanel
      view={ordersView(data.orders, { markets: dataOf(data.markets), filter, search })}
      quote={quoteOf(data)}
      now={data.marketNow}
      strategyName={strategyNames(data)}
      cancel={controlFor(context, 'cancelOrder')}
      filter={filter}
      onFilter={setFilter}
      search={search}
      onSearch={setSearch}
      onMore={context.onMoreOrders}
      {...(compact
        ? { compact: { rows: 10, link: <AllLink route="orders" word="All orders" /> } }
        : {})}
    />
  );
}

export function OrdersSection(props: PageContext & { readonly compact: boolean }) {
  return (
    <PanelBoundary title="Orders">
      <Orders {...props} />
    </PanelBoundary>
  );
}

/** Why the first bot that is blocked does not trade. */
function firstBlock(data: DeskData): string | null {
  const blocked = dataOf(data.statuses).find(({ block }) => block !== null);
  return blocked?.block == null
    ? null
    : `${strategyNames(data)(blocked.botId)}: ${blockingWords(blocked.block.reason).toLowerCase()}.`;
}

function Signals({ data, compact }: PageContext & { readonly compact: boolean }) {
  const [strategy, setStrategy] = useState('all');
  return (
    <SignalsPanel
      view={signalsView(data.signals, strategy === 'all' ? null : strategy)}
      now={data.marketNow}
      strategyName={strategyNames(data)}
      firstBlock={firstBlock(data)}
      strategies={[
        { value: 'all', label: 'All' },
        ...dataOf(data.bots).map(({ botId, name }) => ({ value: botId, label: name })),
        ...dataOf(data.strategies).map(({ strategyId, name }) => ({
          value: strategyId,
          label: name,
        })),
      ]}
      strategy={strategy}
      onStrategy={setStrategy}
      {...(compact
        ? { compact: { rows: 3, link: <AllLink route="signals" word="All signals" /> } }
        : {})}
    />
  );
}

export function SignalsSection(props: PageContext & { readonly compact: boolean }) {
  return (
    <PanelBoundary title="Signals">
      <Signals {...props} />
    </PanelBoundary>
  );
}

export function AlertsSection({ limit, ...context }: PageContext & { readonly limit: number }) {
  return (
    <PanelBoundary title="Alerts">
      <AlertsPanel
        view={alertsView(context.data.alerts)}
        now={context.data.now}
        disabled={controlFor(context, 'acknowledgeAlert')?.disabled ?? true}
        limit={limit}
      />
    </PanelBoundary>
  );
}
