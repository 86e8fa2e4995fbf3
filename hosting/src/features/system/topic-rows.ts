import type { TopicCounts, UsageDayDoc } from '@tradewind/contracts/documents/system';
import { LATENCY_BOUNDS, TOPICS } from '@tradewind/contracts/topics';

/** A topic's day; percentiles are the upper bounds of their classes, ms, `Infinity` above the last one. */
export type TopicRow = Omit<TopicCounts, 'latencies'> & {
  readonly topic: string;
  readonly subscribers: readonly string[];
  /** `null` before anything was delivered. */
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
};

const NONE: TopicCounts = { published: 0, delivered: 0, failed: 0, latencies: {} };

function percentile(latencies: TopicCounts['latencies'], share: number): number | null {
  const total = Object.values(latencies).reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  let below = 0;
  for (const bound of LATENCY_BOUNDS) {
    below += latencies[bound] ?? 0;
    if (below >= share * total) return bound;
  }
  return Infinity;
}

/** Every topic there is, those that were busiest first (ARC-56). */
export const topicRows = ({ topics }: UsageDayDoc): readonly TopicRow[] =>
  [...new Set([...Object.keys(TOPICS), ...Object.keys(topics)])]
    .map((topic): TopicRow => {
      const { latencies, ...counts } = topics[topic] ?? NONE;
      return {
        topic,
        ...counts,
        subscribers: TOPICS[topic]?.subscribers ?? [],
        p50Ms: percentile(latencies, 0.5),
        p95Ms: percentile(latencies, 0.95),
      };
    })
    .sort((a, b) => b.published + b.delivered - (a.published + a.delivered));
