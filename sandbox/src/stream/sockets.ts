import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';
import * as z from 'zod';
import type { Context } from '../context.ts';
import { hostKind } from '../hosts.ts';
import type { createCounters } from './counters.ts';
import { createHub, type Client, type Hub } from './hub.ts';
import { parseStream } from './market-stream.ts';
import { answerSocket } from './socket-api.ts';
import type { StreamFaults } from './stream-faults.ts';

type Counters = ReturnType<typeof createCounters>;

/** Live connections, and the faults of a stream: mute (nothing is sent) and disconnect. */
export type Sockets = {
  readonly mute: (on: boolean) => void;
  /** Half-open connections: nothing is sent and nothing is read, pings neither. */
  readonly freeze: (on: boolean) => void;
  /** Cuts every connection; returns how many there were. */
  readonly disconnect: () => number;
  readonly flush: () => void;
  /** Sends all that `work` brings about in few packets. */
  readonly batch: (work: () => void) => void;
  readonly faults: StreamFaults;
  readonly counters: Counters;
  /** Connections now, and since the start. */
  readonly connections: () => { readonly open: number; readonly total: number };
  readonly close: () => void;
};

const PING_EVERY_MS = 20_000;
const REFUSAL =
  'HTTP/1.1 421 Misdirected Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n';

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

type Place = { readonly context: Context; readonly hub: Hub };

/** Subscribes or unsubscribes; the answer is what the venue would say. */
function runCommand(client: Client, { context, hub }: Place, text: string): object {
  const parsed = command.safeParse(parseJson(text));
  if (!parsed.success)
    return {
      error: { code: 2, msg: 'Invalid request: unknown variant or malformed JSON' },
      id: null,
    };
  const { id, method, params } = parsed.data;
  if (method === 'LIST_SUBSCRIPTIONS') return { result: [...client.streams.keys()], id };
  for (const name of params) {
    if (method === 'UNSUBSCRIBE') hub.leave(client, name);
    else {
      const stream = parseStream(context, name);
      if (stream === undefined)
        return { error: { code: 2, msg: `Invalid request: "${name}" is not played here` }, id };
      hub.join(client, name, stream);
    }
  }
  return { result: null, id };
}

/** Answers what a client sends: commands of the public streams, or requests of the socket interface. */
function onMessage(
  client: Client,
  text: string,
  {
    context,
    hub,
    api,
    subscription,
  }: Place & {
    readonly api: boolean;
    readonly subscription: () => number;
  },
): void {
  if (!api) {
    hub.send(client, runCommand(client, { context, hub }, text));
    return;
  }
  const id = client.user ?? subscription();
  const { reply, user } = answerSocket(text, context, id);
  hub.send(client, reply);
  if (user === 'subscribe') client.user = id;
  if (user === 'unsubscribe') client.user = null;
}

/** What an upgrade asks for; `undefined` when it is not for us. */
function routeOf(request: IncomingMessage) {
  const kind = hostKind(request.headers.host);
  const url = new URL(request.url ?? '/', 'http://sandbox');
  const { searchParams } = url;
  // Futures have one path for each class of streams; what can be asked for is the same.
  const pathname = url.pathname.replace(/^\/(?:public|market|private)(?=\/)/, '');
  const api = (kind === 'socketApi' || kind === 'local') && pathname.startsWith('/ws-api/');
  const streams = (kind === 'stream' || kind === 'local') && /^\/(ws|stream)(\/|$)/.test(pathname);
  if (!api && !streams) return undefined;
  const inPath = pathname.startsWith('/ws/') ? pathname.slice('/ws/'.length) : '';
  const names = [...inPath.split('/'), ...(searchParams.get('streams') ?? '').split('/')];
  const listenKey = searchParams.get('listenKey');
  return { api, wraps: pathname.startsWith('/stream'), names, listenKey };
}

type Route = NonNullable<ReturnType<typeof routeOf>>;

/** Pings every connection now and then, as the venue does, unless the streams are mute. */
function keepPinging(hub: Hub): () => void {
  const pinger = setInterval(() => {
    if (!hub.muted()) for (const { socket } of hub.clients) socket.ping();
  }, PING_EVERY_MS);
  pinger.unref();
  return () => {
    clearInterval(pinger);
  };
}

/** Subscribes a client to what its address named. */
function joinAll({ context, hub }: Place, client: Client, names: readonly string[]): void {
  for (const name of names) {
    const stream = parseStream(context, name);
    if (stream !== undefined) hub.join(client, name, stream);
  }
}

/** Serves the public streams and the socket interface with its user stream on the HTTP server. */
export function createSockets(server: Server, context: Context): Sockets {
  const wss = new WebSocketServer({ noServer: true });
  const hub = createHub(context);
  let subscriptions = 0;
  let connections = 0;

  const connect = (socket: WebSocket, wire: Duplex, route: Route): void => {
    const { api, wraps, names, listenKey } = route;
    const client: Client = {
      ...{ socket, wire, wraps, streams: new Map(), user: null },
      futures: listenKey === context.listenKey,
    };
    joinAll({ context, hub }, client, names);
    hub.clients.add(client);
    connections += 1;
    socket.on('close', () => {
      hub.drop(client);
    });
    socket.on('error', () => {
      socket.terminate();
    });
    socket.on('message', (data) => {
      const subscription = () => subscriptions++;
      onMessage(client, textOf(data), { context, hub, api, subscription });
    });
  };
  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const route = routeOf(request);
    if (route === undefined) socket.end(REFUSAL);
    else
      wss.handleUpgrade(request, socket, head, (opened) => {
        connect(opened, socket, route);
      });
  };
  const disconnect = (): number => {
    const { size } = hub.clients;
    for (const { socket } of hub.clients) socket.terminate();
    return size;
  };
  server.on('upgrade', upgrade);
  const stopListening = context.exchange.listen(hub.onNews);
  const stopPinging = keepPinging(hub);
  return {
    mute: hub.mute,
    freeze: hub.freeze,
    disconnect,
    flush: hub.flush,
    batch: hub.batch,
    faults: hub.faults,
    counters: hub.counters,
    connections: () => ({ open: hub.clients.size, total: connections }),
    close: () => {
      stopPinging();
      stopListening();
      server.off('upgrade', upgrade);
      disconnect();
      wss.close();
    },
  };
}
