import type { ChunkDoc, LivePriceDoc } from '@tradewind/contracts/documents/market';
import { bucketStart, durationMs, type EpochMs } from '@tradewind/core/lib/time';
import { toNumber } from '@tradewind/core/lib/units';

/** A candle for drawing: floats, because a pixel is coarser than they are. */
export type Bar = {
  readonly openAt: EpochMs;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
};

const MINUTE = durationMs(60_000);

/** Closed one-minute bars of all chunks, oldest first, each minute once. */
export function barsOf(chunks: readonly ChunkDoc[]): readonly Bar[] {
  const byTime = new Map<number, Bar>();
  for (const { candles } of chunks)
    for (const { openAt, open, high, low, close, volume } of candles)
      byTime.set(openAt, {
        openAt,
        open: toNumber(open),
        high: toNumber(high),
        low: toNumber(low),
        close: toNumber(close),
        volume: toNumber(volume),
      });
  return [...byTime.values()].sort((a, b) => a.openAt - b.openAt);
}

/**
 * The minute that is forming, after one more price: it moves high, low and close, never the open
 * (UI-20). A price of an older minute changes nothing. Its volume is not known until it closes.
 */
export function formingNext(forming: Bar | null, live: LivePriceDoc): Bar {
  const openAt = bucketStart(live.at, MINUTE);
  const px = toNumber(live.price);
  if (forming === null || openAt > forming.openAt)
    return { openAt, open: px, high: px, low: px, close: px, volume: 0 };
  if (openAt < forming.openAt) return forming;
  return {
    ...forming,
    high: Math.max(forming.high, px),
    low: Math.min(forming.low, px),
    close: px,
  };
}

/** One-minute bars as bars of `size`, the last one with what there is of it so far. */
export function grouped(bars: readonly Bar[], size: number): readonly Bar[] {
  const groups: Bar[] = [];
  for (const bar of bars) {
    const openAt = bucketStart(bar.openAt, durationMs(size));
    const last = groups.at(-1);
    if (last?.openAt === openAt)
      groups[groups.length - 1] = {
        ...last,
        high: Math.max(last.high, bar.high),
        low: Math.min(last.low, bar.low),
        close: bar.close,
        volume: last.volume + bar.volume,
      };
    else groups.push({ ...bar, openAt });
  }
  return groups;
}

/** Closed bars, and behind them the forming one unless its minute has closed meanwhile. */
export function withForming(closed: readonly Bar[], forming: Bar | null): readonly Bar[] {
  const last = closed.at(-1);
  const newer = forming !== null && (last === undefined || forming.openAt > last.openAt);
  return newer ? [...closed, forming] : closed;
}
