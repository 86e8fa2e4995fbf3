import type { FeedBatch, TradeFeed } from '@tradewind/adapters/venue/venue';
import type { EpochMs } from '@tradewind/core/lib/time';
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

/** How often silence is looked for. */
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

/** What a loop knows of its connection, shared by its steps. */
type Loop = {
  readonly ports: WorkerPorts;
  readonly key: FeedKey;
  readonly signal: AbortSignal;
  readonly events: FeedEvents;
  connection: Connection;
  wanted: readonly Wanted[];
  /** Brings the open feed's subscriptions in step with what is wanted. */
  apply: (wanted: readonly Wanted[]) => void;
  /** Ends the rest of a loop that has nothing to do. */
  wake: () => void;
};

/** Rests until something else may be wanted. */
const rest = (loop: Loop): Promise<void> =>
  new Promise((done) => {
    const end = (): void => {
      loop.signal.removeEventListener('abort', end);
      done();
    };
    loop.wake = end;
    loop.signal.addEventListener('abort', end);
    if (loop.signal.aborted) end();
  });

function take(loop: Loop, batch: FeedBatch): void {
  const { ports, key, connection } = loop;
  if (batch.trades.length > 0 || batch.quotes.length > 0) {
    loop.connection = received(connection, ports.clock.wallNow());
    if (loop.connection.reconnects > connection.reconnects)
      ports.metrics.reconnects.labels(key.venue).inc();
  }
  loop.events.onBatch(batch);
}

/** Follows one connection until it fails, or falls silent, or nothing is wanted of it. */
async function listen(loop: Loop, feed: TradeFeed): Promise<void> {
  const { clock } = loop.ports;
  const over = new AbortController();
  const triedAt = clock.wallNow();
  const silence = setInterval(() => {
    const now = clock.wallNow();
    const frameAt = feed.lastFrameAt();
    if (frameAt !== null) loop.connection = subscribing(loop.connection, now);
    const heard = { frameAt, dataAt: loop.connection.lastDataAt };
    if (loop.wanted.length === 0) over.abort(new Error('nothing is wanted any more'));
    else if (isSilent(heard, triedAt, now)) over.abort(new Error('the connection is silent'));
  }, LOOK_EVERY_MS);
  const ending = AbortSignal.any([loop.signal, over.signal]);
  try {
    // Once it aborts, `next` rejects.
    for (;;) take(loop, await feed.next(ending));
  } finally {
    clearInterval(silence);
  }
}

/** One connection from its making to its end. @throws Error when it fails. */
async function connectOnce(loop: Loop): Promise<void> {
  const { ports, key } = loop;
  const now = (): EpochMs => ports.clock.wallNow();
  loop.connection = connecting(loop.connection, now());
  if (!(await ports.streams(key))) {
    loop.connection = refused(loop.connection, now());
    ports.log.error('a venue cannot be streamed here', { feed: feedName(key) });
    return;
  }
  const feed = ports.openFeed(key);
  try {
    loop.apply = createSubscriptions(feed);
    loop.apply(loop.wanted);
    await listen(loop, feed);
  } finally {
    loop.apply = () => undefined;
    await feed.close().catch(() => undefined);
  }
}

const isOver = ({ signal, wanted }: Loop): boolean => signal.aborted || wanted.length === 0;

async function run(loop: Loop): Promise<void> {
  const { ports, key, signal, events } = loop;
  const { clock, log } = ports;
  while (!signal.aborted) {
    if (loop.wanted.length === 0 || loop.connection.phase === 'failed') {
      if (loop.wanted.length === 0) loop.connection = released(loop.connection, clock.wallNow());
      await rest(loop);
      continue;
    }
    try {
      await connectOnce(loop);
    } catch (error) {
      if (isOver(loop)) continue;
      loop.connection = failed(loop.connection, clock.wallNow());
      events.onLost();
      const { failures } = loop.connection;
      const delayMs = reconnectDelay(failures, ports.random());
      log.warn('the trade stream failed', { feed: feedName(key), failures, delayMs, error });
      await pause(delayMs, signal);
    }
  }
}

/** Starts a loop that runs until `signal` aborts. */
export function startFeedLoop(
  ports: WorkerPorts,
  key: FeedKey,
  { signal, ...events }: FeedEvents & { readonly signal: AbortSignal },
): FeedLoop {
  const connection = idle(ports.clock.wallNow());
  const idleHands = { wanted: [], apply: () => undefined, wake: () => undefined };
  const loop: Loop = { ports, key, signal, events, connection, ...idleHands };
  return {
    key,
    want: (symbols) => {
      loop.wanted = symbols;
      loop.apply(symbols);
      loop.wake();
    },
    connection: () => loop.connection,
    done: run(loop),
  };
}
