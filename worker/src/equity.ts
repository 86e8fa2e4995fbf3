import { equityDoc } from '@tradewind/contracts/documents/book';
import { paths } from '@tradewind/contracts/paths';
import { bucketStart, minutes, type EpochMs } from '@tradewind/core/lib/time';
import type { Price } from '@tradewind/core/lib/units';
import { bookValue } from '@tradewind/core/portfolio/valuation';
import type { LedgerView } from './ledger-watch.ts';
import type { WorkerPorts } from './ports.ts';

const MINUTE = minutes(1);
/** Book and positions arrive by two listeners: a figure between the two would be of neither. */
const QUIET_MS = 500;
const LEAST_PAUSE_MS = 1_000;

/** Writes a point of each book's equity curve per minute of market time, at most one a second. */
export function createEquityCurve(ports: WorkerPorts, ledger: LedgerView) {
  const { store, clock, log } = ports;
  const written = new Map<string, { readonly minute: EpochMs; readonly at: EpochMs }>();

  const write = async (bookId: string, minute: EpochMs, prices: ReadonlyMap<string, Price>) => {
    const book = ledger.books.get(bookId);
    if (book === undefined) return;
    const positions = ledger.positions(bookId);
    const value = bookValue({
      cash: book.cash,
      positions,
      dust: book.dust,
      prices: Object.fromEntries(prices),
    });
    // No figure is better than one with a guessed price in it (ARC-26).
    if (value === undefined) return;
    await store.set(paths.equity(bookId, String(minute)), equityDoc, {
      at: minute,
      equity: value.equity,
      cash: value.cash,
      unrealizedPnl: value.unrealized,
      realizedPnl: book.realizedPnl,
    });
  };

  return {
    /** Called once a second. */
    tick: (prices: ReadonlyMap<string, Price>): void => {
      const minute = bucketStart(clock.marketNow(), MINUTE);
      const now = clock.wallNow();
      for (const [bookId, book] of ledger.books) {
        const last = written.get(bookId);
        const isDue =
          book.status !== 'STOPPED' &&
          (book.frozen ?? null) === null &&
          (last === undefined || (last.minute < minute && now - last.at >= LEAST_PAUSE_MS));
        if (!isDue || now - (ledger.changedAt(bookId) ?? 0) < QUIET_MS) continue;
        written.set(bookId, { minute, at: now });
        write(bookId, minute, prices).catch((error: unknown) => {
          log.warn('a point of the equity curve could not be written', { bookId, error });
        });
      }
    },
  };
}
