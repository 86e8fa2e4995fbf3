import type { OrderDoc } from '@tradewind/contracts/documents/execution';
import type { MarketDoc } from '@tradewind/contracts/documents/market';
import { notional, subMoney, type Money, type Price } from '@tradewind/core/lib/units';
import type { Tone } from '../../components/tone.ts';
import type { Fault, Loaded } from '../../lib/loaded.ts';
import type { OrderStatus } from '@tradewind/core/order/order';

export const FILTERS = ['all', 'pending', 'filled', 'rejected', 'ended'] as const;
export type OrderFilter = (typeof FILTERS)[number];

/** Where each status belongs and how it is shown; a new status does not compile without (UI-51). */
const STATUS: Readonly<
  Record<OrderStatus, { readonly filter: OrderFilter; readonly tone: Tone; readonly word: string }>
> = {
  PENDING: { filter: 'pending', tone: 'warning', word: 'Pending' },
  QUEUED: { filter: 'pending', tone: 'warning', word: 'Queued' },
  SUBMITTED: { filter: 'pending', tone: 'warning', word: 'Submitted' },
  ACKNOWLEDGED: { filter: 'pending', tone: 'warning', word: 'Acknowledged' },
  PARTIAL: { filter: 'pending', tone: 'warning', word: 'Partly filled' },
  CANCELLING: { filter: 'pending', tone: 'warning', word: 'Cancelling' },
  UNKNOWN: { filter: 'pending', tone: 'warning', word: 'Outcome unknown, checking' },
  FILLED: { filter: 'filled', tone: 'positive', word: 'Filled' },
  CANCELLED: { filter: 'ended', tone: 'neutral', word: 'Cancelled' },
  REJECTED: { filter: 'rejected', tone: 'negative', word: 'Rejected' },
  EXPIRED: { filter: 'ended', tone: 'neutral', word: 'Expired' },
  NOT_SENT: { filter: 'ended', tone: 'neutral', word: 'Not sent' },
};

export type OrderRow = {
  readonly order: OrderDoc;
  readonly tick: Price | undefined;
  readonly word: string;
  readonly tone: Tone;
  /** What it was filled at, or is to be filled at: on average, at its limit, or once the market is there. */
  readonly price: Price | null;
  /** Still at the venue or on the way there: it can be cancelled. */
  readonly working: boolean;
  /** Positive = worse than expected; `undefined` until filled. */
  readonly slippage: { readonly quote: Money; readonly pct: number } | undefined;
  /** Sent to acknowledged, wall milliseconds. */
  readonly ackMs: number | undefined;
};

export type OrdersView =
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly message: string }
  | {
      readonly kind: 'rows';
      readonly rows: readonly OrderRow[];
      readonly counts: Readonly<Record<OrderFilter, number>>;
      readonly faults: readonly Fault[];
      readonly stale: boolean;
    };

/** Side-aware: paying more for a buy and getting less for a sale are both worse (UI-52). */
function slippageOf(order: OrderDoc): OrderRow['slippage'] {
  const { averagePrice, expectedPrice, filledQuantity, side, slippagePct } = order;
  if (averagePrice === null || slippagePct === null) return undefined;
  const paid = notional(averagePrice, filledQuantity, 'floor');
  const expected = notional(expectedPrice, filledQuantity, 'floor');
  const worse = side === 'BUY' ? subMoney(paid, expected) : subMoney(expected, paid);
  return { quote: worse, pct: slippagePct };
}

/** A stop that waits for its price is as it should be: it warns of nothing. */
const RESTING_STOP = { tone: 'info', word: 'Stop in place' } as const;

const isRestingStop = ({ type, status }: OrderDoc): boolean =>
  type === 'STOP' && status === 'ACKNOWLEDGED';

function rowOf(order: OrderDoc, markets: readonly MarketDoc[]): OrderRow {
  const { filter } = STATUS[order.status];
  const { tone, word } = isRestingStop(order) ? RESTING_STOP : STATUS[order.status];
  const { sentAt, ackAt } = order.marks;
  return {
    order,
    tick: markets.find(({ marketKey }) => marketKey === order.marketKey)?.tickSize,
    word,
    tone,
    price: order.averagePrice ?? order.limitPrice ?? order.stopPrice,
    working: filter === 'pending',
    slippage: slippageOf(order),
    ackMs: sentAt === null || ackAt === null ? undefined : ackAt - sentAt,
  };
}

const matches = ({ order }: OrderRow, search: string): boolean =>
  [order.symbol, order.strategyId, order.orderId, order.side, order.rejectionReason ?? '']
    .join(' ')
    .toLowerCase()
    .includes(search.trim().toLowerCase());

/** Decides what the panel shows; counts are of what is loaded. */
export function ordersView(
  orders: Loaded<OrderDoc>,
  options: {
    readonly markets: readonly MarketDoc[];
    readonly filter: OrderFilter;
    readonly search: string;
  },
): OrdersView {
  if (orders.status === 'pending') return { kind: 'loading' };
  if (orders.status === 'error') return { kind: 'failed', message: orders.message };
  const all = orders.data.map((order) => rowOf(order, options.markets));
  const counts = { all: all.length, pending: 0, filled: 0, rejected: 0, ended: 0 };
  for (const { order } of all) counts[STATUS[order.status].filter] += 1;
  const rows = all.filter(
    (row) =>
      (options.filter === 'all' || STATUS[row.order.status].filter === options.filter) &&
      matches(row, options.search),
  );
  return { kind: 'rows', rows, counts, faults: orders.faults, stale: !orders.live };
}

export const slippageTone = (pct: number): Tone =>
  pct === 0 ? 'neutral' : pct > 0 ? 'negative' : 'positive';
