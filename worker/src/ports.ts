import type { ExecutionPorts } from '@tradewind/adapters/execution/ports';
import type { TradeFeed, Venue } from '@tradewind/adapters/venue/venue';
import type { Origin } from '@tradewind/core/market/market';

/** A market that somebody trades or holds. */
export type Followed = { readonly marketKey: string; readonly symbol: string };

/** What the worker reaches the world through. */
export type WorkerPorts = ExecutionPorts & {
  readonly venue: Venue;
  /** Where its prices come from: never `live` on the local desk (ARC-26). */
  readonly origin: Origin;
  readonly openFeed: () => TradeFeed;
  /** In [0, 1): jitter of pauses. */
  readonly random: () => number;
  readonly workerLeaseMs: number;
  readonly version: string;
};
