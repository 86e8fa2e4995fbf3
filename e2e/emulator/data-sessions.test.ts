import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openArchive, type Archive } from '@tradewind/adapters/archive/archive';
import { deleteSession } from '@tradewind/adapters/archive/delete-session';
import { finishSession } from '@tradewind/adapters/archive/finish-session';
import { startSession, stopSession } from '@tradewind/adapters/archive/start-session';
import { silentLog } from '@tradewind/adapters/telemetry/log';
import { callables } from '@tradewind/contracts/callables';
import { needsAllowGaps } from '@tradewind/contracts/documents/data-session';
import {
  dataSessionDoc,
  marketDoc,
  type DataSessionDoc,
} from '@tradewind/contracts/documents/market';
import { paths } from '@tradewind/contracts/paths';
import { gridOf } from '@tradewind/core/market/grid';
import { money, price, qty } from '@tradewind/core/lib/units';
import { openLedger } from './open-ledger.ts';

const BTC = 'binance_spot_BTC-USDT';
const ETH = 'binance_spot_ETH-USDT';
const HOUR = Date.UTC(2026, 10, 20, 14);
const MINUTE = 60_000;
const grid = gridOf({ tickSize: price('0.01'), lotSize: qty('0.001') });

const ledger = openLedger('data-sessions', HOUR);
const { store, clock } = ledger;
let folder: string;
let archive: Archive;

beforeEach(async () => {
  await ledger.clear();
  folder = mkdtempSync(join(tmpdir(), 'tradewind-sessions-'));
  archive = openArchive({ location: folder, now: clock.wallNow, log: silentLog, hasTimers: false });
  for (const marketKey of [BTC, ETH])
    await store.set(paths.market(marketKey), marketDoc, {
      marketKey,
      venue: 'binance',
      market: 'spot',
      symbol: marketKey.slice('binance_spot_'.length),
      base: 'BTC',
      quote: 'USDT',
      tickSize: price('0.01'),
      lotSize: qty('0.001'),
      minQty: qty('0.001'),
      minNotional: money('5'),
      updatedAt: clock.wallNow(),
    });
});
afterEach(async () => {
  await archive.close();
  rmSync(folder, { recursive: true });
});
afterAll(ledger.close);

const request = (changes: Partial<Parameters<typeof startSession>[1]> = {}) => ({
  sessionId: 'rec-1',
  name: 'An afternoon',
  purpose: '',
  marketKeys: [BTC],
  channels: ['trades' as const],
  startedBy: 'me',
  durationMs: 10 * MINUTE,
  ...changes,
});
const read = async (id = 'rec-1'): Promise<DataSessionDoc> => {
  const found = await store.get(paths.dataSession(id), dataSessionDoc);
  if (found === undefined) throw new Error(`no session ${id}`);
  return found;
};
const finish = async (): Promise<DataSessionDoc> =>
  finishSession({ store, archive }, await read(), {
    wallNow: clock.wallNow(),
    marketNow: clock.marketNow(),
  });

/** One trade a second of `[from, to)` seconds after the start. */
const trade = async (
  { from, to }: { readonly from: number; readonly to: number },
  source: 'ws' | 'rest' = 'ws',
): Promise<void> => {
  const { startedAt } = await read();
  const writer = archive.writer(BTC, grid);
  for (let id = from; id < to; id += 1)
    writer.tick(
      { id, at: (startedAt ?? 0) + id * 1_000, price: 100, size: 1, isBuy: true },
      clock.wallNow(),
      { source },
    );
  await writer.flush();
};

test('MD-91 a recording is a day long unless it says otherwise, and at most 30 days', () => {
  const base = { commandId: crypto.randomUUID(), name: 'x', marketKeys: [BTC] };
  const { request: schema, role } = callables.startRecording;
  expect(role).toBe('trader');
  expect(schema.parse(base).durationMs).toBe(24 * 60 * MINUTE);
  expect(schema.safeParse({ ...base, durationMs: 30 * 24 * 60 * MINUTE }).success).toBe(true);
  expect(schema.safeParse({ ...base, durationMs: 30 * 24 * 60 * MINUTE + 1 }).success).toBe(false);
});

