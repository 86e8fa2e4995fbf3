import type { EpochMs } from '@tradewind/core/lib/time';
import type { FeedBatch, FeedFault, FeedTrade, Quote, TradeFeed } from './venue.ts';

/** Trades that may wait to be taken: ten seconds of a hundred busy markets. */
const BACKLOG = 50_000;
/** Longest text of a fault: what is wrong may be megabytes of rubbish. */
const FAULT_TEXT = 200;

type About = { readonly marketKey: string | null; readonly what: string };

/** What a feed has heard and nobody has taken yet. */
export type Inbox = {
  readonly trade: (trade: FeedTrade) => void;
  readonly quote: (quote: Quote) => void;
  readonly fault: (kind: FeedFault['kind'], about: About) => void;
  /** The feed is over: what has arrived is still handed out, then this is thrown. */
  readonly fail: (error: Error) => void;
  readonly hasFailed: () => boolean;
  readonly next: TradeFeed['next'];
};

/** A queue with a bound: what is pushed out of it is told. */
function createQueue(limit: number, dropped: (trade: FeedTrade) => void) {
  let trades: FeedTrade[] = [];
  let head = 0;
  return {
    push: (trade: FeedTrade): void => {
      trades.push(trade);
      const oldest = trades[head];
      if (trades.length - head <= limit || oldest === undefined) return;
      head += 1;
      if (head === limit) [trades, head] = [trades.slice(head), 0];
      dropped(oldest);
    },
    takeAll: (): readonly FeedTrade[] => {
      const all = head === 0 ? trades : trades.slice(head);
      [trades, head] = [[], 0];
      return all;
    },
  };
}

/** Faults of one kind about one market are one, with their number. */
function createTally() {
  const faults = new Map<string, FeedFault>();
  return {
    add: (kind: FeedFault['kind'], { marketKey, what }: About): void => {
      const key = `${kind} ${marketKey ?? ''}`;
      const count = (faults.get(key)?.count ?? 0) + 1;
      faults.set(key, { kind, marketKey, count, what: what.slice(0, FAULT_TEXT) });
    },
    takeAll: (): readonly FeedFault[] => {
      const all = [...faults.values()];
      faults.clear();
      return all;
    },
  };
}

/** Somebody who sleeps until there is news, or until `signal` aborts. */
function createSleeper() {
  let wake: (() => void) | undefined;
  return {
    wake: (): void => wake?.(),
    sleep: (signal: AbortSignal): Promise<void> =>
      new Promise((done) => {
        const end = (): void => {
          signal.removeEventListener('abort', end);
          wake = undefined;
          done();
        };
        signal.addEventListener('abort', end);
        wake = end;
      }),
  };
}

/** @param backlog Trades that may wait; the oldest beyond it are lost, and a fault says how many. */
export function createInbox(now: () => EpochMs, backlog: number = BACKLOG): Inbox {
  let arrivedAt: EpochMs | undefined;
  let failure: Error | undefined;
  const reader = createSleeper();
  const faults = createTally();
  const quotes = new Map<string, Quote>();
  const queue = createQueue(backlog, ({ marketKey }) => {
    faults.add('overflow', { marketKey, what: `nobody took them: ${backlog} were waiting` });
  });
  const heard = (at: EpochMs): void => {
    arrivedAt ??= at;
    reader.wake();
  };
  const drain = (): FeedBatch | undefined => {
    if (arrivedAt === undefined) return undefined;
    const receivedAt = arrivedAt;
    arrivedAt = undefined;
    const newest = [...quotes.values()];
    quotes.clear();
    return { trades: queue.takeAll(), quotes: newest, receivedAt, faults: faults.takeAll() };
  };
  return {
    trade: (trade) => {
      queue.push(trade);
      heard(trade.receivedAt);
    },
    quote: (quote) => {
      quotes.set(quote.marketKey, quote);
      heard(quote.receivedAt);
    },
    fault: (kind, about) => {
      faults.add(kind, about);
      heard(now());
    },
    fail: (error) => {
      failure ??= error;
      reader.wake();
    },
    hasFailed: () => failure !== undefined,
    next: async (signal) => {
      for (;;) {
        signal.throwIfAborted();
        const batch = drain();
        if (batch !== undefined) return batch;
        if (failure !== undefined) throw failure;
        await reader.sleep(signal);
      }
    },
  };
}
