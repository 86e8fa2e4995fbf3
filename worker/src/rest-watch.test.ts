import type { AlertDoc } from '@tradewind/contracts/documents/system';
import { epochMs } from '@tradewind/core/lib/time';
import { feedInit } from '@tradewind/core/market/staleness';
import { createConditions } from './conditions.ts';
import { idle } from './connection.ts';
import { createFeedAlerts } from './feed-alerts.ts';
import type { Feed } from './feeds.ts';
import { createRestWatch } from './rest-watch.ts';
import { at, FEED, KEY, lineBench, SYMBOL } from './testing/line-bench.ts';
import { settle } from './testing/fake-ports.ts';

async function bench() {
  const parts = lineBench();
  await parts.begin(at(0, 30));
  await parts.play(at(1, 0));
  const { ports, state, lines, market, documents, held } = parts;
  const now = epochMs(state.now);
  const feed: Feed = {
    key: FEED,
    loop: {
      key: FEED,
      want: () => undefined,
      connection: () => idle(now),
      done: Promise.resolve(),
    },
    health: feedInit(now),
    alerts: createFeedAlerts(ports, 'worker-0'),
    skewMs: null,
    broken: false,
  };
  const flags = { silent: false };
  const told: string[] = [];
  const watch = createRestWatch(ports, {
    shard: 'worker-0',
    tell: createConditions(ports),
    linesOf: ({ key }) => lines.of(key),
    isHeld: (marketKey) => held.has(marketKey),
    needsPolling: () => flags.silent,
    onPrice: (marketKey) => void told.push(marketKey),
    isWatched: () => false,
  });
  const runFor = async (seconds: number): Promise<void> => {
    for (let n = 0; n < seconds; n += 1) {
      state.now += 1_000;
      watch.tick([feed]);
      await settle();
      await settle();
    }
  };
  const asked = (): number => market.state.calls.filter((call) => call.startsWith('prices')).length;
  const alerts = (rule: string) =>
    [...documents.values()].filter((doc) => (doc as AlertDoc).rule === rule) as AlertDoc[];
  return { ...parts, feed, flags, told, runFor, asked, alerts };
}

test('MD-03 while the stream lives, prices are asked for once a minute, to compare them', async () => {
  const { runFor, asked, told, play, state } = await bench();
  for (let n = 0; n < 6; n += 1) {
    await play(state.now + 10_000);
    await runFor(10);
  }
  expect(asked()).toBe(1);
  expect(told).toEqual([]);
});

test('MD-62 MD-63 MD-T03 while it is silent they are asked for every five seconds, and stops hear of them', async () => {
  const { flags, runFor, asked, told, line } = await bench();
  flags.silent = true;
  await runFor(20);
  expect(asked()).toBe(4);
  expect(told.length).toBe(4);
  expect(line().price.record({ now: epochMs(0), isTrusted: false })).toMatchObject({
    source: 'rest',
    degraded: true,
  });
});

test('MD-61 a market with a position that fell silent alone is asked for, too', async () => {
  const { runFor, asked, held } = await bench();
  await runFor(50);
  expect(asked()).toBe(0);
  held.add(KEY);
  await runFor(10);
  expect(asked()).toBeGreaterThanOrEqual(2);
});

test('MD-25 MD-T15 a clock six seconds off is critical; a second and a half warns; none is resolved', async () => {
  const { runFor, market, alerts, feed } = await bench();
  market.state.skewMs = 1_500;
  await runFor(1);
  expect(alerts('clock_skew')).toMatchObject([{ severity: 'WARNING' }]);
  market.state.skewMs = 6_000;
  await runFor(60);
  expect(feed.skewMs).toBe(6_000);
  expect(alerts('clock_skew')).toMatchObject([{ severity: 'CRITICAL', state: 'ACTIVE' }]);
  market.state.skewMs = 20;
  await runFor(60);
  expect(alerts('clock_skew')).toMatchObject([{ state: 'RESOLVED' }]);
});

test('MD-12 a REST price that differs for ten seconds is a conflict that is told', async () => {
  const { runFor, market, alerts, line, play, state } = await bench();
  market.state.factor = 1.01;
  for (let n = 0; n < 8; n += 1) {
    await play(state.now + 5_000);
    await runFor(5);
  }
  expect(line().price.isConflicting()).toBe(true);
  expect(alerts('price_conflict')).toMatchObject([{ symbol: SYMBOL, severity: 'WARNING' }]);
});

test('MD-66 no source at all for a minute with a position open is critical', async () => {
  const { runFor, market, alerts, held, flags } = await bench();
  held.add(KEY);
  [flags.silent, market.state.down] = [true, true];
  await runFor(59);
  expect(alerts('market_data_dead')).toEqual([]);
  await runFor(2);
  expect(alerts('market_data_dead')).toMatchObject([{ severity: 'CRITICAL', state: 'ACTIVE' }]);
});
