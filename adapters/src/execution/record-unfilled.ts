import { intentDoc, orderDoc, type OrderDoc } from '@tradewind/contracts/documents/execution';
import { paths } from '@tradewind/contracts/paths';
import { applyReport } from '@tradewind/core/order/apply-report';
import type { OrderReport } from '@tradewind/core/order/order';
import { isTerminal } from '@tradewind/core/order/transitions';
import type { StoreTx } from '../ledger/store.ts';
import type { Lookup } from '../venue/venue.ts';
import type { ExecutionPorts } from './ports.ts';
import { intentAfter, orderAfter } from './report-effects.ts';

type Answered = { readonly order: OrderDoc; readonly answer: Lookup };
type Reported = { readonly order: OrderDoc; readonly report: OrderReport };

/** Orders of one transaction: two writes each, and small enough to be tried again when one of them changed. */
const PAGE = 25;

/** An entry of which nothing is or was filled: its end changes no position and no book. */
const isUnfilled = ({ order, report }: Reported): boolean =>
  order.action === 'ENTER' &&
  order.filledQuantity === 0n &&
  report.filledQuantity === 0n &&
  isTerminal(report.status);

/**
 * Books the ends of entries that filled nothing, many at once: in an emergency there may be hundreds. What else was
 * answered is left to `recordReport`.
 *
 * @returns the orders that were booked, by id.
 */
export async function recordUnfilled(
  ports: ExecutionPorts,
  answers: readonly Answered[],
): Promise<ReadonlyMap<string, OrderDoc>> {
  const ended = answers
    .flatMap(({ order, answer }) =>
      answer.kind === 'found' ? [{ order, report: answer.report }] : [],
    )
    .filter(isUnfilled);
  const recorded = new Map<string, OrderDoc>();
  for (let from = 0; from < ended.length; from += PAGE) {
    const page = ended.slice(from, from + PAGE);
    for (const order of await ports.store.transact((tx) => record(ports, tx, page)))
      recorded.set(order.orderId, order);
  }
  return recorded;
}

async function record(
  { clock }: ExecutionPorts,
  tx: StoreTx,
  page: readonly Reported[],
): Promise<readonly OrderDoc[]> {
  const at = clock.wallNow();
  const [orders, intents] = await Promise.all([
    tx.getMany(
      page.map(({ order }) => paths.order(order.bookId, order.orderId)),
      orderDoc,
    ),
    tx.getMany(
      page.map(({ order }) => paths.intent(order.bookId, order.intentId)),
      intentDoc,
    ),
  ]);
  const done: OrderDoc[] = [];
  for (const [index, { report }] of page.entries()) {
    const [order, intent] = [orders[index], intents[index]];
    if (order === undefined || intent === undefined || !isUnfilled({ order, report })) continue;
    const moved = applyReport(order, report);
    if (!moved.ok || moved.value === order) continue;
    const { positionId, bookId, orderId, intentId } = order;
    const next = orderAfter(moved.value, { fills: [], positionId, at });
    tx.set(paths.order(bookId, orderId), orderDoc, next);
    tx.set(paths.intent(bookId, intentId), intentDoc, intentAfter(intent, next, at));
    done.push(next);
  }
  return done;
}