test('MD-90 MD-91 a recording runs to its end and then tells what it holds', async () => {
  expect(await startSession({ store, clock }, request())).toMatchObject({ ok: true, id: 'rec-1' });
  expect(await startSession({ store, clock }, request())).toMatchObject({ code: 'unchanged' });
  await trade({ from: 0, to: 600 });
  ledger.pass(10 * MINUTE - 1);
  expect((await finish()).status).toBe('RECORDING');
  ledger.pass(1);
  const done = await finish();
  expect(done).toMatchObject({
    status: 'COMPLETED',
    rowCounts: { [BTC]: 600 },
    coveragePct: { [BTC]: 100 },
    gaps: [],
    error: null,
  });
  expect(await read()).toEqual(done);
  expect(needsAllowGaps(done)).toBe(false);
  const [file] = Object.entries(done.checksums);
  expect(file?.[0]).toMatch(/^venue=binance\/.*\.parquet$/);
  expect(file?.[1]).toMatch(/^[0-9a-f]{64}$/);
  expect(await archive.sessions.list()).toEqual([done]);
  expect(await finish()).toEqual(done);
});

test('MD-92 what was missed and not filled lowers the coverage, what was filled is told', async () => {
  await startSession({ store, clock }, request());
  await trade({ from: 0, to: 200 });
  await trade({ from: 200, to: 260 }, 'rest');
  await trade({ from: 290, to: 600 });
  ledger.pass(10 * MINUTE);
  const done = await finish();
  const start = done.startedAt ?? 0;
  expect(done.gaps).toEqual([
    { marketKey: BTC, from: start + 200_000, to: start + 259_000, backfilled: true },
    { marketKey: BTC, from: start + 259_000, to: start + 290_000, backfilled: false },
  ]);
  expect(done.coveragePct[BTC]).toBeCloseTo(94.83, 2);
  expect(needsAllowGaps(done)).toBe(true);
});

test('MD-91 a stopped recording ends then, also with nothing in it', async () => {
  await startSession({ store, clock }, request());
  ledger.pass(MINUTE);
  expect(await stopSession({ store, clock }, 'rec-1')).toMatchObject({ code: 'ending' });
  ledger.pass(MINUTE);
  expect(await stopSession({ store, clock }, 'rec-1')).toMatchObject({ code: 'unchanged' });
  const done = await finish();
  expect(done).toMatchObject({ status: 'FAILED', endedAt: (done.startedAt ?? 0) + MINUTE });
  expect(done.error).toContain('Nothing was recorded');
  expect(await stopSession({ store, clock }, 'rec-1')).toMatchObject({ code: 'unchanged' });
  expect(await stopSession({ store, clock }, 'rec-2')).toMatchObject({ code: 'not_found' });
});

test('a market that the desk does not know is refused by name', async () => {
  const reply = await startSession(
    { store, clock },
    request({ marketKeys: [BTC, 'kraken_spot_X-Y'] }),
  );
  expect(reply).toMatchObject({ ok: false, code: 'unknown_market' });
  expect(reply.message).toContain('kraken_spot_X-Y');
});

test('files of a finished session stay as they are, though more trades of their hour follow', async () => {
  await startSession({ store, clock }, request());
  await trade({ from: 0, to: 600 });
  ledger.pass(10 * MINUTE);
  const done = await finish();
  await trade({ from: 590, to: 700 });
  await trade({ from: 700, to: 800 });
  ledger.pass(5 * 60 * MINUTE);
  expect((await archive.compact()).faults).toEqual([]);
  const paths = (await archive.find({})).map(({ path }) => path);
  for (const path of Object.keys(done.checksums)) expect(paths).toContain(path);
  const { rows } = await archive.query('SELECT count(*), count(DISTINCT id) FROM ticks');
  expect(rows).toEqual([[800, 800]]);
  ledger.pass(100 * 24 * 60 * MINUTE);
  await archive.prune();
  expect((await archive.find({})).map(({ path }) => path)).toEqual(Object.keys(done.checksums));
});

test('MD-95 a session that a backtest was computed on cannot be deleted until that is archived', async () => {
  await startSession({ store, clock }, request());
  const remove = () => deleteSession({ store, archive }, 'rec-1');
  expect(await remove()).toMatchObject({ code: 'recording' });
  await trade({ from: 0, to: 600 });
  ledger.pass(10 * MINUTE);
  await finish();
  const backtest = store.firestore.doc(`${paths.backtests}/bt-7`);
  await backtest.set({ sessionId: 'rec-1' });
  const refused = await remove();
  expect(refused).toMatchObject({ ok: false, code: 'in_use' });
  expect(refused.message).toContain('bt-7');
  await backtest.set({ sessionId: 'rec-1', archived: true });
  expect(await deleteSession({ store, archive }, 'rec-1', { isDryRun: true })).toMatchObject({
    code: 'would_delete',
  });
  expect(await remove()).toMatchObject({ ok: true, code: 'deleted' });
  expect(await archive.sessions.list()).toEqual([]);
  expect(await remove()).toMatchObject({ code: 'not_found' });
});
