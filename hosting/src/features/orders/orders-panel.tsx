import { unreachable } from '@tradewind/core/lib/result';
import type { EpochMs } from '@tradewind/core/lib/time';
import { Download } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '../../components/button.tsx';
import { Aging, Empty, Failed, Faults, Panel, Skeleton } from '../../components/panel.tsx';
import { Segmented } from '../../components/segmented.tsx';
import { Table, type Column } from '../../components/table.tsx';
import { OrderDetail } from './order-detail.tsx';
import { OrderLine } from './order-row.tsx';
import { ordersCsv } from './orders-csv.ts';
import styles from './orders-panel.module.css';
import { FILTERS, type OrderFilter, type OrderRow, type OrdersView } from './orders-view.ts';

const COLUMNS: readonly Column[] = [
  { name: 'Details', hidden: true },
  { name: 'Time', from: 'medium' },
  { name: 'Symbol' },
  { name: 'Strategy', from: 'wide' },
  { name: 'Side' },
  { name: 'Quantity', number: true, from: 'medium' },
  { name: 'Price', number: true },
  { name: 'Slippage', number: true, from: 'medium' },
  { name: 'Latency', number: true, from: 'wide' },
  { name: 'Status' },
  { name: 'Reason', from: 'wide' },
];
const FILTER_WORDS: Readonly<Record<OrderFilter, string>> = {
  all: 'All',
  pending: 'Pending',
  filled: 'Filled',
  rejected: 'Rejected',
  ended: 'Ended',
};

export type OrdersProps = {
  readonly view: OrdersView;
  readonly quote: string;
  readonly now: EpochMs;
  readonly strategyName: (strategyId: string) => string;
  /** `null` for who may not cancel. */
  readonly cancel: { readonly disabled: boolean } | null;
  readonly filter: OrderFilter;
  readonly onFilter: (filter: OrderFilter) => void;
  readonly search: string;
  readonly onSearch: (search: string) => void;
  /** `null` when everything is loaded. */
  readonly onMore: (() => void) | null;
  /** The overview shows a few rows and links to the rest. */
  readonly compact?: { readonly rows: number; readonly link: ReactNode };
};

function download(rows: readonly OrderRow[]): void {
  const blob = new Blob([ordersCsv(rows.map(({ order }) => order))], { type: 'text/csv' });
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = 'tradewind-orders.csv';
  link.click();
  URL.revokeObjectURL(url);
}

function Rows(props: OrdersProps & { readonly view: Extract<OrdersView, { kind: 'rows' }> }) {
  const { view, compact, cancel } = props;
  const rows = compact === undefined ? view.rows : view.rows.slice(0, compact.rows);
  if (rows.length === 0)
    return (
      <Empty title={view.counts.all === 0 ? 'No orders yet' : 'No orders in this filter'}>
        Orders appear here the moment they are written, before they leave for the venue.
      </Empty>
    );
  return (
    <Aging stale={view.stale}>
      <Table label="Orders" columns={COLUMNS}>
        {rows.map((row) => (
          <OrderLine
            key={row.order.orderId}
            row={row}
            now={props.now}
            strategy={props.strategyName(row.order.strategyId)}
            detail={() => (
              <OrderDetail
                order={row.order}
                tick={row.tick}
                quote={props.quote}
                cancel={row.working ? cancel : null}
              />
            )}
          />
        ))}
      </Table>
    </Aging>
  );
}

function Body(props: OrdersProps) {
  const { view } = props;
  switch (view.kind) {
    case 'loading':
      return <Skeleton rows={6} label="Loading orders" />;
    case 'failed':
      return <Failed what="Orders unavailable" message={view.message} />;
    case 'rows':
      return (
        <>
          <Faults faults={view.faults} />
          <Rows {...props} view={view} />
          {props.onMore !== null && props.compact === undefined && (
            <div className={styles['more']}>
              <Button onClick={props.onMore}>Load 50 more</Button>
            </div>
          )}
        </>
      );
    default:
      return unreachable(view);
  }
}

function Tools({ view, filter, onFilter, search, onSearch }: OrdersProps) {
  const count = (one: OrderFilter): string =>
    view.kind === 'rows' ? `${FILTER_WORDS[one]} ${view.counts[one]}` : FILTER_WORDS[one];
  return (
    <div className={styles['tools']}>
      <Segmented
        label="Status"
        value={filter}
        onChange={onFilter}
        options={FILTERS.map((value) => ({ value, label: count(value) }))}
      />
      <input
        className={styles['search']}
        type="search"
        placeholder="Search"
        aria-label="Search orders"
        value={search}
        onChange={(event) => {
          onSearch(event.target.value);
        }}
      />
      <Button
        small
        disabled={view.kind !== 'rows' || view.rows.length === 0}
        onClick={() => {
          if (view.kind === 'rows') download(view.rows);
        }}
      >
        <Download size={14} aria-hidden /> CSV
      </Button>
    </div>
  );
}

/** Orders with status, slippage, latency and, opened, their whole life (UI-50 to UI-53). */
export function OrdersPanel(props: OrdersProps) {
  return (
    <Panel
      title={props.compact === undefined ? 'Orders' : 'Latest orders'}
      aside={props.compact?.link ?? <Tools {...props} />}
    >
      <Body {...props} />
    </Panel>
  );
}
