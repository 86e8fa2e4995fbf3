import type { Duplex } from 'node:stream';
import type { EpochMs } from '@tradewind/core/lib/time';
import { isFutures } from '@tradewind/core/simulation/futures';
import type { SimEvent } from '@tradewind/core/simulation/state';
import type { WebSocket } from 'ws';
import type { Context } from '../context.ts';
import type { ExchangeNews } from '../exchange/exchange.ts';
import type { TapeTrade } from '../exchange/tape.ts';
import { futuresEvents } from '../futures/events.ts';
import { createCounters } from './counters.ts';
import {
  aggregateEvent,
  bookEvent,
  klineEvents,
  tradeFrame,
  type StreamName,
} from './market-stream.ts';
import { createStreamFaults } from './stream-faults.ts';
import { userEvent } from './user-events.ts';

/** One connection and what it listens to. */
export type Client = {
  readonly socket: WebSocket;
  /** What the frames are written to: held back while a batch is put together. */
  readonly wire: Duplex;
  /** `/stream` wraps each event with its stream's name. */
  readonly wraps: boolean;
  readonly streams: Map<string, StreamName>;
  /** Subscription number of the user stream, once it runs. */
  user: number | null;
  /** Hears of the futures account. */
  readonly futures: boolean;
};

/** All connections, and what is sent to them. */
export type Hub = ReturnType<typeof createHub>;

const keyOf = ({ instrument, topic }: StreamName): string => `${instrument.symbol}@${topic}`;

/** Who listens to which stream. */
function createAudience() {
  const clients = new Set<Client>();
  const audience = new Map<string, Map<Client, string>>();
  const leave = (client: Client, name: string): void => {
    const stream = client.streams.get(name);
    client.streams.delete(name);
    if (stream !== undefined) audience.get(keyOf(stream))?.delete(client);
  };
  return {
    clients,
    /** Clients of a stream, with the name that each gave it. */
    of: (symbol: string, topic: string): ReadonlyMap<Client, string> | undefined =>
      audience.get(`${symbol}@${topic}`),
    join: (client: Client, name: string, stream: StreamName): void => {
      const listeners = audience.get(keyOf(stream)) ?? new Map<Client, string>();
      audience.set(keyOf(stream), listeners.set(client, name));
      client.streams.set(name, stream);
    },
    leave,
    drop: (client: Client): void => {
      for (const name of [...client.streams.keys()]) leave(client, name);
      clients.delete(client);
    },
  };
}

type Audience = ReturnType<typeof createAudience>;

/** Sends to sockets, unless all are to fall silent. */
function createSender(audience: Audience) {
  let muted = false;
  const sendText = ({ socket }: Client, text: string): boolean => {
    if (muted || socket.readyState !== socket.OPEN) return false;
    socket.send(text);
    return true;
  };
  return {
    send: (client: Client, message: object): void => {
      sendText(client, JSON.stringify(message));
    },
    /** Sends one text to all who listen, made once. Returns to how many. */
    publish: (symbol: string, topic: string, text: string): number => {
      let sent = 0;
      for (const [client, name] of audience.of(symbol, topic) ?? [])
        if (sendText(client, client.wraps ? `{"stream":"${name}","data":${text}}` : text))
          sent += 1;
      return sent;
    },
    muted: () => muted,
    mute: (on: boolean): void => {
      muted = on;
    },
  };
}
type Sender = ReturnType<typeof createSender>;

/** Sends trades as the faults on order will have them, and counts them. */
function createTradeStream(audience: Audience, { publish }: Sender) {
  const faults = createStreamFaults();
  const counters = createCounters();
  return {
    faults,
    counters,
    publish: (symbol: string, trade: TapeTrade, now: EpochMs): void => {
      const count = counters.of(symbol);
      count.generated += 1;
      count.lastId = trade.id;
      if ((audience.of(symbol, 'trade')?.size ?? 0) === 0) return;
      const told = faults.pass(symbol, tradeFrame(symbol, trade, now), (text, as) => {
        const sent = publish(symbol, 'trade', text);
        if (as === 'rubbish') count.rubbish += sent;
        if (as === 'repeat') count.repeated += sent;
        if (as !== 'trade') return;
        count.sent += sent;
        if (sent > 0) count.lastSentId = Math.max(count.lastSentId, trade.id);
      });
      if (!told) count.lost += 1;
    },
  };
}

