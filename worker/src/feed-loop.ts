import type { FeedBatch, TradeFeed } from '@tradewind/adapters/venue/venue';
import {
  connecting,
  failed,
  idle,
  isSilent,
  received,
  refused,
  released,
  subscribing,
  type Connection,
} from './connection.ts';
import { feedName, type FeedKey, type WorkerPorts } from './ports.ts';
import { reconnectDelay } from './reconnect.ts';

/** How often silence is looked for, and whether anything is wanted. */
const LOOK_EVERY_MS = 250;

/** Waits `ms`, or until `signal` aborts. */
export const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((done) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      done();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
  });

/** A symbol that is wanted, and whether its best bid and ask are too. */
export type Wanted = { readonly symbol: string; readonly quotes: boolean };

export type FeedEvents = {
  readonly onBatch: (batch: FeedBatch) => void;
  /** It ended, or an attempt to make one failed: what comes next may not follow what came before. */
  readonly onLost: () => void;
};

/** The manager of one connection (MD-20): made when something is wanted, and again for ever (MD-21). */
export type FeedLoop = {
  readonly key: FeedKey;
  readonly want: (symbols: readonly Wanted[]) => void;
  readonly connection: () => Connection;
  /** Resolves when its signal has aborted and the connection is closed. */
  readonly done: Promise<void>;
};

const names = ({ symbol, quotes }: Wanted): string[] =>
  quotes ? [`${symbol} trades`, `${symbol} quotes`] : [`${symbol} trades`];

/** Keeps what a feed is subscribed to in step with what is wanted (MD-24). */
function createSubscriptions(feed: TradeFeed) {
  const held = new Map<string, () => void>();
  return (wanted: readonly Wanted[]): void => {
    const names_ = new Set(wanted.flatMap(names));
    for (const [name, release] of held)
      if (!names_.has(name)) {
        release();
        held.delete(name);
      }
    for (const name of names_) {
      if (held.has(name)) continue;
      const [symbol = '', channel] = name.split(' ');
      held.set(name, feed.subscribe(symbol, channel === 'quotes' ? 'quotes' : 'trades'));
    }
  };
}

/** Starts a loop that runs until `signal` aborts. */
export function startFeedLoop(
  ports: WorkerPorts,
  key: FeedKey,
  { signal, ...events }: FeedEvents & { readonly signal: AbortSignal },
): FeedLoop {
  const { clock, log, metrics } = ports;
  let connection = idle(clock.wallNow());
  let wanted: readonly Wanted[] = [];
  let apply: (wanted: readonly Wanted[]) => void = () => undefined;
  const now = () => clock.wallNow();

  /** Follows one connection until it fails, or falls silent, or nothing is wanted of it. */
  const listen = async (feed: TradeFeed): Promise<void> => {
    const over = new AbortController();
    const triedAt = now();
    const silence = setInterval(() => {
      const frameAt = feed.lastFrameAt();
      if (frameAt !== null) connection = subscribing(connection, now());
      const heard = { frameAt, dataAt: connection.lastDataAt };
      if (wanted.length === 0) over.abort(new Error('nothing is wanted any more'));
      else if (isSilent(heard, triedAt, now())) over.abort(new Error('the connection is silent'));
    }, LOOK_EVERY_MS);
    const ending = AbortSignal.any([signal, over.signal]);
    try {
      for (;;) {
        const batch = await feed.next(ending);
        if (ending.aborted) return;
        if (batch.trades.length > 0 || batch.quotes.length > 0) {
          const again = connection.reconnects;
          connection = received(connection, now());
          if (connection.reconnects > again) metrics.reconnects.labels(key.venue).inc();
        }
        events.onBatch(batch);
      }
    } finally {
      clearInterval(silence);
    }
  };
  /** One connection from its making to its end. */
  const turn = async (): Promise<void> => {
    connection = connecting(connection, now());
    let feed: TradeFeed | undefined;
    try {
      if (!(await ports.streams(key))) {
        connection = refused(connection, now());
        log.error('a venue cannot be streamed here', { feed: feedName(key) });
        return;
      }
      feed = ports.openFeed(key);
      apply = createSubscriptions(feed);
      apply(wanted);
      await listen(feed);
    } catch (error) {
      if (signal.aborted || wanted.length === 0) return;
      connection = failed(connection, now());
      events.onLost();
      const { failures } = connection;
      const delayMs = reconnectDelay(failures, ports.random());
      log.warn('the trade stream failed', { feed: feedName(key), failures, delayMs, error });
      await feed?.close().catch(() => undefined);
      await pause(delayMs, signal);
    } finally {
      apply = () => undefined;
      await feed?.close().catch(() => undefined);
    }
  };
  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      const rests = wanted.length === 0 || connection.phase === 'failed';
      if (!rests) {
        await turn();
        continue;
      }
      if (wanted.length === 0) connection = released(connection, now());
      await pause(LOOK_EVERY_MS, signal);
    }
  };
  return {
    key,
    want: (symbols) => {
      wanted = symbols;
      apply(symbols);
    },
    connection: () => connection,
    done: run(),
  };
}
