import type { Socket } from 'node:net';
import { within } from './binance-client.ts';
import { openStream, type StreamClient } from './ccxt-clients.ts';
import {
  assertPlayed,
  confineTo,
  DEADLINE_MS,
  findMarket,
  knowMarkets,
  optionsOf,
  type PublicSource,
} from './venue-markets.ts';
import type { FeedChannel } from './venue.ts';

/** Pings without a pong after which a connection is dead (MD-22). */
const MISSES = 2;
/** How long a venue may take to confirm that a subscription is over. */
const LEAVE_MS = 3_000;

/** What a stream client is told of, as it happens. */
export type StreamEvents = {
  /** A frame before ccxt sees it; true when it needs no more. */
  readonly onFrame: (message: unknown) => boolean;
  /** ccxt could make nothing of a frame. */
  readonly onBadFrame: (error: unknown) => void;
  /** Bytes arrived on any connection. */
  readonly onBytes: () => void;
  readonly onLost: (error: Error) => void;
  /** The venue, or ccxt for it, would not make a subscription. */
  readonly onRefused: (channel: FeedChannel, symbols: readonly string[], error: Error) => void;
};

export type StreamOptions = PublicSource & {
  /** Subscriptions that one connection carries before another is made. */
  readonly perConnection: number;
  readonly pingEveryMs: number;
};

/** Subscriptions in one call: venues bound how much a message may ask for, and how many come at once. */
const PER_CALL: Readonly<Record<string, number>> = { binance: 100, bybit: 10 };
const USUAL_PER_CALL = 50;

const asError = (thrown: unknown): Error =>
  thrown instanceof Error ? thrown : new Error(String(thrown));

/** Errors of a wait that say nothing of the subscription: it was given up, or its connection was lost. */
const EXPECTED = ['UnsubscribeError', 'ExchangeClosedByUser', 'NetworkError', 'RequestTimeout'];

/** Puts our ears where ccxt would only tell whoever waits at that moment. */
function listen(client: StreamClient, events: StreamEvents): void {
  const inherited = {
    handleMessage: client.handleMessage.bind(client),
    onError: client.onError.bind(client),
    onClose: client.onClose.bind(client),
  };
  client.handleMessage = (socket, message) => {
    try {
      if (!events.onFrame(message)) inherited.handleMessage(socket, message);
    } catch (error) {
      events.onBadFrame(error);
    }
  };
  client.onError = (socket, error) => {
    inherited.onError(socket, error);
    events.onLost(asError(error));
  };
  client.onClose = (socket, event) => {
    inherited.onClose(socket, event);
    const code = typeof event === 'object' && event !== null && 'code' in event ? event.code : '?';
    events.onLost(new Error(`the venue closed the connection (${String(code)})`));
  };
}

/** Calls `onBytes` as soon as anything arrives, before it waits in any queue. */
function stampArrivals(client: StreamClient, onBytes: () => void) {
  const fresh: Socket[] = [];
  const inherited = client.onConnected.bind(client);
  client.onConnected = (socket) => {
    // ccxt prints frames that are no JSON; they are counted instead.
    socket.log = () => undefined;
    // Only now: a listener any earlier would take the bytes of the handshake.
    for (const each of fresh.splice(0)) each.prependListener('data', onBytes);
    onBytes();
    inherited(socket);
  };
  return (socket: Socket): void => void fresh.push(socket);
}

/** Opens ccxt's client of the venue with its markets known; nothing is streamed yet. */
async function open(options: StreamOptions, events: StreamEvents): Promise<StreamClient> {
  assertPlayed(options);
  const { venue } = options;
  const client = await openStream(venue, {
    timeout: DEADLINE_MS,
    newUpdates: true,
    // ccxt's queue loses the error of a message that meets a closed socket, which ends the process.
    enableRateLimit: false,
    options: {
      ...optionsOf(options),
      // Of Binance's futures the gap after an outage can be read without a key only as aggregates.
      watchTradesForSymbols: { name: options.market === 'spot' ? 'trade' : 'aggTrade' },
      // When to reconnect is decided by who reads the feed.
      ws: { keepAlive: options.pingEveryMs, maxPingPongMisses: MISSES, backoff: { base: 0 } },
    },
  });
  if (client === undefined) throw new Error(`"${venue}" is not a venue that streams trades`);
  const onSocket = stampArrivals(client, events.onBytes);
  await confineTo(client, options, { onSocket });
  await knowMarkets(client, options);
  listen(client, events);
  return client;
}

/**
 * Spreads subscriptions over numbered connections, the first with room first. Binance's alone: other
 * venues' connections are ccxt's choice.
 */
