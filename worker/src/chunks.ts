import type { Store } from '@tradewind/adapters/ledger/store';
import { CHUNK_KEPT_MS, chunkDoc, type ChunkDoc } from '@tradewind/contracts/documents/market';
import { chunkId, paths } from '@tradewind/contracts/paths';
import {
  bucketStart,
  durationMs,
  epochMs,
  later,
  minutes,
  type EpochMs,
} from '@tradewind/core/lib/time';
import type { Candle, Origin } from '@tradewind/core/market/market';

const MINUTE = minutes(1);
const HOUR = minutes(60);
/** Three times the pace at which a minute's candle is added (ARC-40). */
const MAX_AGE_MS = 180_000;
const CHUNK_KEPT = durationMs(CHUNK_KEPT_MS);

/** What a chunk tells beside its candles: the latest, as of its last one. */
export type ChunkExtras = Pick<
  ChunkDoc,
  'profiles' | 'zones' | 'gaps' | 'analytics' | 'venueAt' | 'receivedAt'
>;

/** One hour in memory: its candles by opening time, and the rest of its document. */
type Hour = { readonly candles: Map<number, Candle>; extras: ChunkExtras | null };

/** Stored candles of one market, of which this process is the only writer while it holds the lease. */
export type ChunkWriter = {
  /**
   * Adds candles to the documents of their hours, one write each; the newest also gets `extras`.
   * A candle that says something else than the stored one is its next revision (MD-33).
   */
  readonly append: (candles: readonly Candle[], extras: ChunkExtras) => Promise<void>;
  /** End of the newest candle that is stored in the hours up to `now`; `null` where there is none. */
  readonly storedUntil: (now: EpochMs) => Promise<EpochMs | null>;
};

/** The numbers of a candle; flags say how it came about, not what it says. */
const saysTheSame = (a: Candle, b: Candle): boolean =>
  a.open === b.open &&
  a.high === b.high &&
  a.low === b.low &&
  a.close === b.close &&
  a.volume === b.volume &&
  a.quoteVolume === b.quoteVolume &&
  a.trades === b.trades &&
  a.incomplete === b.incomplete;

/**
 * What takes the place of a stored candle; `undefined` where that one stays. A candle that lacks trades
 * gives way to any that does not; the venue's own to one that was built from trades, which tells more;
 * one rebuilt after a gap to the venue's, where they differ (MD-46).
 */
function succeed(known: Candle | undefined, candle: Candle): Candle | undefined {
  if (known === undefined) return candle;
  const next = { ...candle, revision: known.revision + 1 };
  if (known.incomplete !== candle.incomplete) return known.incomplete ? next : undefined;
  if (known.source === 'venue' && candle.source === 'trades') return next;
  if (saysTheSame(known, candle)) return undefined;
  if (candle.source === 'venue')
    return known.source === 'venue' || known.gapFilled ? next : undefined;
  return candle.trades >= known.trades ? next : undefined;
}

function merge({ candles }: Hour, added: readonly Candle[]): boolean {
  let changed = false;
  for (const candle of added) {
    const next = succeed(candles.get(candle.openAt), candle);
    if (next === undefined) continue;
    candles.set(candle.openAt, next);
    changed = true;
  }
  return changed;
}

const ordered = ({ candles }: Hour): Candle[] =>
  [...candles.values()].sort((a, b) => a.openAt - b.openAt);

/** Hours that stay in memory: this one, and the one before for what closes late. */
const KEPT_HOURS = 2;

/** What a chunk holds, but for whose it is. */
const documentOf = (hour: Hour, extras: ChunkExtras, now: EpochMs) => ({
  timeframe: '1m' as const,
  candles: ordered(hour),
  profiles: extras.profiles,
  zones: extras.zones,
  gaps: extras.gaps,
  analytics: extras.analytics,
  venueAt: extras.venueAt,
  receivedAt: extras.receivedAt,
  updatedAt: now,
  maxAgeMs: MAX_AGE_MS,
  expiresAt: later(now, CHUNK_KEPT),
});

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
    const candles = new Map((stored?.candles ?? []).map((candle) => [candle.openAt, candle]));
    const hour: Hour = { candles, extras: stored ?? null };
    hours.set(hourAt, hour);
    const [oldest] = [...hours.keys()].sort((a, b) => a - b);
    if (hours.size > KEPT_HOURS && oldest !== undefined && oldest !== hourAt) hours.delete(oldest);
    return hour;
  };
  const write = async (hourAt: EpochMs, hour: Hour, extras: ChunkExtras): Promise<void> => {
    const doc = { ...documentOf(hour, extras, wallNow()), marketKey, hourAt, origin };
    await store.set(pathOf(hourAt), chunkDoc, doc);
    hour.extras = extras;
  };
  return {
    append: async (candles, extras) => {
      const starts = [...new Set(candles.map(({ openAt }) => bucketStart(openAt, HOUR)))];
      const newest = Math.max(...starts);
      for (const hourAt of starts.sort((a, b) => a - b)) {
        const added = candles.filter(({ openAt }) => bucketStart(openAt, HOUR) === hourAt);
        const hour = await hourOf(hourAt);
        if (!merge(hour, added)) continue;
        const own = hourAt === newest ? extras : (hour.extras ?? withoutAnalytics(extras));
        try {
          await write(hourAt, hour, own);
        } catch (error) {
          // Memory is ahead of the document now: read it again before the next try.
          hours.delete(hourAt);
          throw error;
        }
      }
    },
    storedUntil: async (now) => {
      const hourAt = bucketStart(now, HOUR);
      for (const start of [hourAt, epochMs(Math.max(0, hourAt - HOUR))]) {
        const last = ordered(await hourOf(start)).at(-1);
        if (last !== undefined) return later(last.openAt, MINUTE);
      }
      return null;
    },
  };
}

/** An hour of history: candles that the venue told, of which nothing was seen as it happened. */
const withoutAnalytics = ({ receivedAt }: ChunkExtras): ChunkExtras => ({
  profiles: [],
  zones: [],
  gaps: [],
  analytics: null,
  venueAt: null,
  receivedAt,
});
