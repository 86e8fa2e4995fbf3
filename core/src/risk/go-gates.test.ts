import { epochMs } from '../lib/time.ts';
import { GATES, judgeGates, type GateEvidence } from './go-gates.ts';

const DAY = 86_400_000;
const NOW = epochMs(1_795_176_000_000);
const all = (change: Partial<GateEvidence> = {}) =>
  Object.fromEntries(
    GATES.map((gate) => [gate, { passed: true, version: 'v1', at: NOW, ...change }]),
  );
const failed = (evidence: Readonly<Record<string, GateEvidence>>, version = 'v1') =>
  Object.entries(judgeGates(evidence, { version, now: NOW }))
    .filter(([, passed]) => !passed)
    .map(([gate]) => gate);

test('OPS-60 a gate without evidence, or with evidence against it, has not passed', () => {
  expect(failed(all())).toEqual([]);
  expect(failed({})).toEqual(GATES);
  expect(failed({ ...all(), G04: { passed: false, version: 'v1', at: NOW } })).toEqual(['G04']);
  expect(failed(all({ at: epochMs(NOW + 1) }))).toEqual(GATES);
});

test('OPS-60 other code has to show it again, all but drills, which are good for thirty days', () => {
  expect(failed(all(), 'v2')).toEqual(
    GATES.filter((gate) => !['G09', 'G15', 'G19'].includes(gate)),
  );
  expect(failed(all({ at: epochMs(NOW - 30 * DAY + 1) }))).toEqual([]);
  expect(failed(all({ at: epochMs(NOW - 30 * DAY) }))).toEqual(['G09', 'G15', 'G19']);
});