function createPlaces(perConnection: number) {
  const places = new Map<string, number>();
  const load: number[] = [];
  return {
    place: (wish: string): number => {
      const known = places.get(wish);
      if (known !== undefined) return known;
      const roomy = load.findIndex((count) => count < perConnection);
      const index = roomy === -1 ? load.length : roomy;
      load[index] = (load[index] ?? 0) + 1;
      places.set(wish, index);
      return index;
    },
    leave: (wish: string): void => {
      const index = places.get(wish);
      if (index === undefined) return;
      places.delete(wish);
      load[index] = (load[index] ?? 1) - 1;
    },
  };
}

const chunksOf = <T>(items: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, i) =>
    items.slice(i * size, (i + 1) * size),
  );

/** What ccxt calls joining and leaving a channel; `undefined` where the venue has none. */
function callsOf(client: StreamClient, channel: FeedChannel) {
  const can = (call: string): boolean => client.has[call] === true;
  const each = (call: (symbol: string) => Promise<unknown>) => (symbols: readonly string[]) =>
    Promise.all(symbols.map(call));
  if (channel === 'quotes')
    return {
      join: can('watchBidsAsks') ? client.watchBidsAsks.bind(client) : undefined,
      leave: can('unWatchBidsAsks') ? client.unWatchBidsAsks.bind(client) : undefined,
    };
  const single = each(client.watchTrades.bind(client));
  const stop = can('unWatchTrades') ? each(client.unWatchTrades.bind(client)) : undefined;
  return {
    join: can('watchTradesForSymbols') ? client.watchTradesForSymbols.bind(client) : single,
    leave: can('unWatchTradesForSymbols') ? client.unWatchTradesForSymbols.bind(client) : stop,
  };
}

/** The connections of one venue's markets: channels of symbols are joined and left while they run. */
export type VenueStream = {
  readonly client: StreamClient;
  /** ccxt's symbol; `undefined` where the venue does not list it. */
  readonly unified: (symbol: string) => string | undefined;
  /** `BASE-QUOTE` of each. */
  readonly join: (channel: FeedChannel, symbols: readonly string[]) => void;
  /** False where the venue goes on sending. */
  readonly leave: (channel: FeedChannel, symbols: readonly string[]) => Promise<boolean>;
  readonly close: () => Promise<void>;
};

/** Opens the stream of a venue's markets. @throws Error when the venue cannot be reached. */
export async function openVenueStream(
  options: StreamOptions,
  events: StreamEvents,
): Promise<VenueStream> {
  const client = await open(options, events);
  const unified = (symbol: string) => findMarket(client, options.market, symbol)?.symbol;
  const places = createPlaces(options.perConnection);
  const perCall = PER_CALL[options.venue] ?? USUAL_PER_CALL;
  const channelOf = (topic = ''): FeedChannel => (topic === 'bookTicker' ? 'quotes' : 'trades');
  if (client.stream !== undefined)
    client.stream = (_, subscriptions) => {
      const [topic, list = ''] = subscriptions.split('::');
      return String(places.place(`${channelOf(topic)} ${list.split(',')[0] ?? ''}`));
    };
  /** Sets of ccxt's symbols that go over one connection, in one message each. */
  const grouped = (channel: FeedChannel, symbols: readonly string[]): string[][] => {
    const names = symbols.map(unified).filter((name) => name !== undefined);
    const groups = new Map<number, string[]>();
    for (const name of names) {
      const place = places.place(`${channel} ${name}`);
      groups.set(place, [...(groups.get(place) ?? []), name]);
    }
    return [...groups.values()].flatMap((group) => chunksOf(group, perCall));
  };
  return {
    client,
    unified,
    join: (channel, symbols) => {
      const { join } = callsOf(client, channel);
      if (join === undefined) {
        events.onRefused(channel, symbols, new Error(`${options.venue} streams no ${channel}`));
        return;
      }
      for (const group of grouped(channel, symbols))
        // The frames themselves are heard elsewhere: this only tells how asking for them went.
        join(group).catch((error: unknown) => {
          const failed = asError(error);
          if (!EXPECTED.includes(failed.name)) events.onRefused(channel, group, failed);
        });
    },
    leave: async (channel, symbols) => {
      const { leave } = callsOf(client, channel);
      if (leave === undefined) return false;
      const left = await Promise.allSettled(
        grouped(channel, symbols).map((group) => within(LEAVE_MS, leave(group))),
      );
      const names = symbols.map(unified).filter((name) => name !== undefined);
      for (const name of names) places.leave(`${channel} ${name}`);
      return left.every(({ status }) => status === 'fulfilled');
    },
    close: async () => {
      await client.close().catch((error: unknown) => error);
      await client.fetchDispatcher?.destroy();
    },
  };
}
