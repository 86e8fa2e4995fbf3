import type { TopicCounts } from '@tradewind/contracts/documents/system';
import { mergeBy } from '@tradewind/core/lib/merge-by';
import { documentSize } from './document-size.ts';
import {
  addTopics,
  deliveredOnce,
  publishedOnce,
  publishes,
  type Delivered,
  type Topics,
} from './topic-counts.ts';

/** Billed operations, and the bytes that went with them. */
export type Counts = {
  readonly reads: number;
  readonly writes: number;
  readonly deletes: number;
  readonly bytesRead: number;
  readonly bytesWritten: number;
};

/**
 * What was counted: all of it, by collection group, and by market where the path names one; and what became of the events
 * that were published by it.
 */
export type Usage = {
  readonly total: Counts;
  readonly groups: Readonly<Record<string, Counts>>;
  readonly markets: Readonly<Record<string, Counts>>;
  readonly topics: Topics;
};

/** Counts what is billed: what a desk costs is measured, not hoped. */
export type UsageMeter = {
  /** One document read; `undefined` for one that does not exist, which is billed as well. */
  readonly read: (path: string, data: object | undefined) => void;
  /** Reads without documents: an empty query, a count. They are of the collection group `none`. */
  readonly readNone: (reads: number) => void;
  /** `isNew` where the document was not there before: in some collections that is an event. */
  readonly write: (path: string, data: object, isNew: boolean) => void;
  readonly remove: (path: string) => void;
  /** An event of `topic` that no document tells of: a task was enqueued. */
  readonly published: (topic: string) => void;
  readonly delivered: (topic: string, delivery: Delivered) => void;
  /** All since the process began. */
  readonly total: () => Counts;
  /** What was counted since the last call, or since the process began. */
  readonly take: () => Usage;
};

const NONE: Counts = { reads: 0, writes: 0, deletes: 0, bytesRead: 0, bytesWritten: 0 };

const sum = (a: Counts, b: Counts): Counts => ({
  reads: a.reads + b.reads,
  writes: a.writes + b.writes,
  deletes: a.deletes + b.deletes,
  bytesRead: a.bytesRead + b.bytesRead,
  bytesWritten: a.bytesWritten + b.bytesWritten,
});

export const NO_USAGE: Usage = { total: NONE, groups: {}, markets: {}, topics: {} };

/** Two takings as one. */
export const addUsage = (a: Usage, b: Usage): Usage => ({
  total: sum(a.total, b.total),
  groups: mergeBy(a.groups, b.groups, sum),
  markets: mergeBy(a.markets, b.markets, sum),
  topics: addTopics(a.topics, b.topics),
});

/** What all markets took together. */
export const ofMarkets = ({ markets }: Usage): Counts => Object.values(markets).reduce(sum, NONE);

/** The collection that holds a document, wherever it is. */
const groupOf = (path: string): string => path.split('/').at(-2) ?? 'none';

/** `markets/{marketKey}` and what is below it. */
const marketOf = (path: string): string | undefined => {
  const [first, key] = path.split('/');
  return first === 'markets' ? key : undefined;
};

/** A meter that has counted nothing. */
export function createUsageMeter(): UsageMeter {
  let total = NONE;
  let pending = NONE;
  const groups = new Map<string, Counts>();
  const markets = new Map<string, Counts>();
  let topics: Topics = {};
  const count = (topic: string, counts: TopicCounts): void => {
    topics = addTopics(topics, { [topic]: counts });
  };
  const add = (group: string, market: string | undefined, counts: Counts): void => {
    total = sum(total, counts);
    pending = sum(pending, counts);
    groups.set(group, sum(groups.get(group) ?? NONE, counts));
    if (market !== undefined) markets.set(market, sum(markets.get(market) ?? NONE, counts));
  };
  const addOf = (path: string, counts: Partial<Counts>): void => {
    add(groupOf(path), marketOf(path), { ...NONE, ...counts });
  };
  return {
    read: (path, data) => {
      const bytesRead = data === undefined ? 0 : documentSize(path, data);
      addOf(path, { reads: 1, bytesRead });
    },
    readNone: (reads) => {
      add('none', undefined, { ...NONE, reads });
    },
    write: (path, data, isNew) => {
      addOf(path, { writes: 1, bytesWritten: documentSize(path, data) });
      const group = groupOf(path);
      if (publishes(group, isNew)) count(group, publishedOnce);
    },
    remove: (path) => {
      addOf(path, { deletes: 1 });
    },
    published: (topic) => {
      count(topic, publishedOnce);
    },
    delivered: (topic, delivery) => {
      count(topic, deliveredOnce(delivery));
    },
    total: () => total,
    take: () => {
      const taken: Usage = {
        total: pending,
        groups: Object.fromEntries(groups),
        markets: Object.fromEntries(markets),
        topics,
      };
      pending = NONE;
      groups.clear();
      markets.clear();
      topics = {};
      return taken;
    },
  };
}
