import type { TopicCounts } from '@tradewind/contracts/documents/system';
import { LATENCY_BOUNDS, TOPICS } from '@tradewind/contracts/topics';
import { mergeBy } from '@tradewind/core/lib/merge-by';

/** One delivery to a subscriber; its latency is `null` where the platform did not say when it was published. */
export type Delivered = { readonly latencyMs: number | null; readonly failed: boolean };

const NONE: TopicCounts = { published: 0, delivered: 0, failed: 0, latencies: {} };

const classOf = (latencyMs: number): string =>
  String(LATENCY_BOUNDS.find((bound) => latencyMs <= bound) ?? 'more');

const sum = (a: TopicCounts, b: TopicCounts): TopicCounts => ({
  published: a.published + b.published,
  delivered: a.delivered + b.delivered,
  failed: a.failed + b.failed,
  latencies: mergeBy(a.latencies, b.latencies, (x, y) => x + y),
});

export type Topics = Readonly<Record<string, TopicCounts>>;

/** Two takings as one. */
export const addTopics = (a: Topics, b: Topics): Topics => mergeBy(a, b, sum);

/** True where writing a document of `group` publishes an event. */
export const publishes = (group: string, isNew: boolean): boolean => {
  const by = TOPICS[group]?.by;
  return by === 'write' || (by === 'creation' && isNew);
};

export const publishedOnce: TopicCounts = { ...NONE, published: 1 };

export const deliveredOnce = ({ latencyMs, failed }: Delivered): TopicCounts => ({
  published: 0,
  delivered: failed ? 0 : 1,
  failed: failed ? 1 : 0,
  latencies: latencyMs === null ? {} : { [classOf(latencyMs)]: 1 },
});
