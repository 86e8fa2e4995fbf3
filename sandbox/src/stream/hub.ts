import type { EpochMs } from '@tradewind/core/lib/time';
import type { WebSocket } from 'ws';
import type { Context } from '../context.ts';
import type { ExchangeNews } from '../exchange/exchange.ts';
import {
  aggregateEvent,
  bookEvent,
  klineEvents,
  tradeEvent,
  type StreamName,
} from './market-stream.ts';
import { userEvent } from './user-events.ts';

/** One connection and what it listens to. */
export type Client = {
  readonly socket: WebSocket;
  /** `/stream` wraps each event with its stream's name. */
  readonly wraps: boolean;
  readonly streams: Map<string, StreamName>;
  /** Subscription number of the user stream, once it runs. */
  user: number | null;
};

/** All connections, and what is sent to them. */
export type Hub = ReturnType<typeof createHub>;

/** Passes on what happens on the exchange. `mute` makes every stream stale without closing it. */
export function createHub(context: Context) {
  const clients = new Set<Client>();
  const changed = new Set<string>();
  let muted = false;
  let flushedAt: EpochMs | undefined;

  const send = (client: Client, message: object): void => {
    if (!muted && client.socket.readyState === client.socket.OPEN)
      client.socket.send(JSON.stringify(message));
  };
  const publish = (symbol: string, topic: string, event: object): void => {
    for (const client of clients)
      for (const [name, stream] of client.streams)
        if (stream.topic === topic && stream.instrument.symbol === symbol)
          send(client, client.wraps ? { stream: name, data: event } : event);
  };
  const flushStream = (stream: StreamName, since: EpochMs | undefined): void => {
    const { topic, instrument } = stream;
    const { symbol } = instrument;
    if (topic === 'bookTicker' && changed.has(symbol)) {
      const event = bookEvent(context, symbol);
      if (event !== undefined) publish(symbol, topic, event);
    }
    if (topic.startsWith('kline_'))
      for (const event of klineEvents(context, stream, since)) publish(symbol, topic, event);
  };
  return {
    clients,
    send,
    muted: () => muted,
    mute: (on: boolean): void => {
      muted = on;
    },
    onNews: (news: ExchangeNews): void => {
      if (clients.size === 0) return;
      const now = context.marketNow();
      if (news.kind === 'trade') {
        const { symbol, trade } = news;
        changed.add(symbol);
        publish(symbol, 'trade', tradeEvent(symbol, trade, now));
        publish(symbol, 'aggTrade', aggregateEvent(symbol, trade, now));
        return;
      }
      const event = userEvent(news.event, context.exchange.config.instruments, now);
      for (const client of clients)
        if (client.user !== null) send(client, { subscriptionId: client.user, event });
    },
    /** Sends klines and book tickers of what changed since the last call. */
    flush: (): void => {
      const since = flushedAt;
      flushedAt = context.marketNow();
      const streams = [...clients].flatMap((client) => [...client.streams.values()]);
      const wanted = new Map(streams.map((s) => [`${s.instrument.symbol}@${s.topic}`, s]));
      for (const stream of wanted.values()) flushStream(stream, since);
      changed.clear();
    },
  };
}
