import type { OrderDoc } from '@tradewind/contracts/documents/execution';
import { ALREADY_CLOSED } from '@tradewind/core/order/order';

/** What a change of an order means to people. */
export type OrderNews =
  'entryFilled' | 'exitFilled' | 'partiallyFilled' | 'failed' | 'becameUnknown' | 'becameKnown';

const OVER: ReadonlySet<OrderDoc['status']> = new Set([
  'FILLED',
  'CANCELLED',
  'REJECTED',
  'EXPIRED',
  'NOT_SENT',
]);

const isEntry = ({ action }: OrderDoc): boolean => action === 'ENTER' || action === 'ADD';

/** Whether coming to nothing is news: a stop that does is told with what is done about it. */
const isNews = ({ status, type, errorCode }: OrderDoc): boolean =>
  status !== 'CANCELLED' && type !== 'STOP' && errorCode !== ALREADY_CLOSED;

/**
 * What happened between two versions of one order, oldest facts left out: an event whose `after`
 * is not newer than its `before` tells nothing (ARC-54).
 */
export function orderNews(before: OrderDoc | undefined, after: OrderDoc): readonly OrderNews[] {
  if (before !== undefined && after.version <= before.version) return [];
  const filledBefore = before?.filledQuantity ?? 0n;
  const hasGrown = after.filledQuantity > filledBefore;
  const isOver = OVER.has(after.status) && (before === undefined || !OVER.has(before.status));
  const isFull = after.filledQuantity >= after.quantity;
  const news: OrderNews[] = [];
  if (hasGrown && filledBefore === 0n && isEntry(after)) news.push('entryFilled');
  if ((hasGrown || isOver) && after.filledQuantity > 0n && !isEntry(after)) news.push('exitFilled');
  if (isOver && after.filledQuantity > 0n && !isFull) news.push('partiallyFilled');
  if (isOver && after.filledQuantity === 0n && isNews(after)) news.push('failed');
  if (after.status === 'UNKNOWN' && before?.status !== 'UNKNOWN') news.push('becameUnknown');
  if (before?.status === 'UNKNOWN' && after.status !== 'UNKNOWN') news.push('becameKnown');
  return news;
}
