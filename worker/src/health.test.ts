import { Registry } from 'prom-client';
import { serveHealth } from './health.ts';
import { createMetrics } from './metrics.ts';

async function served() {
  const metrics = createMetrics(new Registry());
  const server = await serveHealth(0, {
    version: 'test',
    status: () => ({ role: 'standby', shards: [] }),
    figures: () => ({ queueDepth: 3 }),
    metrics,
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const get = async (path: string): Promise<{ readonly code: number; readonly text: string }> => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`);
    return { code: response.status, text: await response.text() };
  };
  const close = (): void => {
    server.close();
    server.closeAllConnections();
  };
  return { metrics, get, close };
}

test('health, figures and metrics are served, and nothing else', async () => {
  const { get, close } = await served();
  expect(JSON.parse((await get('/health?x=1')).text)).toMatchObject({ ok: true, role: 'standby' });
  expect(JSON.parse((await get('/status')).text)).toEqual({ queueDepth: 3 });
  expect((await get('/metrics')).code).toBe(200);
  expect((await get('/')).code).toBe(404);
  close();
});

test('every figure of 01, section 11, that the worker measures goes by its name and labels', async () => {
  const { metrics, get, close } = await served();
  const counters = metrics.market('binance', 'BTC-USDT');
  for (const counter of Object.values(counters)) counter.inc();
  metrics.arrived('binance', 7);
  metrics.arrived('binance', -2);
  metrics.age('binance', 'BTC-USDT', 1.5);
  metrics.connection({ venue: 'binance', market: 'spot' }, 'LIVE');
  metrics.queue('main', 4);
  metrics.reconnects.labels('binance').inc();
  metrics.backfills.labels('binance').inc();
  metrics.mismatch.labels('binance', '1m').inc();
  const { text } = await get('/metrics');
  close();
  const symbol = '{venue="binance",symbol="BTC-USDT"}';
  for (const line of [
    `md_ticks_total${symbol} 1`,
    `md_ticks_dropped_total${symbol} 1`,
    `md_ticks_duplicate_total${symbol} 1`,
    `md_ticks_late_total${symbol} 1`,
    `md_ticks_bad_total${symbol} 1`,
    'md_tick_latency_ms_bucket{le="10",venue="binance"} 2',
    'md_tick_latency_ms_sum{venue="binance"} 7',
    'md_ticks_future_total{venue="binance"} 1',
    `md_last_message_age_seconds${symbol} 1.5`,
    'md_connection_state{venue="binance",market="spot"} 3',
    'md_reconnects_total{venue="binance"} 1',
    'md_gap_backfills_total{venue="binance"} 1',
    'md_queue_depth{lane="main"} 4',
    'md_candle_mismatch_total{venue="binance",tf="1m"} 1',
  ])
    expect(text.split('\n')).toContain(line);
});
