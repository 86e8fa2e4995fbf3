import type { PruneOptions } from '@tradewind/adapters/archive/prune';
import type { AlertDoc } from '@tradewind/contracts/documents/system';
import type { DataSessionDoc } from '@tradewind/contracts/documents/market';
import { epochMs } from '@tradewind/core/lib/time';
import type { Origin } from '@tradewind/core/market/market';
import { Registry } from 'prom-client';
import { createArchiveUpkeep, tellStorage } from './archive-upkeep.ts';
import { createConditions } from './conditions.ts';
import { createMetrics } from './metrics.ts';
import { fakePorts, settle } from './testing/fake-ports.ts';

const DAY = 86_400_000;
const RECORDING = {
  sessionId: 's1',
  marketKeys: ['binance_spot_BTC-USDT'],
  startedAt: epochMs(5_000),
} as DataSessionDoc;

function bench(origin: Origin) {
  const { ports, state } = fakePorts();
  const asked: (PruneOptions | undefined)[] = [];
  const archive = {
    prune: (options?: PruneOptions) => {
      asked.push(options);
      return Promise.resolve({ files: 1, bytes: 10, paths: ['a'], spared: 0 });
    },
  };
  const upkeep = createArchiveUpkeep({ ...ports, origin, archive }, () => [RECORDING]);
  return { state, asked, tick: upkeep.tick };
}

test('once a day old files go, and those of a running recording stay', async () => {
  const { state, asked, tick } = bench('live');
  tick();
  expect(asked).toEqual([]);
  for (state.now = 0; state.now < 2 * DAY; state.now += 60_000) tick();
  await settle();
  expect(asked.length).toBe(2);
  expect(asked[0]?.spare).toEqual([
    { marketKey: 'binance_spot_BTC-USDT', from: 5_000, to: Infinity },
  ]);
});

test('a replay of long ago is not taken for what was kept too long', () => {
  const { state, asked, tick } = bench('recorded');
  state.now = 3 * DAY;
  tick();
  expect(asked).toEqual([]);
});

test('MD-87 an archive at 70 and at 85 % of its budget is told, and told to be over', async () => {
  const { ports, documents } = fakePorts();
  const tell = createConditions(ports);
  const alert = () =>
    [...documents.values()].find((doc) => (doc as AlertDoc).rule === 'archive_storage');
  const at = async (level: 'ok' | 'warning' | 'critical', usedBytes: number) => {
    tellStorage(tell, level, { usedBytes, budgetBytes: 50e9 });
    for (let n = 0; n < 5; n += 1) await settle();
  };
  await at('ok', 1e9);
  expect(alert()).toBeUndefined();
  await at('warning', 36e9);
  expect(alert()).toMatchObject({ severity: 'WARNING', state: 'ACTIVE' });
  await at('critical', 44e9);
  expect(alert()).toMatchObject({ severity: 'CRITICAL', state: 'ACTIVE' });
  await at('ok', 10e9);
  expect(alert()).toMatchObject({ state: 'RESOLVED' });
});

test("the archive's figures are served: how long files and questions took, and its handles", async () => {
  const metrics = createMetrics(new Registry());
  const pool = { hits: 3, misses: 1 };
  metrics.archive.pool(() => pool);
  metrics.archive.done('write', 20);
  metrics.archive.done('query', 2);
  pool.hits = 5;
  const text = await metrics.text();
  expect(text).toContain('md_archive_write_seconds_sum 0.02');
  expect(text).toContain('md_query_seconds_count 1');
  expect(text).toContain('md_duckdb_pool_hits_total 5');
  expect(await metrics.text()).toContain('md_duckdb_pool_misses_total 1');
});
