import {
  bookDoc,
  positionDoc,
  riskStateDoc,
  type BookDoc,
  type PositionDoc,
  type RiskStateDoc,
} from '@tradewind/contracts/documents/book';
import { healthDoc, type HealthDoc } from '@tradewind/contracts/documents/risk';
import { paths } from '@tradewind/contracts/paths';
import type { EpochMs } from '@tradewind/core/lib/time';
import { toNumber, type Price } from '@tradewind/core/lib/units';
import { bookValue, type BookValue } from '@tradewind/core/portfolio/valuation';
import { revalue } from '@tradewind/core/risk/day';
import type { Limits } from '@tradewind/core/risk/limits';
import type { DumpWatch } from './dump-watch.ts';
import { readLimits } from './gate-figures.ts';
import { openPositions } from './ledger-queries.ts';
import type { ExecutionPorts } from './ports.ts';
import { exitPosition } from './exit-position.ts';

/** What a look at a book is made with. */
export type Look = {
  readonly bookId: string;
  /** Last prices that are young enough to act on. */
  readonly prices: ReadonlyMap<string, Price>;
  /** Correlation of a market with a leader's symbol; `null` = not known (PF-77). */
  readonly correlationOf?: (marketKey: string, leader: string) => number | null;
  /** Leaders that have just run, by symbol (PF-75). */
  readonly moves?: ReadonlyMap<string, 'fall' | 'rise'>;
  /** What earlier looks remember of signs of dumps. */
  readonly dumps?: DumpWatch;
  /** Told what the margin health of futures was found to be, by symbol, the worst of each; what is not known is left out. */
  readonly onMargin?: (healths: ReadonlyMap<string, number>) => void;
};

/** A book as one look sees it. */
export type Seen = {
  readonly book: BookDoc;
  readonly risk: RiskStateDoc;
  readonly limits: Limits;
  readonly positions: readonly PositionDoc[];
  readonly known: HealthDoc | undefined;
  readonly value: BookValue | undefined;
  readonly marketNow: EpochMs;
  readonly wallNow: EpochMs;
};

/** How often somebody looks, at most. */
export const LOOK_EVERY_MS = 10_000;

/** Looks that a fill came in between of, before the next look has to do. */
const MAX_TRIES = 5;

/**
 * Reads the book as it was at one moment; `null` where there is none.
 *
 * The book comes first and last: every fill changes it, so that one which is booked between these reads makes all of
 * them be read again. Cash of before a purchase with the position of after it would look like a gain, the other way
 * like a loss.
 *
 * @throws Error when fills came in between of every look.
 */
export async function see(ports: ExecutionPorts, { bookId, prices }: Look): Promise<Seen | null> {
  const { store, clock } = ports;
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const wallNow = clock.wallNow();
    const book = await store.get(paths.book(bookId), bookDoc);
    if (book === undefined) return null;
    const [risk, positions, known, limits] = await Promise.all([
      store.get(paths.riskState(bookId), riskStateDoc),
      store.query(openPositions(store, bookId), positionDoc),
      store.get(paths.riskHealth(bookId), healthDoc),
      readLimits(store, book, wallNow),
    ]);
    if (risk === undefined) return null;
    const after = await store.get(paths.book(bookId), bookDoc);
    if (after?.updatedAt !== book.updatedAt || after.cash !== book.cash) continue;
    const value = bookValue({
      cash: book.cash,
      positions,
      dust: book.dust,
      prices: Object.fromEntries(prices),
    });
    return { book, risk, limits, positions, known, value, marketNow: clock.marketNow(), wallNow };
  }
  throw new Error(`Book "${bookId}" changed during each of ${MAX_TRIES} looks at it.`);
}

/** The risk state at current prices; as it is where a price is missing (ARC-26). */
export const valued = ({ risk, value, marketNow }: Seen): RiskStateDoc =>
  value === undefined ? risk : revalue(risk, { equity: value.equity, now: marketNow });

/** How far each position is from what it cost, in percent; `null` without a price. */
export function pnlPct(
  { marketKey, averageEntry, side }: PositionDoc,
  prices: ReadonlyMap<string, Price>,
): number | null {
  const price = prices.get(marketKey);
  if (price === undefined || averageEntry <= 0n) return null;
  const move = (100 * (toNumber(price) - toNumber(averageEntry))) / toNumber(averageEntry);
  return side === 'LONG' ? move : -move;
}

/** Asks for the exit of each; one that is under way is left alone. */
export async function closeEach(
  ports: ExecutionPorts,
  look: Look,
  {
    positions,
    reason,
  }: {
    readonly positions: readonly PositionDoc[];
    readonly reason:
      'health' | 'allocation' | 'correlated_dump' | 'circuit_breaker' | 'dump' | 'hold_time';
  },
): Promise<void> {
  for (const { bookId, positionId, marketKey, averageEntry, symbol } of positions) {
    const price = look.prices.get(marketKey) ?? averageEntry;
    const result = await exitPosition(ports, {
      bookId,
      positionId,
      marketKey,
      reason,
      price,
      fast: true,
    });
    ports.log.info('exit asked for by a monitor', { bookId, symbol, reason, result: result.kind });
  }
}
