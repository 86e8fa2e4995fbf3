import { epochMs, type EpochMs } from '@tradewind/core/lib/time';
import * as z from 'zod';
import { instrumentOf } from '../symbols.ts';
import type { Feed, FeedPrint, FeedReport } from './feed.ts';
import { readRecording, type Recording, type RecordingOptions } from './recording.ts';

const snapshotSchema = z.strictObject({ releasedTo: z.int() });

/** First and last trade of a recording. */
function spanOf({ entries }: Recording): { firstAt: EpochMs | null; lastAt: EpochMs | null } {
  const trading = (entry: Recording['entries'][number]) => entry.prints();
  const first = entries.find((entry) => trading(entry).length > 0);
  const last = entries.findLast((entry) => trading(entry).length > 0);
  return {
    firstAt: first?.prints()[0]?.at ?? null,
    lastAt: last?.prints().at(-1)?.at ?? null,
  };
}

/** Replays a recording: each trade is released when the market's clock reaches its time. */
export async function createFileFeed(
  options: RecordingOptions & { readonly snapshot?: unknown },
): Promise<Feed> {
  const recording = await readRecording(options);
  const { entries, grids } = recording;
  const { firstAt, lastAt } = spanOf(recording);
  const instruments = [...grids].flatMap(([symbol, grid]) => instrumentOf(symbol, grid) ?? []);
  let releasedTo =
    options.snapshot == null ? -1 : snapshotSchema.parse(options.snapshot).releasedTo;
  let index = 0;
  let waiting: FeedPrint[] = [];
  const report = (): FeedReport => ({
    kind: 'file',
    ended: index >= entries.length && waiting.length === 0,
    firstAt,
    lastAt,
    badRows: recording.badRows.length,
  });
  return {
    instruments,
    take: (now) => {
      let entry = entries[index];
      while (entry !== undefined && entry.at <= now) {
        waiting.push(...entry.prints().filter(({ at }) => at > releasedTo));
        index += 1;
        entry = entries[index];
      }
      const due = waiting.filter(({ at }) => at <= now).sort((a, b) => a.at - b.at);
      if (due.length > 0) waiting = waiting.filter(({ at }) => at > now);
      releasedTo = Math.max(releasedTo, now);
      return due;
    },
    report,
    snapshot: () => ({ releasedTo }),
  };
}

/** What `--inspect` prints: which markets a recording has, from when to when, and how much of it. */
export async function inspectFile(options: RecordingOptions) {
  const recording = await readRecording(options);
  const { firstAt, lastAt } = spanOf(recording);
  return {
    symbols: [...recording.grids.keys()],
    layout: recording.layout,
    firstAt: firstAt ?? epochMs(0),
    lastAt: lastAt ?? epochMs(0),
    trades: recording.entries.reduce((sum, entry) => sum + entry.prints().length, 0),
    badRows: recording.badRows.length,
  };
}
