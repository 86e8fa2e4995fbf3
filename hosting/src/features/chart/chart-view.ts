import type { ChunkDoc, LivePriceDoc } from '@tradewind/contracts/documents/market';
import type { EpochMs } from '@tradewind/core/lib/time';
import { freshness } from '../../lib/freshness.ts';
import type { Fault, Loaded } from '../../lib/loaded.ts';
import type { Bar } from './bars.ts';

export type ChartView =
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'empty' }
  | { readonly kind: 'bars'; readonly faults: readonly Fault[]; readonly stale: boolean };

/** Decides what the panel shows: stale unless the market's price is known to be fresh. */
export function chartView(
  chunks: Loaded<ChunkDoc>,
  bars: readonly Bar[],
  price: { readonly live: LivePriceDoc | undefined; readonly now: EpochMs },
): ChartView {
  if (chunks.status === 'pending') return { kind: 'loading' };
  if (chunks.status === 'error') return { kind: 'failed', message: chunks.message };
  if (bars.length === 0 && chunks.faults.length === 0) return { kind: 'empty' };
  const { live, now } = price;
  const stamp = live === undefined ? undefined : { at: live.writtenAt, maxAgeMs: live.maxAgeMs };
  return {
    kind: 'bars',
    faults: chunks.faults,
    stale: !chunks.live || freshness(stamp, now).kind !== 'fresh',
  };
}
