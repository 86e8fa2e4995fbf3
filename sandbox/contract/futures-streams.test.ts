import { pro } from 'ccxt';
import { confine, hostsOf } from '@tradewind/adapters/venue/redirect';
import type { CcxtClient } from '@tradewind/adapters/venue/ccxt-clients';
import WebSocket from 'ws';
import { call } from './raw-client.ts';
import { KEY, SECRET, startSandbox } from './start.ts';

let desk: Awaited<ReturnType<typeof startSandbox>>;
let exchange: InstanceType<typeof pro.binanceusdm>;

beforeEach(async () => {
  desk = await startSandbox();
  await desk.trade(['BTC-USDT', '50000'], ['ETH-USDT', '3000']);
  exchange = new pro.binanceusdm({
    apiKey: KEY,
    secret: SECRET,
    options: { fetchMarkets: { types: ['linear'] }, fetchCurrencies: false },
  });
  // Its renewal of the listen key in twenty minutes would outlive the test.
  Object.assign(exchange, { delay: () => undefined });
  const client = exchange as unknown as CcxtClient;
  const { port } = desk.sandbox;
  await confine(client, { hosts: hostsOf(client), port, deadlineMs: 5_000 });
});
afterEach(async () => {
  await exchange.close();
  await desk.sandbox.close();
});

const enter = { symbol: 'BTC/USDT:USDT', amount: 0.01 };

test("ccxt's own client hears of its orders and positions through a listen key", async () => {
  await exchange.loadMarkets();
  const orders = exchange.watchOrders(enter.symbol);
  const progress = { seen: false };
  void orders.then(() => {
    progress.seen = true;
  });
  // The stream subscribes in its own time: orders follow each other until one was seen.
  for (let i = 0; !progress.seen; i++)
    await exchange.createOrder(enter.symbol, 'market', 'buy', enter.amount, undefined, {
      clientOrderId: `tw${i}`,
    });
  const [order] = await orders;
  expect(order).toMatchObject({ symbol: enter.symbol });
  expect(order?.clientOrderId).toMatch(/^tw\d+$/);
  const [position] = await exchange.fetchPositions();
  expect(position).toMatchObject({ symbol: enter.symbol, side: 'long' });
});

type Event = { readonly e: string; readonly o?: { readonly X: string }; readonly a?: unknown };

/** The private stream, raw, with all that arrived on it so far. */
async function listen(listenKey: string) {
  const heard: Event[] = [];
  const socket = new WebSocket(
    `ws://127.0.0.1:${desk.sandbox.port}/private/ws?listenKey=${listenKey}`,
    { headers: { host: 'fstream.binance.com' } },
  );
  socket.on('message', (data: Buffer) => heard.push(JSON.parse(data.toString('utf8')) as Event));
  await new Promise((opened) => socket.once('open', opened));
  return {
    heard,
    close: () => {
      socket.close();
    },
  };
}

test('the private stream tells orders, waiting orders, wallet and positions; another key hears nothing', async () => {
  const { body } = await call(desk.sandbox.port, {
    method: 'POST',
    path: '/fapi/v1/listenKey',
    host: 'fapi.binance.com',
    key: KEY,
    form: '',
  });
  const stream = await listen((body as { readonly listenKey: string }).listenKey);
  const stranger = await listen('somebody-else');
  await exchange.loadMarkets();
  await exchange.createOrder(enter.symbol, 'market', 'buy', enter.amount);
  await exchange.createOrder(enter.symbol, 'market', 'sell', enter.amount, undefined, {
    stopLossPrice: 48_000,
    reduceOnly: true,
  });
  await desk.trade(['BTC-USDT', '47900']);
  await exchange.fetchPositions();
  const told = stream.heard.map(({ e, o }) => (o === undefined ? e : `${e} ${o.X}`));
  expect(told).toEqual([
    'ORDER_TRADE_UPDATE NEW',
    'ORDER_TRADE_UPDATE FILLED',
    'ACCOUNT_UPDATE',
    'ALGO_UPDATE NEW',
    'ALGO_UPDATE TRIGGERED',
    'ORDER_TRADE_UPDATE NEW',
    'ALGO_UPDATE FINISHED',
    'ORDER_TRADE_UPDATE FILLED',
    'ACCOUNT_UPDATE',
  ]);
  expect(stranger.heard).toEqual([]);
  stream.close();
  stranger.close();
});
