import type {
  AnalyticsRecord,
  ChunkDoc,
  GapRecord,
  ProfileRecord,
  ZoneRecord,
} from '@tradewind/contracts/documents/market';
import type { EpochMs } from '@tradewind/core/lib/time';
import { toNumber } from '@tradewind/core/lib/units';
import { freshness, type Freshness } from '../../lib/freshness.ts';
import type { Fault, Loaded } from '../../lib/loaded.ts';

/** Order flow of one closed minute (IND-50); `null` where the source does not tell who bought. */
export type FlowMinute = {
  readonly openAt: EpochMs;
  readonly buy: number | null;
  readonly sell: number | null;
  readonly delta: number | null;
  /** Sum of the deltas shown so far. */
  readonly cvd: number | null;
  readonly incomplete: boolean;
  readonly gapFilled: boolean;
};

/** One indicator's values on the timeframes that have it. */
export type ReadingRow = {
  readonly name: string;
  readonly values: Readonly<Partial<Record<string, number | null>>>;
};

export type MarketView =
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'empty'; readonly faults: readonly Fault[] }
  | {
      readonly kind: 'known';
      readonly faults: readonly Fault[];
      readonly live: boolean;
      readonly age: Freshness;
      readonly origin: ChunkDoc['origin'];
      readonly minutes: readonly FlowMinute[];
      readonly analytics: AnalyticsRecord | null;
      readonly profiles: readonly ProfileRecord[];
      readonly zones: readonly ZoneRecord[];
      readonly gaps: readonly GapRecord[];
      readonly readings: readonly ReadingRow[];
    };

/** Minutes of order flow that are shown. */
const SHOWN_MINUTES = 60;
/** Columns of the readings, and where a value without a timeframe stands. */
export const FRAMES = ['15s', '1m', '5m', '15m', '1h'] as const;
export const NO_FRAME = 'stream';

function minutesOf(chunks: readonly ChunkDoc[]): readonly FlowMinute[] {
  const candles = chunks
    .flatMap((chunk) => chunk.candles)
    .sort((a, b) => a.openAt - b.openAt)
    .slice(-SHOWN_MINUTES);
  let cvd = 0;
  return candles.map(({ openAt, volume, buyVolume, incomplete, gapFilled }) => {
    const marks = { openAt, incomplete, gapFilled };
    if (buyVolume === null) return { ...marks, buy: null, sell: null, delta: null, cvd: null };
    const [buy, all] = [toNumber(buyVolume), toNumber(volume)];
    const delta = buy - (all - buy);
    cvd += delta;
    return { ...marks, buy, sell: all - buy, delta, cvd };
  });
}

/** `RSI_14@1m` as a row's name and its column. */
const splitName = (name: string): readonly [string, string] => {
  const [row = name, frame = NO_FRAME] = name.split('@');
  return [row, frame];
};

function readingsOf(analytics: AnalyticsRecord | null): readonly ReadingRow[] {
  const rows = new Map<string, Record<string, number | null>>();
  for (const [name, value] of Object.entries(analytics?.readings ?? {})) {
    const [row, frame] = splitName(name);
    rows.set(row, { ...rows.get(row), [frame]: value });
  }
  return [...rows]
    .map(([name, values]) => ({ name, values }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Bought over sold volume of the last minute that traded (IND-51); `null` where it is not known or nothing was sold. */
export function imbalanceOf(minutes: readonly FlowMinute[]): number | null {
  const last = minutes.findLast(({ buy, sell }) => (buy ?? 0) + (sell ?? 0) > 0);
  if (last === undefined || last.buy === null || last.sell === null || last.sell === 0) return null;
  return last.buy / last.sell;
}

/** Decides what the market's page shows, from its chunks, newest first. */
export function marketView(chunks: Loaded<ChunkDoc>, now: EpochMs): MarketView {
  if (chunks.status === 'pending') return { kind: 'loading' };
  if (chunks.status === 'error') return { kind: 'failed', message: chunks.message };
  const newest = [...chunks.data].sort((a, b) => b.hourAt - a.hourAt);
  const [latest] = newest;
  if (latest === undefined) return { kind: 'empty', faults: chunks.faults };
  // A new hour begins with a chunk that has no analytics yet: those of the hour before still are the latest.
  const analysed = newest.find(({ analytics }) => analytics !== null) ?? latest;
  return {
    kind: 'known',
    faults: chunks.faults,
    live: chunks.live,
    age: freshness({ at: latest.updatedAt, maxAgeMs: latest.maxAgeMs }, now),
    origin: latest.origin,
    minutes: minutesOf(newest),
    analytics: analysed.analytics,
    profiles: analysed.profiles,
    zones: analysed.zones,
    gaps: analysed.gaps,
    readings: readingsOf(analysed.analytics),
  };
}
