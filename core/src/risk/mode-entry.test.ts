import { epochMs } from '../lib/time.ts';
import { entryObstacles, type ModeEntry } from './mode-entry.ts';

const NOW = epochMs(Date.UTC(2026, 10, 29));
const DAY = 86_400_000;
const gates = Object.fromEntries(
  Array.from({ length: 22 }, (_, i) => [`G${String(i + 1).padStart(2, '0')}`, true]),
);
const ready: ModeEntry = {
  now: NOW,
  createdAt: epochMs(NOW - 14 * DAY),
  version: 'v1',
  gates: { at: epochMs(NOW - 1_000), version: 'v1', gates },
  trades: 40,
  returnPct: 0.1,
  criticalAlerts: 0,
  openBreakers: 0,
  emergencyStop: false,
  reconciledAt: epochMs(NOW - 60_000),
};

test('RSK-06 a small book that has shown everything may become a full one', () => {
  expect(entryObstacles(ready)).toEqual([]);
  expect(entryObstacles({ ...ready, returnPct: -1 })).toEqual([]);
});

test.each<[string, Partial<ModeEntry>]>([
  ['thirteen days', { createdAt: epochMs(NOW - 14 * DAY + 1) }],
  [
    'no gates',
    { gates: { at: epochMs(NOW - 1_000), version: 'v1', gates: { ...gates, G04: false } } },
  ],
  ['gates of a day ago', { gates: { at: epochMs(NOW - DAY), version: 'v1', gates } }],
  ['gates of other code', { gates: { at: epochMs(NOW - 1_000), version: 'v0', gates } }],
  ['a loss', { returnPct: -1.01 }],
  ['a small loss over few trades', { returnPct: -0.5, trades: 29 }],
  ['no result', { returnPct: null }],
  ['a critical alert', { criticalAlerts: 1 }],
  ['an open breaker', { openBreakers: 1 }],
  ['an emergency stop', { emergencyStop: true }],
  ['no comparison with the venue', { reconciledAt: null }],
  ['an old one', { reconciledAt: epochMs(NOW - 60_001) }],
])('RSK-06 RSK-111 with %s it stays small', (_, change) => {
  expect(entryObstacles({ ...ready, ...change })).toHaveLength(1);
});

test('RSK-06 gates that were never judged are missing altogether', () => {
  expect(entryObstacles({ ...ready, gates: null })).toHaveLength(2);
});
