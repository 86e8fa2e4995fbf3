import { epochMs, type EpochMs } from '@tradewind/core/lib/time';
import { wallNow } from '../clock/clock.ts';
import { createInbox } from './feed-inbox.ts';
import { createLines } from './feed-lines.ts';
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
};

const PER_CONNECTION = 200;

/**
 * Public trades and best quotes of a venue through ccxt.pro; connects once something is wanted.
 * A failure is the feed's end: what arrived before it is still handed out.
 */
export function createFeed(config: FeedConfig): TradeFeed {
  const { venue, market = 'spot', sandboxPort, marketNow = wallNow } = config;
  const source: PublicSource = { venue, market, sandboxPort };
  let lastFrameAt: EpochMs | null = null;
  let opening: Promise<VenueStream> | undefined;
  let syncing: Promise<void> | undefined;
  let closed = false;
  const inbox = createInbox(wallNow);
  const clock = { arrivedAt: () => lastFrameAt ?? wallNow(), marketNow };
  const isOver = (): boolean => closed || inbox.hasFailed();

  const sync = (): void => {
    if (isOver()) return;
    syncing ??= Promise.resolve()
      .then(bringAbout)
      .catch((error: unknown) => {
        inbox.fail(error instanceof Error ? error : new Error(String(error)));
      })
      .finally(() => {
        syncing = undefined;
      });
  };
  const lines = createLines(source, sync);
  const reader = createReader(source, { inbox, lines, clock });
  const events: StreamEvents = {
    onFrame: reader.onFrame,
    onBytes: () => {
      lastFrameAt = epochMs(Date.now());
    },
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
  };
  const open = (): Promise<VenueStream> =>
    (opening ??= openVenueStream(
      { ...source, perConnection: config.perConnection ?? PER_CONNECTION },
      events,
    ).then((stream) => {
      reader.attach(stream);
      return stream;
    }));
  const bringAbout = createSync({
    lines,
    open,
    isOver,
    follow: reader.follow,
    unlisted: (symbol) => {
      forgetMarkets(source);
      const marketKey = lines.get(symbol)?.marketKey ?? null;
      inbox.fault('unlisted', { marketKey, what: `${venue} does not list ${symbol}` });
    },
  });
  return {
    subscribe: lines.subscribe,
    next: inbox.next,
    lastFrameAt: () => lastFrameAt,
    close: async () => {
      closed = true;
      inbox.fail(new Error('the feed was closed'));
      const stream = await opening?.catch(() => undefined);
      await stream?.close();
    },
  };
}
