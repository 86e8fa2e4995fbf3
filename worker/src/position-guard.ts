import { raiseAlert } from '@tradewind/adapters/alerts/raise-alert';
import { requestExit } from '@tradewind/adapters/execution/request-exit';
import { positionDoc, type PositionDoc } from '@tradewind/contracts/documents/book';
import { paths } from '@tradewind/contracts/paths';
import type { Price } from '@tradewind/core/lib/units';
import type { Candle } from '@tradewind/core/market/market';
import type { CloseReason } from '@tradewind/core/order/intent';
import { createCoalescer } from './coalescer.ts';
import { adopt, isWorthWriting, replay, watch, withExtremes, type Guarded } from './guarded.ts';
import type { WorkerPorts } from './ports.ts';

/** Stops, targets and trailing stops of all open positions, judged on every trade (EXE-02, PF-41). */
export type PositionGuard = {
  readonly update: (position: PositionDoc) => void;
  readonly remove: (bookId: string, positionId: string) => void;
  readonly onTrade: (marketKey: string, price: Price) => void;
  readonly onGap: (marketKey: string, candles: readonly Candle[]) => void;
  /** Once a second: looks at the last prices again, and writes extremes that moved. */
  readonly tick: () => void;
  /** Nothing triggers and nothing is written any more. */
  readonly halt: () => void;
  /** An orderly end: halts; exits on their way and extremes are waited for. */
  readonly close: () => Promise<void>;
};

/** After a wish was granted, its lock arrives with the next snapshot: until then ask no more. */
const ANSWER_MS = 2_000;
const RETRY_MS = 1_000;

type Entry = { guarded: Guarded; exiting: Promise<void> | null; retryAt: number };

export type ExitRequest = typeof requestExit;

export function createPositionGuard(
  ports: WorkerPorts,
  exit: ExitRequest = requestExit,
): PositionGuard {
  const { store, clock, log } = ports;
  const entries = new Map<string, Entry>();
  const prices = new Map<string, Price>();
  let closed = false;
  const keyOf = (bookId: string, positionId: string): string => paths.position(bookId, positionId);

  const extremes = createCoalescer<Price>({
    everyMs: 1_000,
    wallNow: clock.wallNow,
    write: (path, highest) =>
      store.transact(async (tx) => {
        const position = await tx.get(path, positionDoc);
        const next = position === undefined ? undefined : withExtremes(position, highest);
        if (next === undefined) return;
        const version = next.version + 1;
        tx.set(path, positionDoc, { ...next, version, updatedAt: clock.wallNow() });
      }),
    onError: (path, error) => {
      log.warn('a trailing stop could not be written; it holds in memory', { path, error });
    },
  });

  const ask = async (entry: Entry, reason: CloseReason, price: Price): Promise<void> => {
    const { bookId, positionId, symbol } = entry.guarded.doc;
    try {
      const result = await exit(ports, { bookId, positionId, reason, price, fast: true });
      log.info('protective exit', { bookId, positionId, symbol, reason, result: result.kind });
      entry.retryAt = result.kind === 'tooSoon' ? result.retryAt : clock.wallNow() + ANSWER_MS;
    } catch (error) {
      entry.retryAt = clock.wallNow() + RETRY_MS;
      log.error('a protective exit failed and is tried again', { bookId, positionId, error });
      await raiseAlert(store, {
        rule: 'protective_exit_failed',
        bookId,
        symbol,
        severity: 'CRITICAL',
        message: `${symbol}: ${reason} was reached, but the exit could not be sent. It is tried again.`,
        details: { positionId, reason },
        now: clock.wallNow(),
      }).catch((failure: unknown) => {
        log.warn('an alert could not be written', { error: failure });
      });
    }
  };
  const act = (entry: Entry, trigger: CloseReason | null, price: Price): void => {
    if (trigger === null || closed || entry.exiting !== null) return;
    if (clock.wallNow() < entry.retryAt) return;
    entry.exiting = ask(entry, trigger, price).finally(() => {
      entry.exiting = null;
    });
  };
  const judge = (entry: Entry, price: Price): void => {
    const step = watch(entry.guarded, price);
    entry.guarded = step.guarded;
    act(entry, step.trigger, price);
  };
  const inMarket = (marketKey: string): Entry[] =>
    [...entries.values()].filter(({ guarded }) => guarded.doc.marketKey === marketKey);

  return {
    update: (doc) => {
      const key = keyOf(doc.bookId, doc.positionId);
      const known = entries.get(key);
      if (known === undefined)
        entries.set(key, { guarded: adopt(undefined, doc), exiting: null, retryAt: 0 });
      else known.guarded = adopt(known.guarded, doc);
    },
    remove: (bookId, positionId) => void entries.delete(keyOf(bookId, positionId)),
    onTrade: (marketKey, price) => {
      prices.set(marketKey, price);
      for (const entry of inMarket(marketKey)) judge(entry, price);
    },
    onGap: (marketKey, candles) => {
      for (const entry of inMarket(marketKey)) {
        const step = replay(entry.guarded, candles);
        entry.guarded = step.guarded;
        const price = prices.get(marketKey) ?? candles.at(-1)?.close;
        if (price !== undefined) act(entry, step.trigger, price);
      }
    },
    halt: () => {
      closed = true;
    },
    tick: () => {
      if (closed) return;
      for (const [path, entry] of entries) {
        const price = prices.get(entry.guarded.doc.marketKey);
        if (price !== undefined) judge(entry, price);
        if (isWorthWriting(entry.guarded)) extremes.offer(path, entry.guarded.protection.highest);
      }
      extremes.flush();
    },
    close: async () => {
      closed = true;
      await Promise.all([...entries.values()].map(({ exiting }) => exiting));
      await extremes.drain();
    },
  };
}
