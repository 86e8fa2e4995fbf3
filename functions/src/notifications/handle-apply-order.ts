import { raiseAlert, resolveAlert } from '@tradewind/adapters/alerts/raise-alert';
import type { Clock } from '@tradewind/adapters/clock/clock';
import type { Store } from '@tradewind/adapters/ledger/store';
import type { Queue } from '@tradewind/adapters/queue/queue';
import type { Log } from '@tradewind/adapters/telemetry/log';
import { bookDoc, positionDoc, tradeDoc, type BookDoc } from '@tradewind/contracts/documents/book';
import { orderDoc, type OrderDoc } from '@tradewind/contracts/documents/execution';
import { paths } from '@tradewind/contracts/paths';
import { unreachable } from '@tradewind/core/lib/result';
import { notify, type Draft } from './notify.ts';
import { closedDraft, failedDraft, isExit, openedDraft, partialDraft } from './order-drafts.ts';
import { orderNews, type OrderNews } from './order-news.ts';

type Ports = {
  readonly store: Store;
  readonly queue: Queue;
  readonly clock: Clock;
  readonly log: Log;
};
type Context = { readonly ports: Ports; readonly order: OrderDoc; readonly book: BookDoc };

const unknownKey = ({ order }: Context) => ({
  rule: 'order_unknown',
  bookId: order.bookId,
  symbol: order.symbol,
  label: order.orderId,
});

async function closed({ ports: { store }, order, book }: Context): Promise<Draft | null> {
  const trade = await store.get(paths.trade(order.bookId, order.positionId), tradeDoc);
  // Still open: a later fill will close it.
  if (trade === undefined) return null;
  const position = await store.get(paths.position(order.bookId, order.positionId), positionDoc);
  return closedDraft(trade, book, { order, stopLossPct: position?.protection.stopLossPct });
}

async function failed(context: Context): Promise<Draft> {
  const { ports, order, book } = context;
  await raiseAlert(ports.store, {
    rule: 'order_failed',
    severity: isExit(order) ? 'CRITICAL' : 'WARNING',
    message: `${order.side} ${order.symbol} was not executed: ${order.rejectionReason ?? order.status}`,
    details: { order: order.orderId, strategy: order.strategyId, code: order.errorCode ?? 'none' },
    bookId: order.bookId,
    symbol: order.symbol,
    label: order.orderId,
    now: ports.clock.wallNow(),
  });
  return failedDraft(order, book);
}

/** Performs what one piece of news asks for; the mail it asks for is returned. */
async function react(news: OrderNews, context: Context): Promise<Draft | null> {
  const { ports, order, book } = context;
  const now = ports.clock.wallNow();
  switch (news) {
    case 'entryFilled': {
      const path = paths.position(order.bookId, order.positionId);
      return openedDraft(order, book, await ports.store.get(path, positionDoc));
    }
    case 'exitFilled':
      return closed(context);
    case 'partiallyFilled':
      return partialDraft(order, book);
    case 'failed':
      return failed(context);
    case 'becameUnknown':
      await raiseAlert(ports.store, {
        ...unknownKey(context),
        severity: 'WARNING',
        message: `The venue gave no clear answer about ${order.side} ${order.symbol}; it is being looked up and is not sent again.`,
        details: { order: order.orderId, strategy: order.strategyId },
        now,
      });
      return null;
    case 'becameKnown':
      await resolveAlert(ports.store, { ...unknownKey(context), now });
      return null;
    default:
      return unreachable(news);
  }
}

/**
 * Tells people what an order's change means to them. Delivered twice it tells once: every mail
 * has a dedup key made of the event (NTF-01), and alerts count up on one document.
 */
export async function handleApplyOrder(
  ports: Ports,
  change: { readonly before: object | undefined; readonly after: object },
  recipient: string | undefined,
): Promise<void> {
  const after = orderDoc.safeParse(change.after);
  const before = change.before === undefined ? undefined : orderDoc.safeParse(change.before);
  if (!after.success || before?.success === false) {
    // No retry mends it, and the writer is our own code.
    ports.log.error('order is malformed', { error: String(after.error ?? before?.error) });
    return;
  }
  const news = orderNews(before?.data, after.data);
  if (news.length === 0) return;
  const order = after.data;
  const book = await ports.store.get(paths.book(order.bookId), bookDoc);
  if (book === undefined) return;
  for (const item of news) {
    const draft = await react(item, { ports, order, book });
    if (draft !== null) await notify(ports, draft, recipient);
  }
}
