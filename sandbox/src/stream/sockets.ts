import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { EpochMs } from '@tradewind/core/lib/time';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';
import { z } from 'zod';
import type { Context } from '../context.ts';
import type { ExchangeNews } from '../exchange/exchange.ts';
import { hostKind } from '../hosts.ts';
import {
  aggregateEvent,
  bookEvent,
  klineEvents,
  parseStream,
  tradeEvent,
  type StreamName,
} from './market-stream.ts';
import { answerSocket } from './socket-api.ts';
import { userEvent } from './user-events.ts';

type Client = {
  readonly socket: WebSocket;
  /** `/stream` wraps each event with its stream's name. */
  readonly wraps: boolean;
  readonly streams: Map<string, StreamName>;
  /** Subscription number of the user stream, once it runs. */
  user: number | null;
};

/** Live connections, and the faults of a stream: mute (nothing is sent) and disconnect. */
export type Sockets = {
  readonly mute: (on: boolean) => void;
  readonly disconnect: () => number;
  readonly count: () => number;
  /** Sends klines and book tickers of what changed since the last call. */
  readonly flush: () => void;
  readonly close: () => void;
};

const PING_EVERY_MS = 20_000;

const command = z.object({
  id: z.union([z.string(), z.number(), z.null()]).default(null),
  method: z.enum(['SUBSCRIBE', 'UNSUBSCRIBE', 'LIST_SUBSCRIPTIONS']),
  params: z.array(z.string()).default([]),
});

const textOf = (data: RawData): string =>
  (Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as ArrayBuffer)).toString('utf8');

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Subscribes or unsubscribes; the answer is what the venue would say. */
function runCommand(client: Client, context: Context, text: string): object {
  const parsed = command.safeParse(parseJson(text));
  if (!parsed.success)
    return {
      error: { code: 2, msg: 'Invalid request: unknown variant or malformed JSON' },
      id: null,
    };
  const { id, method, params } = parsed.data;
  if (method === 'LIST_SUBSCRIPTIONS') return { result: [...client.streams.keys()], id };
  for (const name of params) {
    if (method === 'UNSUBSCRIBE') client.streams.delete(name);
    else {
      const stream = parseStream(context, name);
      if (stream === undefined)
        return { error: { code: 2, msg: `Invalid request: "${name}" is not played here` }, id };
      client.streams.set(name, stream);
    }
  }
  return { result: null, id };
}

/** Serves the public streams and the socket interface with its user stream on the HTTP server. */
export function createSockets(server: Server, context: Context): Sockets {
  const wss = new WebSocketServer({ noServer: true });
  const clients = new Set<Client>();
  const changed = new Set<string>();
  let muted = false;
  let subscriptions = 0;
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
  const onNews = (news: ExchangeNews): void => {
    if (clients.size === 0) return;
    const now = context.marketNow();
    if (news.kind === 'trade') {
      changed.add(news.symbol);
      publish(news.symbol, 'trade', tradeEvent(news.symbol, news.trade, now));
      publish(news.symbol, 'aggTrade', aggregateEvent(news.symbol, news.trade, now));
      return;
    }
    const event = userEvent(news.event, context.exchange.config.instruments, now);
    for (const client of clients)
      if (client.user !== null) send(client, { subscriptionId: client.user, event });
  };

  const connected = (
    socket: WebSocket,
    { wraps, api }: { wraps: boolean; api: boolean },
  ): Client => {
    const client: Client = { socket, wraps, streams: new Map(), user: null };
    clients.add(client);
    socket.on('close', () => clients.delete(client));
    socket.on('error', () => {
      socket.terminate();
    });
    socket.on('message', (data) => {
      const text = textOf(data);
      if (!api) {
        send(client, runCommand(client, context, text));
        return;
      }
      const { reply, user } = answerSocket(text, context, subscriptions);
      send(client, reply);
      if (user === 'subscribe') client.user = subscriptions++;
      if (user === 'unsubscribe') client.user = null;
    });
    return client;
  };
  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const kind = hostKind(request.headers.host);
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://sandbox');
    const api = kind !== 'stream' && pathname.startsWith('/ws-api/');
    const streams = kind !== 'socketApi' && /^\/(ws|stream)(\/|$)/.test(pathname);
    if (kind === 'unknown' || kind === 'rest' || (!api && !streams)) {
      socket.end(
        'HTTP/1.1 421 Misdirected Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n',
      );
      return;
    }
    wss.handleUpgrade(request, socket, head, (ws) => {
      const client = connected(ws, { wraps: pathname.startsWith('/stream'), api });
      const raw = pathname.startsWith('/ws/') ? pathname.slice(4) : '';
      const named = [...raw.split('/'), ...(searchParams.get('streams') ?? '').split('/')];
      for (const name of named) {
        const stream = parseStream(context, name);
        if (stream !== undefined) client.streams.set(name, stream);
      }
    });
  };
  server.on('upgrade', upgrade);
  const stopListening = context.exchange.listen(onNews);
  const pinger = setInterval(() => {
    for (const { socket } of clients) if (!muted) socket.ping();
  }, PING_EVERY_MS);
  pinger.unref();

  const flush = (): void => {
    const since = flushedAt;
    flushedAt = context.marketNow();
    const wanted = new Map(
      [...clients]
        .flatMap(({ streams }) => [...streams.values()])
        .map((s) => [`${s.instrument.symbol}@${s.topic}`, s]),
    );
    for (const stream of wanted.values()) {
      const { symbol } = stream.instrument;
      if (stream.topic === 'bookTicker' && changed.has(symbol)) {
        const event = bookEvent(context, symbol);
        if (event !== undefined) publish(symbol, 'bookTicker', event);
      }
      if (stream.topic.startsWith('kline_'))
        for (const event of klineEvents(context, stream, since))
          publish(symbol, stream.topic, event);
    }
    changed.clear();
  };
  return {
    mute: (on) => {
      muted = on;
    },
    disconnect: () => {
      const { size } = clients;
      for (const { socket } of clients) socket.terminate();
      return size;
    },
    count: () => clients.size,
    flush,
    close: () => {
      clearInterval(pinger);
      stopListening();
      server.off('upgrade', upgrade);
      for (const { socket } of clients) socket.terminate();
      wss.close();
    },
  };
}
