import { openClient } from './binance-client.ts';
import { openBinance, openStream } from './ccxt-clients.ts';
import { confine, hostsOf } from './redirect.ts';
import { startFakeExchange } from './testing/fake-exchange.ts';

const offline = {
  market: 'spot' as const,
  apiKey: 'k',
  apiSecret: 's',
  deadlineMs: 10_000,
  throttled: false,
};

test('requests keep their production host and arrive at the sandbox', async () => {
  const exchange = await startFakeExchange();
  const client = await openClient({ ...offline, sandboxPort: exchange.port });
  await client.loadTimeDifference();
  expect(exchange.seen[0]).toMatchObject({ host: 'api.binance.com', path: '/api/v3/time' });
  await client.fetchDispatcher?.destroy();
  await exchange.close();
});

test.each([
  ['with a sandbox', 1],
  ['without a sandbox', undefined],
])('a host that is not the venue is refused %s, by HTTP and by WebSocket', async (_, port) => {
  const client = openBinance({});
  await confine(client, { hosts: ['nobody.invalid'], port, deadlineMs: 10_000 });
  await expect(client.loadTimeDifference()).rejects.toThrow(
    'api.binance.com is not a host of this venue',
  );
  const { options } = client.options['ws'] as {
    readonly options: { readonly createConnection: (to: { host: string }) => unknown };
  };
  expect(() => options.createConnection({ host: 'stream.binance.com' })).toThrow(
    'stream.binance.com is not a host of this venue',
  );
  await client.fetchDispatcher?.destroy();
});

test('hosts of a public venue come from its own table of addresses', async () => {
  const bybit = await openStream('bybit', {});
  expect(bybit === undefined ? [] : hostsOf(bybit)).toEqual(
    expect.arrayContaining(['api.bybit.com', 'stream.bybit.com']),
  );
  expect(await openStream('no-such-venue', {})).toBeUndefined();
  expect(await openStream('constructor', {})).toBeUndefined();
});
