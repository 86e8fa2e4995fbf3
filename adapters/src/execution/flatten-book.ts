import { positionDoc, type BookDoc } from '@tradewind/contracts/documents/book';
import { formatDecimal } from '@tradewind/core/lib/units';
import type { Item } from './item.ts';
import { lastPrice } from './last-price.ts';
import { openPositions } from './ledger-queries.ts';
import type { ExecutionPorts } from './ports.ts';
import { requestExit, type ExitResult } from './request-exit.ts';

/** Closes every open position of a book at once (RSK-90). */
export async function flattenBook(ports: ExecutionPorts, book: BookDoc): Promise<readonly Item[]> {
  const { store } = ports;
  const positions = await store.query(openPositions(store, book.bookId), positionDoc);
  const items: Item[] = [];
  for (const position of positions) {
    const result = await requestExit(ports, {
      bookId: book.bookId,
      positionId: position.positionId,
      reason: 'emergency',
      price: await lastPrice(ports, position),
      fast: true,
    });
    const { text, ok } = describeExit(result);
    items.push({ item: `position ${position.symbol} (${position.strategyId})`, result: text, ok });
  }
  return items;
}

/** What became of an exit, in words. */
export function describeExit(result: ExitResult): { readonly text: string; readonly ok: boolean } {
  switch (result.kind) {
    case 'alreadyClosing':
      return { text: 'is already being closed', ok: true };
    case 'notOpen':
      return { text: 'is closed', ok: true };
    case 'tooSoon':
      return { text: 'could not be closed just now; it is tried again', ok: false };
    case 'refused':
      return { text: `could not be closed: ${result.block.detail}`, ok: false };
    case 'requested':
      return describeSent(result);
  }
}

function describeSent({ intent, sent }: ExitResult & { readonly kind: 'requested' }): {
  readonly text: string;
  readonly ok: boolean;
} {
  const id = `order ${intent.orderId}`;
  switch (sent?.kind) {
    case undefined:
      return { text: `${id} is on its way`, ok: true };
    case 'recorded': {
      const { status, averagePrice, filledQuantity } = sent.order;
      if (averagePrice === null) return { text: `${id} is ${status.toLowerCase()}`, ok: true };
      const at = `${formatDecimal(filledQuantity)} sold at ${formatDecimal(averagePrice)}`;
      return { text: `${at} (${id})`, ok: true };
    }
    case 'failed':
      return { text: `could not be closed: ${sent.error.message}`, ok: false };
    case 'alreadyClosed':
      return { text: 'was closed by its stop at the venue', ok: true };
    case 'queued':
      return { text: `waits: the venue cannot be reached (${id})`, ok: false };
    case 'unclear':
    case 'handedOver':
      return { text: `is unclear: ${id} is being looked up`, ok: false };
  }
}
