import type { Feed } from './feed.ts';
import type { FeedOptions } from './create-feed.ts';

export async function createFileFeed(
  options: FeedOptions & { readonly path: string },
): Promise<Feed> {
  throw new RangeError(`${options.path}: not yet`);
}
