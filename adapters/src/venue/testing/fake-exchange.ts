import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as it came over the wire; parameters of query and body together. */
export type Seen = {
  readonly host: string;
  readonly method: string;
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly key: string | undefined;
};

export type Answer =
  | {
      readonly status?: number;
      readonly json?: unknown;
      readonly text?: string;
      readonly headers?: Record<string, string>;
    }
  /** Cuts the connection before any answer. */
  | 'disconnect'
  /** Takes the request and never answers. */
  | 'silence'
  /** Sends headers and half a body, then nothing. */
  | 'stall'
  /** Sends half of the promised body, then cuts the connection. */
  | 'cut';

/** A server that says what a test tells it to, to see how a client takes it. */
export type FakeExchange = {
  readonly port: number;
  readonly seen: readonly Seen[];
  /** The last of several answers repeats. */
  readonly on: (
    request: `${'GET' | 'POST' | 'DELETE'} ${string}`,
    ...answers: readonly (Answer | ((seen: Seen) => Answer))[]
  ) => void;
  readonly requests: (request: string) => Seen[];
  readonly close: () => Promise<void>;
};

const filters = [
  { filterType: 'PRICE_FILTER', minPrice: '0.01', maxPrice: '1000000', tickSize: '0.01000000' },
  { filterType: 'LOT_SIZE', minQty: '0.00001000', maxQty: '9000', stepSize: '0.00001000' },
  { filterType: 'NOTIONAL', minNotional: '5.00000000', applyMinToMarket: true },
];

/** A market of `exchangeInfo` in Binance's words. */
export const exchangeMarket = (base: string, quote: string): Record<string, unknown> => ({
  symbol: `${base}${quote}`,
  status: 'TRADING',
  baseAsset: base,
  baseAssetPrecision: 8,
  quoteAsset: quote,
  quotePrecision: 8,
  quoteAssetPrecision: 8,
  orderTypes: [
    'LIMIT',
    'LIMIT_MAKER',
    'MARKET',
    'STOP_LOSS',
    'STOP_LOSS_LIMIT',
    'TAKE_PROFIT',
    'TAKE_PROFIT_LIMIT',
  ],
  isSpotTradingAllowed: true,
  isMarginTradingAllowed: false,
  filters,
  permissions: ['SPOT'],
  permissionSets: [['SPOT']],
});

async function read(request: IncomingMessage): Promise<Seen> {
  const url = new URL(request.url ?? '/', 'http://exchange');
  let body = '';
  for await (const chunk of request) body += String(chunk);
  const params = new URLSearchParams([
    ...url.searchParams.entries(),
    ...new URLSearchParams(body).entries(),
  ]);
  const key = request.headers['x-mbx-apikey'];
  return {
    host: request.headers.host ?? '',
    method: request.method ?? '',
    path: url.pathname,
    params: Object.fromEntries(params),
    key: typeof key === 'string' ? key : undefined,
  };
}

function send(response: ServerResponse, answer: Answer): void {
  if (answer === 'silence') return;
  if (answer === 'disconnect') {
    response.destroy();
    return;
  }
  if (answer === 'stall' || answer === 'cut') {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
    response.write('{"symbol":"BTCUSDT",', () => {
      if (answer === 'cut') response.destroy();
    });
    return;
  }
  const text = answer.text ?? JSON.stringify(answer.json ?? {});
  response.writeHead(answer.status ?? 200, {
    'content-type': answer.text === undefined ? 'application/json' : 'text/html',
    ...answer.headers,
  });
  response.end(text);
}

/** Starts one on a free port of 127.0.0.1; it knows the time and two markets. */
export async function startFakeExchange(): Promise<FakeExchange> {
  const seen: Seen[] = [];
  const script = new Map<string, (Answer | ((seen: Seen) => Answer))[]>();
  const on: FakeExchange['on'] = (request, ...answers) => void script.set(request, [...answers]);
  on('GET /api/v3/time', () => ({ json: { serverTime: Date.now() } }));
  on('GET /api/v3/exchangeInfo', {
    json: { symbols: [exchangeMarket('BTC', 'USDT'), exchangeMarket('ETH', 'USDT')] },
  });

  const server = createServer((request, response) => {
    void read(request).then((got) => {
      seen.push(got);
      const answers = script.get(`${got.method} ${got.path}`) ?? [];
      const next = answers.length > 1 ? answers.shift() : answers[0];
      const answer = typeof next === 'function' ? next(got) : next;
      send(response, answer ?? { status: 404, text: 'no such path' });
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    port: (server.address() as AddressInfo).port,
    seen,
    on,
    requests: (wanted) => seen.filter(({ method, path }) => `${method} ${path}` === wanted),
    close: () =>
      new Promise((closed) => {
        server.closeAllConnections();
        server.close(() => {
          closed();
        });
      }),
  };
}
