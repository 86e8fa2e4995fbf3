import type { ChunkDoc } from '@tradewind/contracts/documents/market';
import type { DumpMemory } from '@tradewind/core/portfolio/dump';
import type { DumpMarket } from '@tradewind/core/portfolio/dump-inputs';

/** What looks for dumps remember: what they have read of markets, and what they have seen of positions. */
export type DumpWatch = {
  /** By market key, good until a market time. */
  readonly markets: Map<string, { readonly readUntil: number; readonly market: DumpMarket }>;
  /** Hours that are over, by path. */
  readonly hours: Map<string, ChunkDoc>;
  /** By path. */
  readonly positions: Map<string, DumpMemory>;
};

/** A watch that has seen nothing; a look without one of its own sees what holds at the moment. */
export const createDumpWatch = (): DumpWatch => ({
  markets: new Map(),
  hours: new Map(),
  positions: new Map(),
});
