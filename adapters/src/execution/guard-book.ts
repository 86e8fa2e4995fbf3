import {
  positionDoc,
  riskStateDoc,
  type BookDoc,
  type PositionDoc,
} from '@tradewind/contracts/documents/book';
import { orderDoc, type OrderDoc } from '@tradewind/contracts/documents/execution';
import { marketDoc, type MarketDoc } from '@tradewind/contracts/documents/market';
import { paths } from '@tradewind/contracts/paths';
import { decideStop } from '@tradewind/core/portfolio/venue-stop';
import type { Venue } from '../venue/venue.ts';
import { cancelAtVenue } from './cancel-at-venue.ts';
import { stopBook } from './emergency-cancel.ts';
import { openPositions, workingOrders } from './ledger-queries.ts';
import { urgentVenue, type ExecutionPorts } from './ports.ts';
import { protectAfter, protectPosition, type Protected } from './protect-position.ts';
import { recordReport } from './record-report.ts';
import { instrumentOf, isStop } from './records.ts';
import { lookupFailure, resultFailure, withRetries } from './venue-calls.ts';

/** What one look of the guardian at one book came to. */
export type Guarded = {
  readonly positions: number;
  /** Positions whose stop was placed, moved, re-sized or taken away. */
  readonly repaired: number;
  /** Positions that are being closed because the venue would not protect them. */
  readonly closing: number;
  /** Stops without a position that were taken away (D12). */
  readonly orphans: number;
  /** What failed; everything else was still done. */
  readonly failures: readonly Error[];
};

/** An emergency stop that is not done after this has evidently lost whoever was doing it. */
const STOP_LOST_MS = 15_000;

const REPAIRED: readonly Protected[] = ['placed', 'removed'];

/**
 * Verifies that every open position of a book has its correctly sized stop at the venue, and that no stop is there
 * without a position; repairs what is not so (D12, D13, PF-49). Takes up an emergency stop that was cut short.
 *
 * It trusts the venue's list and not the ledger's word, and needs nothing else of the desk to be alive.
 */
export async function guardBook(ports: ExecutionPorts, book: BookDoc): Promise<Guarded> {
  const { store } = ports;
  const failures: Error[] = [];
  const attempt = async <T>(work: () => Promise<T>, otherwise: T): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      failures.push(error instanceof Error ? error : new Error(String(error)));
      return otherwise;
    }
  };
  await attempt(() => resumeStop(ports, book), undefined);
  const working = await store.query(workingOrders(store, book.bookId), orderDoc);
  const stops = working.filter(isStop);
  const resting =
    stops.length === 0 ? [] : await attempt(() => compareStops(ports, book, stops), []);
  const positions = await store.query(openPositions(store, book.bookId), positionDoc);
  const isGood = await attempt(
    () => restingWell(ports, positions, resting),
    () => false,
  );
  const outcomes: Protected[] = [];
  for (const position of positions) {
    const { bookId, positionId } = position;
    if (!isGood(position))
      outcomes.push(await attempt(() => protectPosition(ports, { bookId, positionId }), 'nothing'));
  }
  const wanted = new Set(positions.map(({ stop }) => stop.venueStopOrderId));
  const orphans = stops.filter(({ orderId }) => !wanted.has(orderId));
  let taken = 0;
  for (const orphan of orphans) taken += await attempt(() => takeAway(ports, book, orphan), 0);
  return {
    positions: positions.length,
    repaired: outcomes.filter((outcome) => REPAIRED.includes(outcome)).length,
    closing: outcomes.filter((outcome) => outcome === 'closing').length,
    orphans: taken,
    failures,
  };
}

/**
 * Tells positions whose stop rests as it should, by what was just read. A position that has changed since its stop was
 * read names another stop or another size, so that it is looked at with care.
 */
