import type { TopicCounts } from '@tradewind/contracts/documents/system';
import { LATENCY_BOUNDS, TOPICS } from '@tradewind/contracts/topics';

/** One delivery to a subscriber; its latency is `null` where the platform did not say when it was published. */
export type Delivered = { readonly latencyMs: number | null; readonly failed: boolean };

const NONE: TopicCounts = { published: 0, delivered: 0, failed: 0, latencies: {} };

const classOf = (latencyMs: number): string =>
  String(LATENCY_BOUNDS.find((bound) => latencyMs <= bound) ?? 'more');

type Latencies = TopicCounts['latencies'];

const summedBy = (a: Latencies, b: Latencies): Latencies => {
  const all = { ...a };
  for (const [name, count] of Object.entries(b)) all[name] = (all[name] ?? 0) + count;
  return all;
};

const sum = (a: TopicCounts, b: TopicCounts): TopicCounts => ({
  published: a.published + b.published,
  delivered: a.delivered + b.delivered,
  failed: a.failed + b.failed,
  latencies: summedBy(a.latencies, b.latencies),
});

export type Topics = Readonly<Record<string, TopicCounts>>;

/** Two takings as one. */
export function addTopics(a: Topics, b: Topics): Topics {
  const all: Record<string, TopicCounts> = { ...a };
  for (const [name, counts] of Object.entries(b)) all[name] = sum(all[name] ?? NONE, counts);
  return all;
}

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
