import {
  bucketStart,
  epochMs,
  later,
  minutes,
  seconds,
  type EpochMs,
} from '@tradewind/core/lib/time';
import type { Candle } from '@tradewind/core/market/market';
import type { WorkerPorts } from './ports.ts';

/** MD-47: enough closed candles for the longest indicator to settle. */
const HISTORY_BARS = 600;
const MINUTE = minutes(1);
/** How long after a minute's end the venue's own candle of it counts as final, market time. */
const SETTLED = seconds(2);
const PAGE = 1_000;
/** Pause after the first failed read; it doubles up to a minute. */
const RETRY_MS = 5_000;
const LONGEST_RETRY_MS = 60_000;

/** Minutes `[from, until)` that the stream did not see whole. */
export type Gap = { readonly from: EpochMs; readonly until: EpochMs };

/**
 * What a stream that begins at `now` leaves to REST: all since `storedUntil`, or the history where
 * nothing is stored yet, up to the end of the minute that runs.
 */
export function gapAt(now: EpochMs, storedUntil: EpochMs | null): Gap {
  const until = later(bucketStart(now, MINUTE), MINUTE);
  const history = epochMs(Math.max(0, until - (HISTORY_BARS + 1) * MINUTE));
  return { from: storedUntil ?? history, until };
}

/** The part of a gap whose minutes are over at `now`; `null` when there is none yet. */
export function dueOf(gap: Gap, now: EpochMs): Gap | null {
  const settled = bucketStart(epochMs(Math.max(0, now - SETTLED)), MINUTE);
  const until = epochMs(Math.min(gap.until, settled));
  return until > gap.from ? { from: gap.from, until } : null;
}

/** The venue's own candles of a range, page by page; `null` when it does not answer. */
export async function fetchCandles(
  { venue, log }: Pick<WorkerPorts, 'venue' | 'log'>,
  symbol: string,
  { from, until }: Gap,
): Promise<Candle[] | null> {
  const candles: Candle[] = [];
  for (let since = from; since < until;) {
    const limit = Math.min(PAGE, Math.ceil((until - since) / MINUTE));
    const page = await venue.candles(symbol, { since, limit });
    if (!page.ok) {
      log.warn('candles could not be read', { symbol, reason: page.error.message });
      return null;
    }
    const start = since;
    const fresh = page.value.filter(({ openAt }) => openAt >= start && openAt < until);
    candles.push(...fresh.map((candle) => ({ ...candle, gapFilled: true })));
    const last = fresh.at(-1);
    if (last === undefined || page.value.length < limit) break;
    since = later(last.openAt, MINUTE);
  }
  return candles;
}

/** Reads a market's gap over REST as its minutes get over (MD-23). */
export type GapFiller = {
  /** The stream begins (again) now. Returns where its first whole minute begins. */
  readonly open: (storedUntil: EpochMs | null) => EpochMs;
  /** What REST has of it by now; after a failure only when some seconds have passed. */
  readonly fill: () => Promise<Candle[]>;
};

export function createGapFiller(ports: WorkerPorts, symbol: string): GapFiller {
  const { clock } = ports;
  let gap: Gap | null = null;
  let retryAt = 0;
  let failures = 0;
  return {
    open: (storedUntil) => {
      const next = gapAt(clock.marketNow(), storedUntil);
      gap = { from: gap?.from ?? next.from, until: next.until };
      return gap.until;
    },
    fill: async () => {
      const due = gap === null ? null : dueOf(gap, clock.marketNow());
      if (due === null || clock.wallNow() < retryAt) return [];
      const candles = await fetchCandles(ports, symbol, due);
      if (candles === null) {
        retryAt = clock.wallNow() + Math.min(RETRY_MS * 2 ** failures, LONGEST_RETRY_MS);
        failures += 1;
        return [];
      }
      failures = 0;
      // The stream may have been lost again meanwhile: then it is longer by now.
      gap = gap !== null && gap.until > due.until ? { from: due.until, until: gap.until } : null;
      return candles;
    },
  };
}
