import { orderDoc, type OrderDoc } from '@tradewind/contracts/documents/execution';
import { paths } from '@tradewind/contracts/paths';
import type { IntentStatus } from '@tradewind/core/order/intent';
import { ORDER_STATUSES } from '@tradewind/core/order/order';
import { isWorking } from '@tradewind/core/order/transitions';
import type { Query } from 'firebase-admin/firestore';
import type { Store } from '../ledger/store.ts';

const WORKING_INTENTS: readonly IntentStatus[] = [
  'NEW',
  'APPROVED',
  'CLAIMED',
  'QUEUED',
  'SENT',
  'UNKNOWN',
];
const OPEN_POSITIONS = ['BUILDING', 'OPEN', 'REDUCING', 'CLOSING_UNCONFIRMED'] as const;

type Database = Pick<Store, 'firestore'>;

/** Intents of a book that have not ended. */
export const workingIntents = ({ firestore }: Database, bookId: string): Query =>
  firestore.collection(paths.intents(bookId)).where('status', 'in', WORKING_INTENTS);

/** Orders of a book that have not ended. */
export const workingOrders = ({ firestore }: Database, bookId: string): Query =>
  firestore
    .collection(paths.orders(bookId))
    .where('status', 'in', ORDER_STATUSES.filter(isWorking));

/** Positions of a book that are not CLOSED. */
export const openPositions = ({ firestore }: Database, bookId: string): Query =>
  firestore.collection(paths.positions(bookId)).where('status', 'in', OPEN_POSITIONS);

/** Undecided signals of a book. Not sorted, because that would leave out what has no time. */
export const pendingSignals = ({ firestore }: Database, bookId: string, limit: number): Query =>
  firestore
    .collection(paths.signals(bookId))
    .where('executionStatus', '==', 'PENDING')
    .limit(limit);

/** A stranger's id may hold what no path may. */
export const isDocumentId = (text: string | undefined): text is string =>
  text !== undefined && /^[A-Za-z0-9_-]{1,64}$/.test(text);

/** The order of a book that the venue calls `venueOrderId`, if any. */
export async function orderAtVenue(
  store: Store,
  bookId: string,
  venueOrderId: string,
): Promise<OrderDoc | undefined> {
  const query = store.firestore
    .collection(paths.orders(bookId))
    .where('venueOrderId', '==', venueOrderId)
    .limit(1);
  return (await store.query(query, orderDoc))[0];
}
