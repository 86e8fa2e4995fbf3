import type { TradeFeed } from '@tradewind/adapters/venue/venue';
import type { Trade } from '@tradewind/core/market/market';
import { isSilent } from './connection.ts';
import type { WorkerPorts } from './ports.ts';
import { reconnectDelay } from './reconnect.ts';
import type { Session } from './session.ts';

/** How often an interruption is looked for while no trade comes. */
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

type Wait =
  { readonly kind: 'trades'; readonly trades: readonly Trade[] } | { readonly kind: 'interrupted' };

/** The next trades, or word that there is a reason not to wait for them any more. */
async function nextOr(
  feed: TradeFeed,
  symbols: readonly string[],
  isOver: () => boolean,
): Promise<Wait> {
  let timer: NodeJS.Timeout | undefined;
  const interrupted = new Promise<Wait>((done) => {
    timer = setInterval(() => {
      if (isOver()) done({ kind: 'interrupted' });
    }, LOOK_EVERY_MS);
  });
  const arrived = feed.next(symbols).then((trades): Wait => ({ kind: 'trades', trades }));
  // Interrupted, nobody hears how it ends; that it must not end the process.
  arrived.catch(() => undefined);
  try {
    return await Promise.race([arrived, interrupted]);
  } finally {
    clearInterval(timer);
  }
}

/** Follows one connection until it fails, falls silent, or other markets are wanted. */
async function listen(
  ports: WorkerPorts,
  session: Session,
  { feed, signal }: { readonly feed: TradeFeed; readonly signal: AbortSignal },
): Promise<void> {
  const triedAt = ports.clock.wallNow();
  const symbols = session.followed().map(({ symbol }) => symbol);
  const isOver = (): boolean =>
    signal.aborted ||
    session
      .followed()
      .map(({ symbol }) => symbol)
      .join() !== symbols.join() ||
    isSilent(session.connection(), triedAt, ports.clock.wallNow());
  // Before: history can be read while the connection is made. After: that is where it began.
  session.joined();
  let isFirst = true;
  while (!isOver()) {
    const wait = await nextOr(feed, symbols, isOver);
    if (wait.kind === 'interrupted' || signal.aborted) return;
    if (isFirst) session.joined();
    isFirst = false;
    session.take(wait.trades);
  }
}

/**
 * Streams trades of all followed markets until `signal` aborts. A connection that fails is made
 * again after a pause, for ever (MD-21); the session fills what was missed (MD-23).
 */
export async function stream(
  ports: WorkerPorts,
  session: Session,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    if (session.followed().length === 0) {
      await pause(LOOK_EVERY_MS, signal);
      continue;
    }
    const feed = ports.openFeed();
    try {
      await listen(ports, session, { feed, signal });
    } catch (error) {
      const { failures } = session.lost();
      const delayMs = reconnectDelay(failures, ports.random());
      ports.log.warn('the trade stream failed', { failures, delayMs, error });
      await pause(delayMs, signal);
    } finally {
      await feed.close().catch(() => undefined);
    }
  }
}
