import type { EpochMs } from '@tradewind/core/lib/time';
import { wallNow } from '../clock/clock.ts';
import { createInbox, type Inbox } from './feed-inbox.ts';
import { createLines, type Lines } from './feed-lines.ts';
import { createReader } from './feed-reader.ts';
import { createSync } from './feed-sync.ts';
import { openVenueStream, type StreamEvents, type VenueStream } from './stream-client.ts';
import { forgetMarkets, plainSymbol, type PublicSource } from './venue-markets.ts';
import type { StreamedMarket, TradeFeed } from './venue.ts';

export type FeedConfig = {
  /** ccxt's name of the venue; its public data needs no key. */
  readonly venue: string;
  /** Spot where left out. */
  readonly market?: StreamedMarket['market'];
  /** Port of the local sandbox, which then answers for the venue; only for Binance's spot markets. */
  readonly sandboxPort?: number;
  /** Time of a quote whose venue tells none; the wall clock where left out. */
  readonly marketNow?: () => EpochMs;
  /** Subscriptions that one connection carries; Binance takes 1,024, and drops slow readers sooner. */
  readonly perConnection?: number;
  /** A connection whose pongs stay away for two of these is given up (MD-22). */
  readonly pingEveryMs?: number;
};

const PER_CONNECTION = 200;
/** So that a dead connection is found within 30 s, whatever the moment. */
const PING_EVERY_MS = 10_000;

/** Runs `work` again as long as it was asked for meanwhile, never twice at once. */
function createRepeater(work: () => Promise<void>, failed: (error: Error) => void): () => void {
  let running = false;
  let asked = false;
  const run = async (): Promise<void> => {
    while (asked) {
      asked = false;
      await work();
    }
  };
  return () => {
    asked = true;
    if (running) return;
    running = true;
    Promise.resolve()
      .then(run)
      .catch((error: unknown) => {
        failed(error instanceof Error ? error : new Error(String(error)));
      })
      .finally(() => {
        running = false;
      });
  };
}

/** What a stream tells, in words for the inbox. */
const eventsOf = (
  { inbox, lines }: { readonly inbox: Inbox; readonly lines: Lines },
  { onFrame, onBytes }: Pick<StreamEvents, 'onFrame' | 'onBytes'>,
): StreamEvents => ({
  onFrame,
  onBytes,
  onBadFrame: (error) => {
    inbox.fault('frame', { marketKey: null, what: String(error) });
  },
  onLost: inbox.fail,
  onRefused: (channel, symbols, error) => {
    for (const symbol of symbols) {
      const marketKey = lines.get(plainSymbol(symbol))?.marketKey ?? null;
      inbox.fault('refused', { marketKey, what: `${channel}: ${error.message}` });
    }
  },
});

/**
 * Public trades and best quotes of a venue through ccxt.pro; connects once something is wanted.
 * A failure is the feed's end: what arrived before it is still handed out.
 */
export function createFeed(config: FeedConfig): TradeFeed {
  const { venue, market = 'spot', sandboxPort, marketNow = wallNow } = config;
  const source: PublicSource = { venue, market, sandboxPort };
  const { perConnection = PER_CONNECTION, pingEveryMs = PING_EVERY_MS } = config;
  let lastFrameAt: EpochMs | null = null;
  let opening: Promise<VenueStream> | undefined;
  let opened: VenueStream | undefined;
  let closed = false;
  const inbox = createInbox(wallNow);
  const clock = { arrivedAt: () => lastFrameAt ?? wallNow(), marketNow };
  const lines = createLines(source, () => {
    sync();
  });
  const reader = createReader(source, { inbox, lines, clock });
  const onBytes = (): void => {
    lastFrameAt = wallNow();
  };
  const events = eventsOf({ inbox, lines }, { onFrame: reader.onFrame, onBytes });
  const open = async (): Promise<VenueStream> => {
    const stream = await openVenueStream({ ...source, perConnection, pingEveryMs }, events);
    reader.attach(stream);
    opened = stream;
    return stream;
  };
  const bringAbout = createSync({
    lines,
    open: () => (opening ??= open()),
    isOver: () => closed || inbox.hasFailed(),
    follow: reader.follow,
    unlisted: (symbol) => {
      forgetMarkets(source);
      const marketKey = lines.get(symbol)?.marketKey ?? null;
      inbox.fault('unlisted', { marketKey, what: `${venue} does not list ${symbol}` });
    },
  });
  const sync = createRepeater(bringAbout, inbox.fail);
  return {
    subscribe: lines.subscribe,
    next: inbox.next,
    lastFrameAt: () => lastFrameAt,
    close: async () => {
      closed = true;
      inbox.fail(new Error('the feed was closed'));
      // One that is still being made is not waited for: it closes once it is there.
      if (opened !== undefined) await opened.close();
      else void opening?.then((late) => late.close()).catch(() => undefined);
    },
  };
}
