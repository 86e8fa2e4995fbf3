import { positionDoc, type BookDoc, type PositionDoc } from '@tradewind/contracts/documents/book';
import { formatDecimal } from '@tradewind/core/lib/units';
import { createLimiter } from '../archive/limiter.ts';
import { readPrices } from '../market/read-prices.ts';
import { protectRest } from './exit-position.ts';
import type { Item } from './item.ts';
import { openPositions } from './ledger-queries.ts';
import type { ExecutionPorts } from './ports.ts';
import { grantExit, sendGranted, type ExitResult, type Granted } from './request-exit.ts';

/** A position that is to be closed, and whether it was locked for that. */
export type Locked = { readonly position: PositionDoc; readonly granted: Granted };

/** Transactions under way at once: each exit books its fills on the same book. */
const LANES = 4;

/**
 * Locks every open position of a book but those in `known` for its exit (RSK-90). Before their stops are taken away, so that nobody puts
 * them back meanwhile.
 */
export async function lockPositions(
  ports: ExecutionPorts,
  { bookId }: BookDoc,
  known: readonly Locked[] = [],
): Promise<readonly Locked[]> {
  const open = await ports.store.query(openPositions(ports.store, bookId), positionDoc);
  const knownIds = new Set(known.map(({ position }) => position.positionId));
  const positions = open.filter(({ positionId }) => !knownIds.has(positionId));
  const prices = await readPrices(ports.store);
  return Promise.all(
    positions.map(async (position) => {
      const { positionId, marketKey, averageEntry } = position;
      const price = prices.get(marketKey)?.price ?? averageEntry;
      const wish = {
        bookId,
        positionId,
        marketKey,
        reason: 'emergency',
        price,
        fast: true,
      } as const;
      return { position, granted: await grantExit(ports, wish) };
    }),
  );
}

/**
 * Sells all that was locked, and protects again what could not be sold. No sale waits until another one is booked: all
 * go out as fast as the rate budget lets them.
 */
export async function sellLocked(
  ports: ExecutionPorts,
  locked: readonly Locked[],
): Promise<readonly Item[]> {
  const { store } = ports;
  const inLane = createLimiter(LANES);
  const transact: typeof store.transact = (body) => inLane(() => store.transact(body));
  const patient = { ...ports, store: { ...store, transact } };
  return Promise.all(locked.map((one) => sell(patient, one)));
}

async function sell(ports: ExecutionPorts, { position, granted }: Locked): Promise<Item> {
  const { bookId, positionId, symbol, strategyId } = position;
  const result = granted.kind === 'granted' ? await sendGranted(ports, granted) : granted;
  const { text, ok } = describeExit(result);
  await protectRest(ports, { bookId, positionId }, result);
  return { item: `position ${symbol} (${strategyId})`, result: text, ok };
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
