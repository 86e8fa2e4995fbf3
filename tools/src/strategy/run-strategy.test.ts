import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { callables, type CommandReply } from '@tradewind/contracts/callables';
import { freeOffset, portsAt } from '../lib/ports.ts';
import { runStrategy, stopSession } from './run-strategy.ts';

type Call = { readonly path: string; readonly token: string | undefined; readonly data: unknown };

const document = {
  name: 'Mine',
  strategy: { id: 'sma-cross', params: { fast: 5, slow: 20 } },
  marketKeys: ['binance_spot_BTC-USDT', 'binance_spot_ETH-USDT'],
  positionSizeQuote: '100',
  maxPositions: 1,
  protection: { stopLossPct: 5, takeProfitPct: 10, trailingStopPct: null },
};

let folder: string;
let file: string;
let portOffset: number;
let servers: Server[];
let calls: Call[];
/** What the desk's callables answer, by name. */
let replies: Readonly<Record<string, CommandReply>>;

const serve = (port: number, answer: (path: string, call: Call) => object): Promise<Server> =>
  new Promise((resolve) => {
    const server = createServer((incoming, outgoing) => {
      let text = '';
      incoming.on('data', (chunk: Buffer) => (text += chunk.toString()));
      incoming.on('end', () => {
        const path = incoming.url ?? '';
        const { data } = JSON.parse(text) as { readonly data?: unknown };
        const call = { path, token: incoming.headers.authorization, data };
        outgoing.end(JSON.stringify(answer(path, call)));
      });
    });
    server.listen(port, '127.0.0.1', () => {
      resolve(server);
    });
  });

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tw-run-'));
  file = join(folder, 'mine.json');
  writeFileSync(file, JSON.stringify(document));
  portOffset = await freeOffset(24_000);
  const ports = portsAt(portOffset);
  calls = [];
  servers = [
    await serve(ports.auth, () => ({ idToken: 'trader' })),
    await serve(ports.functions, (path, call) => {
      calls.push(call);
      const reply = replies[path.split('/').at(-1) ?? ''];
      return reply === undefined ? { error: { message: 'no such command' } } : { result: reply };
    }),
  ];
});
afterEach(() => {
  for (const server of servers) server.close();
  rmSync(folder, { recursive: true });
});

const run = () => runStrategy(file, { book: 'paper', capital: '1000', portOffset });

test('a document is saved, and a session is started with it on its own symbols, as the trader', async () => {
  replies = {
    saveStrategy: { ok: true, code: 'saved', message: 'Saved.', id: 'strategy-1' },
    startSession: { ok: true, code: 'running', message: 'It runs.', id: 'session-1' },
  };
  const answer = await run();
  expect(answer).toMatchObject({ ok: true, data: { id: 'session-1' } });
  expect(answer.text).toContain('strategy stop session-1');
  const [save, start] = calls;
  expect(save?.token).toBe('Bearer trader');
  // What the desk's own schemas take.
  expect(callables.saveStrategy.request.parse(save?.data)).toMatchObject({ bookId: 'paper' });
  expect(callables.startSession.request.parse(start?.data)).toMatchObject({
    strategyIds: ['strategy-1'],
    symbols: ['BTC-USDT', 'ETH-USDT'],
    mode: 'paper',
  });
});

test('what the desk refuses is told with all its reasons, and nothing is started', async () => {
  const items = [{ item: 'marketKeys', result: 'no market of binance', ok: false }];
  replies = { saveStrategy: { ok: false, code: 'invalid', message: 'Not usable.', items } };
  const answer = await run();
  expect(answer.ok).toBe(false);
  expect(answer.text).toContain('marketKeys: no market of binance');
  expect(calls).toHaveLength(1);
});

test('a document that is wrong is not sent at all', async () => {
  writeFileSync(file, '{}');
  expect((await run()).ok).toBe(false);
  expect(calls).toEqual([]);
});

test('a session is stopped, and sells when it is told to', async () => {
  replies = { stopSession: { ok: true, code: 'stopped', message: 'Over.', id: 'session-1' } };
  const answer = await stopSession('session-1', { close: true, portOffset });
  expect(answer).toMatchObject({ ok: true, text: 'Over.' });
  expect(callables.stopSession.request.parse(calls[0]?.data)).toMatchObject({
    sessionId: 'session-1',
    closePositions: true,
  });
});

test('where no desk runs, it says how to start one', async () => {
  for (const server of servers) server.close();
  await expect(run()).rejects.toThrow(/npm start/);
});
