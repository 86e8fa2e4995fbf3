import { stableHash } from '@tradewind/core/lib/stable-hash';
import type { EpochMs } from '@tradewind/core/lib/time';

/** Name of a shard's lease, heartbeat and board. */
export const shardName = (index: number): string => `worker-${index}`;

/** The shard of `count` that follows a market (docs/adr/0015). */
export const shardOf = (marketKey: string, count: number): number => stableHash(marketKey) % count;

/** Terms of a lease that a shard stays free before a process takes it that has its share already. */
const TAKEOVER_TERMS = 3;

/**
 * Whether a process that holds `held` shards takes one that has been free since `freeSince`: at once
 * up to its share, and beyond it only when nobody else came in three terms of the lease.
 */
export const mayTake = (
  shard: { readonly held: number; readonly share: number; readonly leaseMs: number },
  freeSince: EpochMs,
  now: EpochMs,
): boolean => shard.held < shard.share || now - freeSince >= TAKEOVER_TERMS * shard.leaseMs;
