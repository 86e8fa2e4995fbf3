import { epochMs } from '@tradewind/core/lib/time';
import type { HeartbeatDoc } from '@tradewind/contracts/documents/system';
import { livePrice } from '../../testing/documents.ts';
import type { Loaded } from '../../lib/loaded.ts';
import { connectionView, type ConnectionFacts } from './connection-view.ts';

const NOW = epochMs(1_800_000_000_000);
const ago = (ms: number) => epochMs(NOW - ms);
const ready = <T>(data: readonly T[]): Loaded<T> => ({
  status: 'ready',
  data,
  faults: [],
  live: true,
});
const beat = (over: Partial<HeartbeatDoc> = {}): HeartbeatDoc => ({
  component: 'worker-0',
  status: 'LIVE',
  detail: 'streaming',
  startedAt: ago(60_000),
  beatAt: ago(1_000),
  maxAgeMs: 10_000,
  version: '0.1.0',
  ...over,
});
const facts = (over: Partial<ConnectionFacts> = {}): ConnectionFacts => ({
  browserOnline: true,
  cachedSince: null,
  heartbeats: ready([beat()]),
  prices: ready([livePrice({ writtenAt: ago(1_000) })]),
  now: NOW,
  ...over,
});

test('a fresh heartbeat and fresh prices are connected', () => {
  expect(connectionView(facts())).toMatchObject({ kind: 'connected', notice: null });
});

test.each([
  ['at ten seconds a price is still live', 10_000, 'connected'],
  ['UI-T03 one millisecond later it is stale', 10_001, 'stale'],
])('%s', (_title, age, kind) => {
  expect(connectionView(facts({ prices: ready([livePrice({ writtenAt: ago(age) })]) })).kind).toBe(
    kind,
  );
});

test('a stale market is named with its age', () => {
  const view = connectionView(facts({ prices: ready([livePrice({ writtenAt: ago(23_000) })]) }));
  expect(view.notice).toContain('BTC-USDT 23 s');
});

test.each([
  ['a heartbeat of 31 s is silence', [beat({ beatAt: ago(31_000) })], 'silent'],
  ['a heartbeat between its age and 30 s is stale', [beat({ beatAt: ago(20_000) })], 'stale'],
  ['no heartbeat at all is silence', [], 'silent'],
  [
    'ARC-40 a desk without a worker lives by the cycle',
    [beat({ component: 'cycle', beatAt: ago(90_000), maxAgeMs: 180_000 })],
    'connected',
  ],
  [
    'a worker that was stopped on purpose is not missed',
    [beat({ status: 'STOPPED', beatAt: ago(900_000) }), beat({ component: 'cycle' })],
    'connected',
  ],
  [
    'a worker that died is missed although the cycle runs',
    [beat({ beatAt: ago(60_000) }), beat({ component: 'cycle' })],
    'silent',
  ],
  [
    'of several shards the one in trouble counts',
    [beat(), beat({ component: 'worker-1', status: 'STALE' })],
    'stale',
  ],
  [
    'of several shards the silent one counts',
    [beat(), beat({ component: 'worker-1', beatAt: ago(31_000) })],
    'silent',
  ],
  [
    'a shard that was given up long ago is not missed',
    [beat(), beat({ component: 'worker-7', beatAt: ago(600_000) })],
    'connected',
  ],
  ['a reconnecting feed is stale', [beat({ status: 'RECONNECTING' })], 'stale'],
] as const)('%s', (_title, beats, kind) => {
  expect(connectionView(facts({ heartbeats: ready([...beats]) })).kind).toBe(kind);
});

test.each([
  ['MD-12', { conflict: true }, 'Sources disagree about BTC-USDT'],
  ['MD-63', { degraded: true }, 'Fallback prices for BTC-USDT'],
  ['MD-61', { stale: true }, 'No trades lately: BTC-USDT'],
] as const)('%s the bar below the header names the market: %j', (_, marks, notice) => {
  const prices = ready([livePrice({ ...marks, writtenAt: ago(1_000) })]);
  const view = connectionView(facts({ prices }));
  expect(view.kind).toBe('stale');
  expect(view.notice).toContain(notice);
});

test('of many markets three are named', () => {
  const silent = ['A', 'B', 'C', 'D', 'E'].map((base) =>
    livePrice({ marketKey: base, symbol: `${base}-USDT`, stale: true, writtenAt: ago(1_000) }),
  );
  const { notice } = connectionView(facts({ prices: ready(silent) }));
  expect(notice).toContain('A-USDT, B-USDT, C-USDT and 2 more');
});

test('UI-16 offline disables commands, silence does not', () => {
  expect(connectionView(facts({ browserOnline: false })).commandsDisabled).toBe(true);
  expect(connectionView(facts({ cachedSince: ago(5_001) }))).toMatchObject({
    kind: 'offline',
    commandsDisabled: true,
  });
  expect(connectionView(facts({ cachedSince: ago(5_000) })).kind).toBe('connected');
  expect(connectionView(facts({ heartbeats: ready<HeartbeatDoc>([]) })).commandsDisabled).toBe(
    false,
  );
});
