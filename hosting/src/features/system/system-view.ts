import type {
  FeedRecord,
  HeartbeatDoc,
  UsageCounts,
  UsageDayDoc,
} from '@tradewind/contracts/documents/system';
import { ASSUMED, monthOf, type Month } from '@tradewind/core/cost/month';
import { LIST_PRICES } from '@tradewind/core/cost/prices';
import { NO_OPERATIONS, summed, type Workload } from '@tradewind/core/cost/workload';
import type { EpochMs } from '@tradewind/core/lib/time';
import { freshness, type Freshness } from '../../lib/freshness.ts';

/** A component's last sign of life, and one line for each of its connections. */
export type FeedRow = {
  readonly id: string;
  readonly component: string;
  readonly status: HeartbeatDoc['status'];
  readonly detail: string;
  readonly beat: Freshness;
  readonly feed: FeedRecord | null;
  /** Wall milliseconds since its last message; `null` when it never had one. */
  readonly messageAge: number | null;
};

/** Every component; a worker's shard has a row for each venue it listens to (MD-67). */
export function feedRows(beats: readonly HeartbeatDoc[], now: EpochMs): readonly FeedRow[] {
  return [...beats]
    .sort((a, b) => (a.component < b.component ? -1 : 1))
    .flatMap(({ component, status, detail, beatAt, maxAgeMs, feeds }): FeedRow[] => {
      const base = { component, status, detail, beat: freshness({ at: beatAt, maxAgeMs }, now) };
      if (feeds === undefined || feeds.length === 0)
        return [{ ...base, id: component, feed: null, messageAge: null }];
      return feeds.map((feed) => ({
        ...base,
        id: `${component} ${feed.venue} ${feed.market}`,
        feed,
        messageAge: feed.lastMessageAt === null ? null : now - feed.lastMessageAt,
      }));
    });
}

/** What a day used so far, and what a month of such days costs. */
export type UsageView = {
  readonly day: UsageDayDoc;
  readonly total: UsageCounts;
  /** Largest first. */
  readonly groups: readonly (readonly [name: string, counts: UsageCounts])[];
  readonly components: readonly (readonly [name: string, counts: UsageCounts])[];
  readonly markets: number;
  readonly month: Month;
  /** Share of a day that was counted, 0 to 1. */
  readonly counted: number;
};

const DAY_MS = 86_400_000;

const byWrites = (counts: UsageDayDoc['groups']) =>
  Object.entries(counts).sort(([, a], [, b]) => b.writes + b.reads - (a.writes + a.reads));

/**
 * A day's usage, and a month at its pace: what was counted until its last telling, as if it went on alike.
 */
export function usageView(
  day: UsageDayDoc | undefined,
  setup: { readonly bots: number; readonly workers: number },
): UsageView | undefined {
  if (day === undefined) return undefined;
  const total = summed(...Object.values(day.components));
  const counted = Math.min(1, Math.max(0, (day.updatedAt - day.since) / DAY_MS));
  const pace = counted > 0 ? 1 / counted : 0;
  const perDeskDay = {
    reads: total.reads * pace,
    writes: total.writes * pace,
    deletes: total.deletes * pace,
    bytesRead: total.bytesRead * pace,
    bytesWritten: total.bytesWritten * pace,
  };
  const workload: Workload = {
    perSymbolDay: NO_OPERATIONS,
    perBotDay: NO_OPERATIONS,
    perShardDay: NO_OPERATIONS,
    perViewerHour: NO_OPERATIONS,
    perDeskDay,
    perHoldingDay: NO_OPERATIONS,
    perPositionDay: NO_OPERATIONS,
    storedBytesPerSymbolDay: 0,
  };
  const size = { ...ASSUMED, symbols: 0, positions: 0, viewers: 0, ...setup };
  return {
    day,
    total,
    groups: byWrites(day.groups),
    components: byWrites(day.components),
    markets: Object.keys(day.markets).length,
    month: monthOf(workload, size, LIST_PRICES),
    counted,
  };
}
