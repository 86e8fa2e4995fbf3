import { positionDoc, type PositionDoc } from '@tradewind/contracts/documents/book';
import { marketDoc, type MarketDoc } from '@tradewind/contracts/documents/market';
import { paths } from '@tradewind/contracts/paths';
import {
  notional,
  roundPrice,
  roundQty,
  subQty,
  type Price,
  type Qty,
} from '@tradewind/core/lib/units';
import { isDone, type Account } from './exchange.ts';
import type { Disk, Write } from './memory-disk.ts';
import { BOOK } from './seed-book.ts';
import type { World } from './world.ts';

/** What a position may be without, simulated time (PF-49, EXE-T18). */
const WITHIN_MS = 5_000;
/** After harm was done, repair may have to wait for a claim to end and for the next pass of sync. */
const REPAIR_MS = 75_000;
/** With breakers a ban of two minutes may have to end first, and probes to follow. */
const GUARDED_REPAIR_MS = 300_000;

/** True when the venue takes a stop over so much, be it at its price or, where the market is beyond that, as a sale. */
function isTradable(
  exchange: Account,
  { market, marketKey, minNotional, minQty }: MarketDoc,
  { stopPrice, quantity }: { readonly stopPrice: Price; readonly quantity: Qty },
): boolean {
  if (market === 'futures') return quantity >= minQty;
  const last = exchange.lastPrice(marketKey) ?? stopPrice;
  return notional(last < stopPrice ? last : stopPrice, quantity, 'floor') >= minNotional;
}

/** PF-46: a stop is not moved for less than a quarter of a percent, as an addition to its position may ask for. */
const isApart = (a: Price, b: Price): boolean => (a > b ? a - b : b - a) * 400n >= b;

/**
 * What is wrong with the stop of an open position, in words; `null` when it rests at the venue as it
 * should, when an exit is under way, when the venue holds nothing any more, and when the position is too small for the
 * venue to hold one.
 */
function judgeStop(disk: Disk, exchange: Account, position: PositionDoc): string | null {
  const { status, closeIntentId, marketKey, quantity, stop, protection, positionId, side } =
    position;
  if (status === 'CLOSED' || closeIntentId !== null) return null;
  const market = marketDoc.parse(disk.get(paths.market(marketKey))?.data);
  const isLong = side === 'LONG';
  const wanted = roundQty(quantity, market.lotSize, 'floor');
  const stopPrice = roundPrice(protection.stopLoss, market.tickSize, isLong ? 'ceil' : 'floor');
  if (!isTradable(exchange, market, { stopPrice, quantity: wanted })) return null;
  // The venue has liquidated it; the ledger hears of it later.
  if (market.market === 'futures' && exchange.held(market, side) === 0n) return null;
  const found = stop.venueStopOrderId === null ? undefined : exchange.find(stop.venueStopOrderId);
  // A stop that sold everything leaves nothing to protect; the ledger hears of it later.
  if (found?.order.status === 'FILLED' && found.order.filled >= wanted) return null;
  if (found === undefined || isDone(found) || found.order.stopPrice === null)
    return `position ${positionId} has no stop at the venue`;
  const { order } = found;
  if (order.side !== (isLong ? 'SELL' : 'BUY'))
    return `the stop of position ${positionId} would make it larger`;
  if (isApart(found.order.stopPrice, stopPrice))
    return `the stop of position ${positionId} is at another price`;
  // A stop that fired sells what is left; the ledger hears of it later.
  if (order.triggeredAt !== null || order.quantity === null) return null;
  return subQty(order.quantity, order.filled) === wanted
    ? null
    : `the stop of position ${positionId} sells ${order.quantity} of ${wanted}`;
}

/** Open positions that the venue does not protect now. */
export const findBare = (disk: Disk, exchange: Account): string[] =>
  [...disk.list(paths.positions(BOOK)).values()].flatMap(({ data }) => {
    const fault = judgeStop(disk, exchange, positionDoc.parse(data));
    return fault === null ? [] : [fault];
  });

/** Watches that every position gets its stop in time while nothing is done to the desk. */
export type ProtectionWatch = {
  readonly onCommit: (writes: readonly Write[]) => void;
  readonly late: readonly string[];
};

/** Looks at a position five seconds after each change of it, unless it has changed again. */
export function watchProtection(world: () => World, exchange: () => Account): ProtectionWatch {
  const late: string[] = [];
  const latest = new Map<string, number>();
  const look = (path: string, changedAt: number): void => {
    const stored = world().disk.get(path);
    const repairMs = world().isGuarded ? GUARDED_REPAIR_MS : REPAIR_MS;
    const wasCalm = world().lastFaultAt() + repairMs < changedAt;
    if (latest.get(path) !== changedAt || stored === undefined || !wasCalm) return;
    const fault = judgeStop(world().disk, exchange(), positionDoc.parse(stored.data));
    if (fault !== null) late.push(`${fault} ${WITHIN_MS / 1_000} s after it changed`);
  };
  return {
    late,
    onCommit: (writes) => {
      for (const { path, data } of writes) {
        if (!path.startsWith(`${paths.positions(BOOK)}/`) || data['status'] === 'CLOSED') continue;
        const { timeline } = world();
        const now = timeline.now();
        latest.set(path, now);
        const check = (): void => {
          look(path, now);
        };
        timeline.at(now + WITHIN_MS, check, true);
      }
    },
  };
}
