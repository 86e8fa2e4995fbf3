import type { EpochMs } from '@tradewind/core/lib/time';
import type { FeedBatch, FeedFault, FeedTrade, Quote, TradeFeed } from './venue.ts';

/** Trades that may wait to be taken: ten seconds of a hundred busy markets. */
const BACKLOG = 50_000;
/** Longest text of a fault: what is wrong may be megabytes of rubbish. */
const FAULT_TEXT = 200;

/** What a feed has heard and nobody has taken yet. */
export type Inbox = {
  readonly trade: (trade: FeedTrade) => void;
  readonly quote: (quote: Quote) => void;
  readonly fault: (
    kind: FeedFault['kind'],
    about: { readonly marketKey: string | null; readonly what: string },
  ) => void;
  /** The feed is over: what has arrived is still handed out, then this is thrown. */
  readonly fail: (error: Error) => void;
  readonly hasFailed: () => boolean;
  readonly next: TradeFeed['next'];
};

/** @param backlog Trades that may wait; the oldest beyond it are lost, and a fault says how many. */
export function createInbox(now: () => EpochMs, backlog: number = BACKLOG): Inbox {
  let trades: FeedTrade[] = [];
  let head = 0;
  let arrivedAt: EpochMs | undefined;
  let failure: Error | undefined;
  let wake: (() => void) | undefined;
  const quotes = new Map<string, Quote>();
  const faults = new Map<string, FeedFault>();

  const heard = (at: EpochMs): void => {
    arrivedAt ??= at;
    wake?.();
  };
  const fault: Inbox['fault'] = (kind, { marketKey, what }) => {
    const key = `${kind} ${marketKey ?? ''}`;
    const count = (faults.get(key)?.count ?? 0) + 1;
    faults.set(key, { kind, marketKey, count, what: what.slice(0, FAULT_TEXT) });
    heard(now());
  };
  const dropOldest = (): void => {
    const marketKey = trades[head]?.marketKey ?? null;
    head += 1;
    if (head === backlog) [trades, head] = [trades.slice(head), 0];
    fault('overflow', { marketKey, what: `nobody took them: ${backlog} trades were waiting` });
  };
  const drain = (): FeedBatch | undefined => {
    if (arrivedAt === undefined) return undefined;
    const batch = {
      trades: head === 0 ? trades : trades.slice(head),
      quotes: [...quotes.values()],
      receivedAt: arrivedAt,
      faults: [...faults.values()],
    };
    [trades, head, arrivedAt] = [[], 0, undefined];
    quotes.clear();
    faults.clear();
    return batch;
  };
  const news = (signal: AbortSignal): Promise<void> =>
    new Promise((done) => {
      const end = (): void => {
        signal.removeEventListener('abort', end);
        wake = undefined;
        done();
      };
      signal.addEventListener('abort', end);
      wake = end;
    });
  return {
    trade: (trade) => {
      trades.push(trade);
      if (trades.length - head > backlog) dropOldest();
      heard(trade.receivedAt);
    },
    quote: (quote) => {
      quotes.set(quote.marketKey, quote);
      heard(quote.receivedAt);
    },
    fault,
    fail: (error) => {
      failure ??= error;
      wake?.();
    },
    hasFailed: () => failure !== undefined,
    next: async (signal) => {
      for (;;) {
        signal.throwIfAborted();
        const batch = drain();
        if (batch !== undefined) return batch;
        if (failure !== undefined) throw failure;
        await news(signal);
      }
    },
  };
}