async function restingWell(
  { store }: ExecutionPorts,
  positions: readonly PositionDoc[],
  stops: readonly OrderDoc[],
): Promise<(position: PositionDoc) => boolean> {
  const markets = new Map<string, MarketDoc | undefined>();
  for (const { marketKey } of positions)
    if (!markets.has(marketKey))
      markets.set(marketKey, await store.get(paths.market(marketKey), marketDoc));
  return (position) => {
    const market = markets.get(position.marketKey);
    const stop = stops.find(({ orderId }) => orderId === position.stop.venueStopOrderId);
    if (market === undefined || stop?.status !== 'ACKNOWLEDGED' || stop.stopPrice === null)
      return false;
    const { stopPrice, quantity, filledQuantity: filled } = stop;
    const resting = { stopPrice, quantity, filled };
    const instrument = instrumentOf(market);
    return decideStop({ position, instrument, resting, atr: null }).kind === 'nothing';
  };
}

/** Books what became of stops that the ledger believes in and the venue does not list. Those that it lists. */
async function compareStops(
  ports: ExecutionPorts,
  book: BookDoc,
  stops: readonly OrderDoc[],
): Promise<readonly OrderDoc[]> {
  const venue = await urgentVenue(ports, book);
  const listing = await withRetries(ports, () => venue.openOrders(), resultFailure);
  // A list that could not be read is no empty list (EXE-51).
  if (!listing.ok) throw new Error(`Open orders could not be read: ${listing.error.message}`);
  const listed = new Set(listing.value.map(({ clientOrderId }) => clientOrderId));
  for (const stop of stops) {
    const isArrived = stop.status !== 'SUBMITTED' && stop.status !== 'UNKNOWN';
    if (isArrived && !listed.has(stop.orderId)) await lookUp(ports, venue, stop);
  }
  return stops.filter(({ orderId }) => listed.has(orderId));
}

async function lookUp(ports: ExecutionPorts, venue: Venue, stop: OrderDoc): Promise<void> {
  const { bookId, orderId, symbol } = stop;
  const lookup = await withRetries(ports, () => venue.lookup(symbol, orderId), lookupFailure);
  if (lookup.kind !== 'found') throw new Error(`The venue does not tell of stop ${orderId}.`);
  const at = ports.clock.wallNow();
  const { report } = lookup;
  const recorded = await recordReport(ports, { bookId, orderId, report, fills: [], venue, at });
  const soldFrom = recorded.ok ? recorded.value.order.positionId : stop.positionId;
  // Its own position is looked after next; another one that it sold from might be taken for protected.
  if (soldFrom !== stop.positionId) await protectPosition(ports, { bookId, positionId: soldFrom });
}

/** 1 when it is gone. One that its position names since then is no orphan. */
async function takeAway(ports: ExecutionPorts, book: BookDoc, stop: OrderDoc): Promise<number> {
  const { bookId, positionId, orderId } = stop;
  const position = await ports.store.get(paths.position(bookId, positionId), positionDoc);
  const isNamed = position?.status !== 'CLOSED' && position?.stop.venueStopOrderId === orderId;
  const current = await ports.store.get(paths.order(bookId, orderId), orderDoc);
  if (isNamed || current?.status === 'CANCELLED' || current?.status === 'FILLED') return 0;
  const cancelled = await cancelAtVenue(ports, await urgentVenue(ports, book), stop);
  if (cancelled.kind !== 'recorded') return 0;
  // It may have sold what another position holds, whose own stop is too large now.
  await protectAfter(ports, { before: stop, after: cancelled.order });
  return 1;
}

/** Goes on with an emergency stop whose process died (RSK-92): each of its steps may be done again. */
async function resumeStop(ports: ExecutionPorts, book: BookDoc): Promise<void> {
  const risk = await ports.store.get(paths.riskState(book.bookId), riskStateDoc);
  const emergency = risk?.emergencyStop === true ? (risk.emergency ?? null) : null;
  if (emergency === null || emergency.doneAt !== null) return;
  if (ports.clock.wallNow() - (risk?.emergencyStopAt ?? 0) < STOP_LOST_MS) return;
  await stopBook(ports, book, { flatten: emergency.flatten, sweep: false });
}
