import { equityDoc } from '@tradewind/contracts/documents/book';
import { PanelBoundary } from '../components/panel-boundary.tsx';
import { AuditPanel } from '../features/audit/audit-panel.tsx';
import { MarketPanels } from '../features/market/market-panels.tsx';
import { EquityPanel } from '../features/performance/equity-panel.tsx';
import { ReportsPanel } from '../features/performance/reports-panel.tsx';
import { TradesPanel } from '../features/performance/trades-panel.tsx';
import { DeadLettersPanel } from '../features/system/dead-letters-panel.tsx';
import { FeedsPanel } from '../features/system/feeds-panel.tsx';
import { IntegrityPanel } from '../features/system/integrity-panel.tsx';
import { LimitsPanel } from '../features/system/limits-panel.tsx';
import { ReconciliationPanel } from '../features/system/reconciliation-panel.tsx';
import { SessionsPanel } from '../features/system/sessions-panel.tsx';
import { UsagePanel } from '../features/system/usage-panel.tsx';
import { useDesk } from '../lib/desk-context.tsx';
import { dataOf } from '../lib/loaded.ts';
import type { Route } from '../lib/routes.ts';
import { targets } from '@tradewind/contracts/watch-targets';
import { useLoaded } from '../lib/use-loaded.ts';
import styles from './layout.module.css';
import { controlFor, quoteOf, strategyNames, type PageContext } from './page-context.ts';
import {
  AlertsSection,
  BotsSection,
  ChartSection,
  OrdersSection,
  PositionsSection,
  SignalsSection,
  SummarySection,
} from './sections.tsx';

function Overview(context: PageContext) {
  return (
    <>
      <SummarySection {...context} />
      <div className={styles['overview']}>
        <div className={styles['column']}>
          <ChartSection {...context} />
          <PositionsSection {...context} />
          <OrdersSection {...context} compact />
        </div>
        <div className={styles['column']}>
          <BotsSection {...context} />
          <AlertsSection {...context} limit={4} />
          <SignalsSection {...context} compact />
        </div>
      </div>
    </>
  );
}

function Equity({ data, bookId }: PageContext & { readonly bookId: string }) {
  const equity = useLoaded(targets.equity(bookId), equityDoc);
  return <EquityPanel equity={equity} book={data.book} now={data.marketNow} />;
}

function Performance(context: PageContext) {
  const { data } = context;
  return (
    <>
      <SummarySection {...context} />
      <PanelBoundary title="Equity">
        {data.book !== undefined && <Equity {...context} bookId={data.book.bookId} />}
      </PanelBoundary>
      <PanelBoundary title="Weekly reports">
        {data.book !== undefined && (
          <ReportsPanel
            key={data.book.bookId}
            bookId={data.book.bookId}
            target={data.book.target ?? null}
            control={controlFor(context, 'setTargetRange')}
          />
        )}
      </PanelBoundary>
      <PanelBoundary title="Closed trades">
        <TradesPanel
          trades={data.trades}
          markets={dataOf(data.markets)}
          quote={quoteOf(data)}
          now={data.marketNow}
          strategyName={strategyNames(data)}
        />
      </PanelBoundary>
    </>
  );
}

function Activity(context: PageContext) {
  return (
    <>
      <AlertsSection {...context} limit={50} />
      {context.role === 'admin' && (
        <PanelBoundary title="Audit log">
          <AuditPanel now={context.data.now} />
        </PanelBoundary>
      )}
    </>
  );
}

function Market({ data }: PageContext) {
  return (
    <PanelBoundary title="Market">
      <MarketPanels
        markets={dataOf(data.markets)}
        prices={dataOf(data.prices)}
        now={data.now}
        marketNow={data.marketNow}
      />
    </PanelBoundary>
  );
}

function System({ data, role, commandsDisabled }: PageContext) {
  const { registry } = useDesk();
  const running = dataOf(data.bots).filter(({ status }) => status === 'RUNNING');
  const workers = dataOf(data.heartbeats).filter(
    ({ component, status }) => component.startsWith('worker') && status !== 'STOPPED',
  );
  return (
    <>
      <PanelBoundary title="Feeds and components">
        <FeedsPanel beats={data.heartbeats} now={data.now} />
      </PanelBoundary>
      {role === 'admin' && (
        <PanelBoundary title="Stuck tasks">
          <DeadLettersPanel now={data.now} disabled={commandsDisabled} />
        </PanelBoundary>
      )}
      <PanelBoundary title="Reconciliation">
        {data.book !== undefined && (
          <ReconciliationPanel bookId={data.book.bookId} now={data.now} />
        )}
      </PanelBoundary>
      <PanelBoundary title="Ledger integrity">
        {data.book !== undefined && (
          <IntegrityPanel bookId={data.book.bookId} quote={quoteOf(data)} now={data.now} />
        )}
      </PanelBoundary>
      <PanelBoundary title="Risk limits">
        {data.book !== undefined && (
          <LimitsPanel key={data.book.bookId} book={data.book} now={data.now} />
        )}
      </PanelBoundary>
      <PanelBoundary title="Usage and cost">
        <UsagePanel
          bots={running.length}
          workers={Math.min(1, workers.length)}
          ownReads={registry.connectivity().reads}
          now={data.now}
        />
      </PanelBoundary>
      <PanelBoundary title="Data sessions">
        <SessionsPanel now={data.now} />
      </PanelBoundary>
    </>
  );
}

const TITLES: Readonly<Record<Route, string>> = {
  overview: 'Overview',
  market: 'Market',
  orders: 'Orders',
  signals: 'Signals',
  performance: 'Performance',
  activity: 'Alerts and audit',
  system: 'System',
};

function PageOf({ route, context }: { readonly route: Route; readonly context: PageContext }) {
  switch (route) {
    case 'overview':
      return <Overview {...context} />;
    case 'market':
      return <Market {...context} />;
    case 'orders':
      return <OrdersSection {...context} compact={false} />;
    case 'signals':
      return <SignalsSection {...context} compact={false} />;
    case 'performance':
      return <Performance {...context} />;
    case 'activity':
      return <Activity {...context} />;
    case 'system':
      return <System {...context} />;
  }
}

/** The page that the address names. */
export function Page({ route, context }: { readonly route: Route; readonly context: PageContext }) {
  return (
    <main className={styles['main']} data-offline={context.commandsDisabled}>
      <h1 className="visually-hidden">{TITLES[route]}</h1>
      <PageOf route={route} context={context} />
    </main>
  );
}
