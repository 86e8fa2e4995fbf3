import { operations } from '@tradewind/core/cost/workload';
import { inTime, spanOf, usageLines } from './usage-log.ts';

const T0 = Date.UTC(2026, 10, 20, 12);
const used = (writes: number) => operations({ writes, bytesWritten: 100 * writes });

const line = (second: number, writes: number): string =>
  JSON.stringify({
    kind: 'usage',
    ...used(writes),
    groups: { chunks: used(writes) },
    markets: used(writes),
    severity: 'INFO',
    time: new Date(T0 + 1_000 * second).toISOString(),
    component: 'worker',
    message: 'usage',
  });

const LOG = [
  line(0, 7),
  'not JSON that says "usage"',
  '{"kind":"usage","time":"yesterday"}',
  line(5, 1),
  '{"severity":"INFO","message":"usage of something else"}',
  line(10, 2),
  line(15, 4),
].join('\n');

test('only whole usage lines count', () => {
  expect(usageLines(LOG).map(({ writes }) => writes)).toEqual([7, 1, 2, 4]);
});

test('a span is from the line before its start to the last line within it', () => {
  const span = spanOf(usageLines(LOG), T0 + 1_000, T0 + 10_000);
  expect(span).toMatchObject({ ms: 10_000, total: used(3), markets: used(3) });
  expect(span?.groups['chunks']).toEqual(used(3));
  expect(span === undefined ? 0 : inTime(span.total, span, 60_000).writes).toBe(18);
});

test.each([
  ['the log begins later', T0 - 1, T0 + 10_000],
  ['nothing was said yet', T0 + 15_000, T0 + 16_000],
])('there is no span where %s', (_, from, to) => {
  expect(spanOf(usageLines(LOG), from, to)).toBeUndefined();
});
