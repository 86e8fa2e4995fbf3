import type { CommandReply } from '@tradewind/contracts/callables';
import { positionDoc } from '@tradewind/contracts/documents/book';
import { orderDoc } from '@tradewind/contracts/documents/execution';
import { paths } from '@tradewind/contracts/paths';
import { cancelAtVenue } from './cancel-at-venue.ts';
import { exitPosition } from './exit-position.ts';
import { describeExit } from './flatten-book.ts';
import { lastPrice } from './last-price.ts';
import { workingOrders } from './ledger-queries.ts';
import { urgentVenue, type ExecutionPorts } from './ports.ts';
import type { ExitResult } from './request-exit.ts';
import { isEntry, requireBook } from './records.ts';

/**
 * Closes a position at a person's wish (EXE-70): cancels what still builds it, then sells all of it at
 * the market. The position's lock keeps its stops from firing meanwhile; it is lifted when the exit
 * fails (EXE-71).
 */
export async function closePosition(
  ports: ExecutionPorts,
  { bookId, positionId }: { readonly bookId: string; readonly positionId: string },
): Promise<CommandReply> {
  const { store } = ports;
  const position = await store.get(paths.position(bookId, positionId), positionDoc);
  if (position === undefined)
    return { ok: false, code: 'not_found', message: `There is no position "${positionId}".` };
  if (position.status === 'CLOSED')
    return { ok: true, code: 'already_closed', message: `${position.symbol} is already closed.` };
  const later = await cancelEntries(ports, { bookId, positionId });
  const price = await lastPrice(ports, position);
  const exit = (id: string): Promise<ExitResult> =>
    exitPosition(ports, {
      ...{ bookId, positionId: id, marketKey: position.marketKey, price },
      reason: 'manual',
      fast: true,
    });
  const result = await exit(positionId);
  const told = [describeExit(result)];
  for (const id of later) told.push(describeExit(await exit(id)));
  const ok = told.every((one) => one.ok);
  const message = `${position.symbol} ${told.map(({ text }) => text).join('; what its entry bought since ')}.`;
  return result.kind === 'requested'
    ? { ok, code: ok ? 'closed' : 'close_failed', message, id: result.intent.orderId }
    : { ok, code: result.kind === 'alreadyClosing' ? 'already_closing' : 'refused', message };
}

/**
 * Cancels what still builds a position. What was bought after the position was closed by somebody else is in another
 * one: the ids of such.
 */
async function cancelEntries(
  ports: ExecutionPorts,
  { bookId, positionId }: { readonly bookId: string; readonly positionId: string },
): Promise<readonly string[]> {
  const orders = await ports.store.query(workingOrders(ports.store, bookId), orderDoc);
  const building = orders.filter((order) => order.positionId === positionId && isEntry(order));
  if (building.length === 0) return [];
  const venue = await urgentVenue(ports, await requireBook(ports.store, bookId));
  const later = new Set<string>();
  for (const order of building) {
    const cancelled = await cancelAtVenue(ports, venue, order);
    if (cancelled.kind === 'recorded') later.add(cancelled.order.positionId);
  }
  later.delete(positionId);
  return [...later];
}
