import { once } from 'node:events';
import { WebSocket } from 'ws';
import { sign } from '../src/rest/auth.ts';
import { signed } from './raw-client.ts';
import { KEY, SECRET, startSandbox } from './start.ts';

let desk: Awaited<ReturnType<typeof startSandbox>>;
const sockets: WebSocket[] = [];

beforeEach(async () => {
  desk = await startSandbox();
  await desk.trade(['BTC-USDT', '50000'], ['ETH-USDT', '3000']);
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.terminate();
  await desk.sandbox.close();
});

type Message = Readonly<Record<string, unknown>>;

/** A connection under a venue's host name, and what it has heard in order. */
async function connect(host: string, path: string) {
  const socket = new WebSocket(`ws://127.0.0.1:${desk.sandbox.port}${path}`, { headers: { host } });
  sockets.push(socket);
  const heard: Message[] = [];
  const waiting: ((message: Message) => void)[] = [];
  socket.on('message', (data: Buffer) => {
    const message = JSON.parse(data.toString('utf8')) as Message;
    const next = waiting.shift();
    if (next === undefined) heard.push(message);
    else next(message);
  });
  await once(socket, 'open');
  return {
    socket,
    next: (): Promise<Message> => {
      const [first] = heard.splice(0, 1);
      return first === undefined
        ? new Promise((resolve) => waiting.push(resolve))
        : Promise.resolve(first);
    },
    send: (message: object) => {
      socket.send(JSON.stringify(message));
    },
  };
}
const STREAM = 'stream.binance.com:9443';
const SOCKET_API = 'ws-api.binance.com:443';

test('a stream is subscribed, listed and left by name; one that is not played is refused', async () => {
  const { next, send } = await connect(STREAM, '/ws/1');
  send({ method: 'SUBSCRIBE', params: ['btcusdt@aggTrade'], id: 1 });
  expect(await next()).toEqual({ result: null, id: 1 });
  await desk.trade(['BTC-USDT', '50001']);
  expect(await next()).toMatchObject({
    e: 'aggTrade',
    s: 'BTCUSDT',
    p: '50001.00000000',
    m: false,
  });
  send({ method: 'LIST_SUBSCRIPTIONS', id: 2 });
  expect(await next()).toEqual({ result: ['btcusdt@aggTrade'], id: 2 });
  send({ method: 'UNSUBSCRIBE', params: ['btcusdt@aggTrade'], id: 3 });
  expect(await next()).toEqual({ result: null, id: 3 });
  send({ method: 'SUBSCRIBE', params: ['dogeusdt@trade'], id: 4 });
  expect(await next()).toMatchObject({ error: { code: 2 }, id: 4 });
  send({ nonsense: true });
  expect(await next()).toMatchObject({ error: { code: 2 } });
});

test('combined streams are named in the address and wrapped', async () => {
  const { next } = await connect(STREAM, '/stream?streams=btcusdt@trade/ethusdt@bookTicker');
  await desk.trade(['BTC-USDT', '50001'], ['ETH-USDT', '3001']);
  expect(await next()).toMatchObject({ stream: 'btcusdt@trade', data: { e: 'trade', t: 2 } });
  expect(await next()).toMatchObject({
    stream: 'ethusdt@bookTicker',
    data: { s: 'ETHUSDT', b: '3000.69000000', a: '3001.31000000' },
  });
});

describe('the user stream', () => {
  const subscribe = (over: { readonly secret?: string; readonly apiKey?: string } = {}) => {
    const params = { apiKey: over.apiKey ?? KEY, recvWindow: 5_000, timestamp: Date.now() };
    const { apiKey, recvWindow, timestamp } = params;
    const payload = `apiKey=${apiKey}&recvWindow=${recvWindow}&timestamp=${timestamp}`;
    const signature = sign(payload, over.secret ?? SECRET);
    return {
      id: 7,
      method: 'userDataStream.subscribe.signature',
      params: { ...params, signature },
    };
  };

  test('tells an order from its acceptance to its fill, then the balances', async () => {
    const { next, send } = await connect(SOCKET_API, '/ws-api/v3');
    send(subscribe());
    expect(await next()).toMatchObject({ id: 7, status: 200, result: { subscriptionId: 0 } });
    const order = { symbol: 'BTCUSDT', side: 'BUY', type: 'MARKET', quantity: '0.01' };
    const path = ['POST', '/api/v3/order'] as const;
    await signed(desk.sandbox.port, path, { ...order, newClientOrderId: 'tw1' });
    const accepted = { e: 'executionReport', x: 'NEW', X: 'NEW', c: 'tw1', z: '0.00000000' };
    expect(await next()).toMatchObject({ subscriptionId: 0, event: accepted });
    const filled = { x: 'TRADE', X: 'FILLED', l: '0.01000000', n: '0.00001000', N: 'BTC', t: 1 };
    expect(await next()).toMatchObject({ event: filled });
    expect(await next()).toMatchObject({
      event: {
        e: 'outboundAccountPosition',
        B: [
          { a: 'USDT', f: '9499.44500000', l: '0.00000000' },
          { a: 'BTC', f: '0.00999000' },
        ],
      },
    });
  });

  test.each([
    ['a wrong signature', { secret: 'wrong' }, 400, -1022],
    ['a key of somebody else', { apiKey: 'somebody-else-01' }, 401, -2015],
  ])('does not start with %s', async (_what, over, status, code) => {
    const { next, send } = await connect(SOCKET_API, '/ws-api/v3');
    send(subscribe(over));
    expect(await next()).toMatchObject({ id: 7, status, error: { code } });
  });

  test('answers what it does not play, and what is no request, with an error', async () => {
    const { next, send } = await connect(SOCKET_API, '/ws-api/v3');
    send({ id: 1, method: 'order.place', params: {} });
    expect(await next()).toMatchObject({ id: 1, status: 400 });
    send({ id: 2, method: 'time' });
    expect(await next()).toMatchObject({ id: 2, status: 200 });
    send([]);
    expect(await next()).toMatchObject({ status: 400 });
  });
});

test.each([
  ['api.kraken.com', '/ws/1'],
  ['api.binance.com', '/ws/1'],
  [STREAM, '/nothing'],
])('a connection to %s%s is refused', async (host, path) => {
  await expect(connect(host, path)).rejects.toThrow('421');
});
