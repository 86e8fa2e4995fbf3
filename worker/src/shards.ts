import type { EpochMs } from '@tradewind/core/lib/time';

/** Name of a shard's lease, heartbeat and board. */
export const shardName = (index: number): string => `worker-${index}`;

/** FNV-1a of a text, 32 bits: the same in every process and version. */
export function stableHash(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1)
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return hash;
}

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
