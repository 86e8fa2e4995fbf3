import { usageDayDoc } from '@tradewind/contracts/documents/system';
import { paths, usageDayId } from '@tradewind/contracts/paths';
import { dayStart, epochMs, type EpochMs } from '@tradewind/core/lib/time';
import type { Store } from '../ledger/store.ts';
import { addUsage, NO_USAGE, ofMarkets, type Usage } from '../ledger/usage-meter.ts';
import { logUsage, type Log } from './log.ts';

/** How often one process adds what it used to the day's document, wall clock. */
export const FLUSH_MS = 300_000;

type Parts = {
  readonly store: Store;
  readonly clock: { readonly wallNow: () => EpochMs };
  readonly log: Log;
  /** Under which name of `usage/{day}` it is counted, such as `worker-0` or a function's name. */
  readonly component: string;
};

export type UsageReport = {
  /** Logs what was used since the last call; the first time, and then once in five minutes, also adds it to the day. Never throws. */
  readonly report: () => Promise<void>;
  /** Adds the rest: before the process ends. */
  readonly close: () => Promise<void>;
};

/** What is added; when counting began stays as the first of all processes has said. */
const addedDoc = usageDayDoc.omit({ since: true });

const written = ({ total, groups, markets, topics }: Usage, component: string, at: EpochMs) => ({
  day: usageDayId(at),
  components: { [component]: total },
  groups: { ...groups },
  markets: { ...markets },
  topics: { ...topics },
  updatedAt: at,
});

/**
 * Tells what this process reads and writes: to the log at each call, and to `usage/{day}` at the first and then at most
 * once in five minutes. The write that tells is itself counted, in the next one.
 */
export function createUsageReport({ store, clock, log, component }: Parts): UsageReport {
  let flushedAt: EpochMs | null = null;
  const openedAt = clock.wallNow();
  let untold = NO_USAGE;
  let begun = '';
  const begin = async (day: string, since: EpochMs): Promise<void> => {
    if (begun === day) return;
    const empty = {
      day,
      components: {},
      groups: {},
      markets: {},
      topics: {},
      since,
      updatedAt: since,
    };
    await store.create(paths.usageDay(day), usageDayDoc, empty);
    begun = day;
  };
  const tell = (): void => {
    const usage = store.usage.take();
    untold = addUsage(untold, usage);
    const { total, groups, topics } = usage;
    logUsage(log, { ...total, groups, topics, markets: ofMarkets(usage) });
  };
  const flush = async (): Promise<void> => {
    const now = clock.wallNow();
    const usage = untold;
    const since = epochMs(Math.max(dayStart(now), flushedAt ?? openedAt));
    [flushedAt, untold] = [now, NO_USAGE];
    const { reads, writes, deletes } = usage.total;
    if (reads + writes + deletes === 0 && Object.keys(usage.topics).length === 0) return;
    try {
      const day = usageDayId(now);
      await begin(day, since);
      await store.add(paths.usageDay(day), addedDoc, written(usage, component, now));
    } catch (error) {
      // A meter must not stop what it measures; these counts stay in the log alone.
      log.warn('usage could not be added to the day', {
        error: error instanceof Error ? error.message : String(error),
      });
    }
  };
  return {
    report: async () => {
      tell();
      // At once, too: many instances of functions live for one invocation.
      if (flushedAt === null || clock.wallNow() - flushedAt >= FLUSH_MS) await flush();
    },
    close: async () => {
      tell();
      await flush();
    },
  };
}
