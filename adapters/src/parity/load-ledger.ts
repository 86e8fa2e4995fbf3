import { positionDoc, tradeDoc, type PositionDoc } from '@tradewind/contracts/documents/book';
import {
  fillDoc,
  intentDoc,
  orderDoc,
  signalDoc,
  type OrderDoc,
} from '@tradewind/contracts/documents/execution';
import { marketDoc } from '@tradewind/contracts/documents/market';
import { paths } from '@tradewind/contracts/paths';
import type { EpochMs } from '@tradewind/core/lib/time';
import { isIntentTerminal } from '@tradewind/core/order/transitions';
import type { UnderWay } from '@tradewind/core/parity/compare-facts';
import type { Ledger } from '@tradewind/core/parity/ledger';
import type { Signal } from '@tradewind/core/strategy/decision';
import type { Store } from '../ledger/store.ts';

/** Whose ledger, and of which market time. */
export type Period = {
  readonly bookId: string;
  readonly strategyId: string;
  readonly marketKey: string;
  readonly from: EpochMs;
  readonly to: EpochMs;
};

/** Most values that Firestore takes in one `in`. */
const IN_LIMIT = 30;

const OPEN = ['BUILDING', 'OPEN', 'REDUCING', 'CLOSING_UNCONFIRMED'] as const;

/** What was open at some time of the period, and the one before: the last fill may be of that. */
async function positionsOf(store: Store, period: Period): Promise<PositionDoc[]> {
  const { bookId, strategyId, marketKey, from, to } = period;
  const own = store.firestore
    .collection(paths.positions(bookId))
    .where('strategyId', '==', strategyId);
  const closed = own.orderBy('closedAt', 'desc');
  const [open, late, before] = await Promise.all([
    store.query(own.where('status', 'in', OPEN), positionDoc),
    store.query(closed.where('closedAt', '>=', new Date(from)), positionDoc),
    store.query(closed.where('closedAt', '<', new Date(from)).limit(1), positionDoc),
  ]);
  return [...open, ...late, ...before].filter(
    (position) => position.marketKey === marketKey && position.openedAt <= to,
  );
}

/** Orders of these positions, and whatever else was filled in the period. */
async function ordersOf(
  store: Store,
  { bookId, strategyId, marketKey, from, to }: Period,
  positionIds: readonly string[],
): Promise<OrderDoc[]> {
  const orders = store.firestore.collection(paths.orders(bookId));
  const groups = Array.from({ length: Math.ceil(positionIds.length / IN_LIMIT) }, (_, index) =>
    positionIds.slice(index * IN_LIMIT, (index + 1) * IN_LIMIT),
  );
  const found = await Promise.all([
    ...groups.map((ids) => store.query(orders.where('positionId', 'in', ids), orderDoc)),
    store.query(
      orders
        .where('strategyId', '==', strategyId)
        .where('filledAt', '>=', new Date(from))
        .where('filledAt', '<=', new Date(to))
        .orderBy('filledAt', 'desc'),
      orderDoc,
    ),
  ]);
  const unique = new Map(found.flat().map((order) => [order.orderId, order]));
  return [...unique.values()].filter((order) => order.marketKey === marketKey);
}

/** The ledger of a strategy on one market, whole positions only. @throws Error when the market has no document. */
export async function loadLedger(store: Store, period: Period): Promise<Ledger> {
  const { bookId, marketKey } = period;
  const positions = await positionsOf(store, period);
  const ids = positions.map(({ positionId }) => positionId);
  const [instrument, orders, trades] = await Promise.all([
    store.get(paths.market(marketKey), marketDoc),
    ordersOf(store, period, ids),
    Promise.all(ids.map((positionId) => store.get(paths.trade(bookId, positionId), tradeDoc))),
  ]);
  if (instrument === undefined) throw new Error(`Market "${marketKey}" does not exist.`);
  const fills = await Promise.all(
    orders
      .filter(({ filledQuantity, positionId }) => filledQuantity > 0n || ids.includes(positionId))
      .map(({ orderId }) =>
        store.query(store.firestore.collection(paths.fills(bookId, orderId)), fillDoc),
      ),
  );
  return {
    instrument,
    positions,
    orders,
    fills: fills.flat(),
    trades: trades.filter((trade) => trade !== undefined),
  };
}

/** Signals by id, and when they and what came of them were under way. */
export async function loadSignals(
  store: Store,
  { bookId, strategyId, marketKey, from, to }: Period,
): Promise<{ readonly signals: ReadonlyMap<string, Signal>; readonly underWay: UnderWay[] }> {
  const [found, intents] = await Promise.all([
    store.query(
      store.firestore
        .collection(paths.signals(bookId))
        .where('strategyId', '==', strategyId)
        .where('barCloseAt', '>=', new Date(from))
        .where('barCloseAt', '<=', new Date(to))
        .orderBy('barCloseAt', 'desc'),
      signalDoc,
    ),
    store.query(
      store.firestore
        .collection(paths.intents(bookId))
        .where('strategyId', '==', strategyId)
        .where('expectedAt', '>=', new Date(from))
        .where('expectedAt', '<=', new Date(to))
        .orderBy('expectedAt', 'desc'),
      intentDoc,
    ),
  ]);
  const signals = found.filter((signal) => signal.marketKey === marketKey);
  const own = intents.filter((intent) => intent.marketKey === marketKey);
  return {
    signals: new Map(signals.map((signal) => [signal.signalId, signal])),
    underWay: [
      ...signals.map(({ createdAt, updatedAt, executionStatus }) => ({
        from: createdAt,
        until: executionStatus === 'PENDING' ? null : updatedAt,
      })),
      ...own.map(({ createdAt, updatedAt, status }) => ({
        from: createdAt,
        until: isIntentTerminal(status) ? updatedAt : null,
      })),
    ],
  };
}
