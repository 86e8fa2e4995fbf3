import type { Store } from '@tradewind/adapters/ledger/store';
import { chunkDoc } from '@tradewind/contracts/documents/market';
import { chunkId, paths } from '@tradewind/contracts/paths';
import { bucketStart, minutes, type EpochMs } from '@tradewind/core/lib/time';
import type { Candle, Origin } from '@tradewind/core/market/market';

const HOUR = minutes(60);

/** Candles of one hour by opening time. */
type Hour = Map<number, Candle>;

/** Stored candles of one market, of which this process is the only writer while it holds the lease. */
export type ChunkWriter = {
  /** Adds candles to the documents of their hours: one write each, and one read when first met. */
  readonly append: (candles: readonly Candle[]) => Promise<void>;
};

/** What the stream built beats what REST told of the same minute. */
function merge(hour: Hour, candles: readonly Candle[]): boolean {
  let changed = false;
  for (const candle of candles) {
    const known = hour.get(candle.openAt);
    if (known !== undefined && (candle.gapFilled || !known.gapFilled)) continue;
    hour.set(candle.openAt, candle);
    changed = true;
  }
  return changed;
}

const ordered = (hour: Hour): Candle[] => [...hour.values()].sort((a, b) => a.openAt - b.openAt);

/** Hours that stay in memory: this one, and the one before for what closes late. */
const KEPT_HOURS = 2;

export function createChunkWriter(
  store: Pick<Store, 'get' | 'set'>,
  market: { readonly marketKey: string; readonly origin: Origin },
  wallNow: () => EpochMs,
): ChunkWriter {
  const { marketKey, origin } = market;
  const hours = new Map<number, Hour>();
  const pathOf = (hourAt: EpochMs): string => paths.chunk(marketKey, chunkId(hourAt));
  const hourOf = async (hourAt: EpochMs): Promise<Hour> => {
    const known = hours.get(hourAt);
    if (known !== undefined) return known;
    const stored = await store.get(pathOf(hourAt), chunkDoc);
    const hour: Hour = new Map((stored?.candles ?? []).map((candle) => [candle.openAt, candle]));
    hours.set(hourAt, hour);
    const [oldest] = [...hours.keys()].sort((a, b) => a - b);
    if (hours.size > KEPT_HOURS && oldest !== undefined && oldest !== hourAt) hours.delete(oldest);
    return hour;
  };
  return {
    append: async (candles) => {
      for (const hourAt of new Set(candles.map(({ openAt }) => bucketStart(openAt, HOUR)))) {
        const added = candles.filter(({ openAt }) => bucketStart(openAt, HOUR) === hourAt);
        const hour = await hourOf(hourAt);
        if (!merge(hour, added)) continue;
        try {
          await store.set(pathOf(hourAt), chunkDoc, {
            marketKey,
            timeframe: '1m',
            hourAt,
            candles: ordered(hour),
            origin,
            updatedAt: wallNow(),
          });
        } catch (error) {
          // Memory is ahead of the document now: read it again before the next try.
          hours.delete(hourAt);
          throw error;
        }
      }
    },
  };
}
