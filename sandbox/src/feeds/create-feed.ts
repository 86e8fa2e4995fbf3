import type { EpochMs } from '@tradewind/core/lib/time';
import { createFileFeed } from './file-feed.ts';
import type { Feed } from './feed.ts';
import { createPushFeed, type PushFeed } from './push-feed.ts';
import { createRateFeed } from './rate-feed.ts';
import { createSimulatedFeed } from './simulated-feed.ts';

export type FeedOptions = {
  readonly feed: string;
  readonly symbols: readonly string[];
  readonly seed: number;
  readonly now: EpochMs;
  readonly symbol?: string;
  readonly market?: string;
  readonly snapshot?: unknown;
};

export type OpenFeed = {
  readonly feed: Feed;
  readonly push: PushFeed['push'] | null;
  /** Where a replay's clock starts by itself; `null` where it is the wall clock. */
  readonly firstAt: EpochMs | null;
};

/** Opens the feed that an option such as `file:trades.csv.gz` names. @throws RangeError for any other. */
export async function createFeed(options: FeedOptions): Promise<OpenFeed> {
  const { feed, symbols } = options;
  if (feed === 'sandbox') return { feed: createSimulatedFeed(options), push: null, firstAt: null };
  if (feed === 'push') {
    const pushed = createPushFeed(symbols);
    return { feed: pushed, push: pushed.push, firstAt: null };
  }
  if (feed.startsWith('file:')) {
    const file = await createFileFeed({ ...options, path: feed.slice('file:'.length) });
    return { feed: file, push: null, firstAt: file.report().firstAt };
  }
  const rate = /^rate:(\d+(?:\.\d+)?)$/.exec(feed)?.[1];
  if (rate !== undefined) {
    const fed = createRateFeed({ ...options, perSecond: Number(rate) });
    return { feed: fed, push: null, firstAt: null };
  }
  throw new RangeError(
    `The feed "${feed}" is not known. Use sandbox, push, rate:TRADES_PER_SECOND or file:PATH.`,
  );
}
