import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { CcxtClient, Dispatch } from './ccxt-clients.ts';

/** A connection to a host that this client has no business with was refused before it was made. */
export class HostRefused extends Error {
  constructor(host: string) {
    super(`${host} is not a host of this venue: the connection was refused`);
    this.name = 'HostRefused';
  }
}

/** A request took longer than its deadline; whether the venue acted on it is not known. */
export class DeadlineExceeded extends Error {
  constructor(ms: number) {
    super(`no complete answer within ${ms} ms`);
    this.name = 'DeadlineExceeded';
  }
}

export type Redirect = {
  /** Hosts, without port, that may be reached; every other is refused. */
  readonly hosts: readonly string[];
  /** Port of 127.0.0.1 that answers for all of them; `undefined` to reach the real ones. */
  readonly port: number | undefined;
  /** Longest time from request to the last byte of its answer. */
  readonly deadlineMs: number;
  /** Hears of each socket that a WebSocket gets. */
  readonly onSocket?: (socket: Socket) => void;
};

/** Hands the request on, and aborts it when its answer is not complete in time. */
function withDeadline(dispatch: Dispatch, deadlineMs: number): Dispatch {
  return (request, handler) => {
    let abort: ((reason: Error) => void) | undefined;
    const timer = setTimeout(() => abort?.(new DeadlineExceeded(deadlineMs)), deadlineMs);
    const ends = (name: string) => ({
      [name]: (...args: never[]) => {
        clearTimeout(timer);
        return handler[name]?.(...args);
      },
    });
    const passes = (name: string) => ({ [name]: (...args: never[]) => handler[name]?.(...args) });
    return dispatch(request, {
      onRequestStart: (
        ...args: readonly [{ readonly abort: (reason: Error) => void }, ...never[]]
      ) => {
        abort = (reason) => {
          args[0].abort(reason);
        };
        return handler['onRequestStart']?.(...(args as unknown as never[]));
      },
      ...passes('onRequestUpgrade'),
      ...passes('onResponseStart'),
      ...passes('onResponseData'),
      ...ends('onResponseEnd'),
      ...ends('onResponseError'),
    });
  };
}

/**
 * Confines a ccxt client: every host but the venue's is refused, every request has a deadline that
 * covers its body, and with a `port` all sockets lead to the sandbox, which routes on the `Host`
 * header. URLs stay the production ones: ccxt derives error classes and more from them.
 *
 * Written once per client: HTTP at its dispatcher, WebSockets at `createConnection`.
 *
 * @throws Error when ccxt runs without its dispatcher: then nothing could be confined.
 */
export async function confine(client: CcxtClient, redirect: Redirect): Promise<void> {
  const { hosts, port, deadlineMs } = redirect;
  const check = (host: string): void => {
    if (!hosts.includes(host)) throw new HostRefused(host);
  };
  await client.loadFetchImplementation();
  if (client.fetchDispatcher === undefined)
    throw new Error('Invariant: ccxt sends its requests through an undici dispatcher');
  client.fetchDispatcher = client.fetchDispatcher.compose((dispatch) => (request, handler) => {
    const target = new URL(String(request.origin));
    check(target.hostname);
    const sent =
      port === undefined
        ? request
        : {
            ...request,
            origin: `http://127.0.0.1:${port}`,
            headers: { ...(request.headers as object), host: target.host },
          };
    return withDeadline(dispatch, deadlineMs)(sent, handler);
  });
  const ws = (client.options['ws'] ?? {}) as Record<string, unknown>;
  const open = connector(check, port);
  const createConnection = (options: SocketOptions): Socket => {
    const socket = open(options);
    redirect.onSocket?.(socket);
    return socket;
  };
  client.options['ws'] = { ...ws, options: { createConnection } };
}

type SocketOptions = {
  readonly host: string;
  readonly port?: number;
  readonly servername?: string;
};

/** What `ws` calls to make a socket: checked, and redirected or as it would do by itself. */
const connector =
  (check: (host: string) => void, port: number | undefined) =>
  (options: SocketOptions): Socket => {
    check(options.host);
    if (port !== undefined) return connect(port, '127.0.0.1');
    const servername = options.servername ?? (isIP(options.host) === 0 ? options.host : '');
    return connectTls({ ...options, port: options.port ?? 443, path: undefined, servername });
  };

/** Every host, without port, in a client's table of API addresses. */
export function hostsOf(client: CcxtClient): string[] {
  const found = new Set<string>();
  const visit = (node: unknown): void => {
    if (typeof node === 'string') {
      const address = node.replaceAll('{hostname}', client.hostname ?? '');
      if (URL.canParse(address)) found.add(new URL(address).hostname);
    } else if (typeof node === 'object' && node !== null) Object.values(node).forEach(visit);
  };
  visit(client.urls.api);
  return [...found];
}