/** Sends klines and book tickers of what changed since the last time. */
function createFlusher(context: Context, audience: Audience, { publish }: Sender) {
  const changed = new Set<string>();
  let flushedAt: EpochMs | undefined;
  const flushStream = (stream: StreamName, since: EpochMs | undefined): void => {
    const { topic, instrument } = stream;
    const { symbol } = instrument;
    if (topic === 'bookTicker' && changed.has(symbol)) {
      const event = bookEvent(context, symbol);
      if (event !== undefined) publish(symbol, topic, JSON.stringify(event));
    }
    if (topic.startsWith('kline_'))
      for (const event of klineEvents(context, stream, since))
        publish(symbol, topic, JSON.stringify(event));
  };
  return {
    changed,
    flush: (): void => {
      const since = flushedAt;
      flushedAt = context.marketNow();
      const streams = [...audience.clients].flatMap((client) => [...client.streams.values()]);
      const wanted = new Map(streams.map((s) => [keyOf(s), s]));
      for (const stream of wanted.values()) flushStream(stream, since);
      changed.clear();
    },
  };
}

/** Writes all that `work` sends to `clients` in as few packets as it fits in. */
function corked(clients: Iterable<Client>, work: () => void): void {
  const wires = [...clients].map(({ wire }) => wire);
  for (const wire of wires) wire.cork();
  try {
    work();
  } finally {
    for (const wire of wires) wire.uncork();
  }
}

/** Passes on what happens on the exchange. `mute` makes every stream stale without closing it. */
export function createHub(context: Context) {
  const audience = createAudience();
  const sender = createSender(audience);
  const trades = createTradeStream(audience, sender);
  const flusher = createFlusher(context, audience, sender);
  const { clients, join, leave, drop } = audience;
  const { send, publish, muted, mute } = sender;
  const { config } = context.exchange;
  const tellSpot = (event: Parameters<typeof userEvent>[0], now: EpochMs): void => {
    const told = userEvent(event, config.instruments, now);
    for (const client of clients)
      if (client.user !== null) send(client, { subscriptionId: client.user, event: told });
  };
  /** Each account hears of its own. */
  const tellAccount = (event: SimEvent, now: EpochMs): void => {
    if (event.kind === 'balances') tellSpot(event, now);
    else if ('order' in event && !isFutures(config, event.order.marketKey)) tellSpot(event, now);
    else {
      const { instruments } = config;
      const told = futuresEvents(event, { state: context.exchange.engine(), instruments, now });
      for (const client of clients) if (client.futures) for (const each of told) send(client, each);
    }
  };
  return {
    clients,
    join,
    leave,
    drop,
    send,
    muted,
    mute,
    freeze: (on: boolean): void => {
      mute(on);
      for (const { wire } of clients)
        if (on) wire.pause();
        else wire.resume();
    },
    faults: trades.faults,
    counters: trades.counters,
    flush: flusher.flush,
    batch: (work: () => void): void => {
      corked(clients, work);
    },
    onNews: (news: ExchangeNews): void => {
      const now = context.marketNow();
      if (news.kind === 'trade') {
        const { symbol, trade } = news;
        trades.publish(symbol, trade, now);
        if (clients.size > 0) flusher.changed.add(symbol);
        if ((audience.of(symbol, 'aggTrade')?.size ?? 0) > 0)
          publish(symbol, 'aggTrade', JSON.stringify(aggregateEvent(symbol, trade, now)));
        return;
      }
      tellAccount(news.event, now);
    },
  };
}
