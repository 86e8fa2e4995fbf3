import { usageDay } from '../../testing/market-documents.ts';
import { topicRows } from './topic-rows.ts';

test('ARC-56 a percentile is the upper bound of its class', () => {
  const [signals, ...rest] = topicRows(
    usageDay({
      topics: {
        signals: {
          ...{ published: 20, delivered: 19, failed: 1 },
          latencies: { '10': 9, '100': 10, more: 1 },
        },
      },
    }),
  );
  expect(signals).toEqual({
    ...{ topic: 'signals', subscribers: ['decideSignals'] },
    ...{ published: 20, delivered: 19, failed: 1, p50Ms: 100, p95Ms: 100 },
  });
  expect(rest.map(({ topic }) => topic)).toContain('executeIntent');
  expect(rest.every(({ p50Ms, published }) => p50Ms === null && published === 0)).toBe(true);
});

test('ARC-56 what took longer than every class has no upper bound; a topic that is gone still shows', () => {
  const latencies = { more: 1 };
  const topics = { former: { published: 1, delivered: 1, failed: 0, latencies } };
  expect(topicRows(usageDay({ topics }))[0]).toMatchObject({
    ...{ topic: 'former', subscribers: [], p50Ms: Infinity, p95Ms: Infinity },
  });
});
