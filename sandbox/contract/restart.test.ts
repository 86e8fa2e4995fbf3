import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { qty } from '@tradewind/core/lib/units';
import { createSandbox, type Sandbox } from '../src/create-sandbox.ts';
import { signed } from './raw-client.ts';
import { KEY, SECRET } from './start.ts';

let folder: string;
let stateFile: string;
const open: Sandbox[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tradewind-state-'));
  stateFile = join(folder, 'sandbox.json');
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((sandbox) => sandbox.close()));
  await rm(folder, { recursive: true });
});

async function start(feed = 'sandbox'): Promise<Sandbox> {
  const sandbox = await createSandbox({
    port: 0,
    symbols: ['BTC-USDT'],
    feed,
    seed: 7,
    apiKey: KEY,
    apiSecret: SECRET,
    initial: { USDT: qty('10000') },
    stateFile,
    config: { latencyMs: { min: 0, max: 0 } },
  });
  open.push(sandbox);
  return sandbox;
}
const place = ({ port }: Sandbox, params: Record<string, string>) =>
  signed(port, ['POST', '/api/v3/order'], { symbol: 'BTCUSDT', side: 'BUY', ...params });

test('balances, orders, fills, candles and ids go on where they stopped', async () => {
  const first = await start();
  await place(first, { type: 'MARKET', quantity: '0.01', newClientOrderId: 'tw1' });
  const rests = { type: 'LIMIT', timeInForce: 'GTC', quantity: '0.01', price: '20000' };
  await place(first, { ...rests, newClientOrderId: 'tw2' });
  await first.close();
  const before = first.exchange;

  const second = await start();
  expect(second.exchange.engine().balances).toEqual(before.engine().balances);
  expect(second.exchange.orders()).toEqual(before.orders());
  expect(second.exchange.fills()).toEqual(before.fills());
  const candles = before.tape('BTC-USDT').candles().slice(-1_500);
  expect(second.exchange.tape('BTC-USDT').candles().slice(0, 1_400)).toEqual(
    candles.slice(0, 1_400),
  );
  const again = await place(second, { type: 'MARKET', quantity: '0.01' });
  expect(again).toMatchObject({ body: { orderId: 3, fills: [{ tradeId: 2 }] } });
  const report = await signed(second.port, ['GET', '/api/v3/openOrders'], {});
  expect(report.body).toMatchObject([{ clientOrderId: 'tw2', status: 'NEW' }]);
});

test('another feed keeps the account and not the market', async () => {
  const first = await start();
  await place(first, { type: 'MARKET', quantity: '0.01' });
  await first.close();
  const second = await start('push');
  expect(second.exchange.engine().balances).toEqual(first.exchange.engine().balances);
  expect(second.exchange.tape('BTC-USDT').candles()).toEqual([]);
});

test('a state file that is not one of ours is named, and nothing starts', async () => {
  await writeFile(stateFile, '{"half":');
  await expect(start()).rejects.toThrow(`The state file ${stateFile} cannot be read. Delete it`);
});

describe('the process', () => {
  const main = (...args: string[]) =>
    spawn(process.execPath, ['sandbox/src/main.ts', ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  const keys = ['--api-key', KEY, '--api-secret', SECRET];

  test('says where it listens, saves on SIGTERM and ends with 0', async () => {
    const child = main(...keys, '--state', stateFile);
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const { listening } = JSON.parse(line.toString()) as { listening: number };
    const ping = await fetch(`http://127.0.0.1:${listening}/api/v3/ping`);
    expect(await ping.json()).toEqual({});
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
    expect(JSON.parse(await readFile(stateFile, 'utf8'))).toMatchObject({ version: 1 });
  });

  test('that cannot use its input says why and ends with 2', async () => {
    const path = join(folder, 'bad.csv');
    await writeFile(path, 'ts,price,qty,side\n1,2,3,4\n');
    const child = main(...keys, '--feed', `file:${path}`, '--symbol', 'BTC-USDT');
    const said: string[] = [];
    child.stderr.on('data', (chunk: Buffer) => said.push(chunk.toString()));
    const [code] = (await once(child, 'close')) as [number];
    expect(code).toBe(2);
    expect(said.join('')).toContain('has no row that can be used (1 bad): line 2');
  });
});
