import { marketDoc } from '@tradewind/contracts/documents/market';
import { paths } from '@tradewind/contracts/paths';
import {
  bucketStart,
  epochMs,
  later,
  minutes,
  seconds,
  type EpochMs,
} from '@tradewind/core/lib/time';
import type { Price } from '@tradewind/core/lib/units';
import { builderAdd, builderAdvance, builderInit } from '@tradewind/core/market/candle-builder';
import type { Candle, Trade } from '@tradewind/core/market/market';
import { createChunkWriter } from './chunks.ts';
import type { Followed, WorkerPorts } from './ports.ts';

/** MD-47: enough closed candles for the longest indicator to settle. */
export const HISTORY_BARS = 600;
const MINUTE = minutes(1);
/** How long after a minute's end the venue's own candle of it counts as final, market time. */
const SETTLED = seconds(2);
const PAGE = 1_000;
const RETRY_MS = 5_000;
/** Least wall time between two writes of one market's chunk (ARC-41). */
const WRITE_EVERY_MS = 1_000;

/** Minutes `[from, until)` that the stream did not see whole, to be read over REST (MD-23). */
type Gap = { readonly from: EpochMs; readonly until: EpochMs };

/** What a step stored: candles of a gap, and the newest bar that the stream closed. */
export type Stored = {
  readonly gapFilled: readonly Candle[];
  readonly closedBar: EpochMs | null;
};

/** Makes one market's trades into stored candles, without holes. */
export type Recorder = {
  /** The stream begins (again) now: the minute that runs and all before it come from REST. */
  readonly join: () => void;
  readonly add: (trade: Trade) => 'taken' | 'late' | 'duplicate';
  /** Closes minutes that are over at `now`, market time. */
  readonly advance: (now: EpochMs) => void;
  /** Stores what is due; `final` also what was stored less than a second ago. */
  readonly flush: (final?: 'final') => Promise<Stored>;
};

const NOTHING: Stored = { gapFilled: [], closedBar: null };

export function createRecorder(ports: WorkerPorts, market: Followed): Recorder {
  const { clock, store } = ports;
  const { marketKey, symbol } = market;
  const chunks = createChunkWriter(store, { marketKey, origin: ports.origin }, clock.wallNow);
  let builder = builderInit(marketKey);
  let pending: Candle[] = [];
  let gap: Gap | null = null;
  let lastPrice: Price | null = null;
  let storedUntil: EpochMs | null = null;
  let retryAt = 0;
  let writtenAt = -Infinity;
  let busy = false;

  const join = (): void => {
    const now = clock.marketNow();
    const until = later(bucketStart(now, MINUTE), MINUTE);
    const from =
      gap?.from ?? storedUntil ?? epochMs(Math.max(0, until - (HISTORY_BARS + 1) * MINUTE));
    gap = { from, until };
    builder = builderInit(marketKey, { closedUntil: until, lastClose: lastPrice });
  };

  /** What REST has of the gap by now; shrinks the gap. */
  const fillGap = async (): Promise<Candle[]> => {
    const settled = Math.max(0, clock.marketNow() - SETTLED);
    const until = gap === null ? 0 : Math.min(gap.until, bucketStart(epochMs(settled), MINUTE));
    if (gap === null || until <= gap.from || clock.wallNow() < retryAt) return [];
    const wanted = { from: gap.from, until: epochMs(until) };
    const read = await fetchCandles(ports, symbol, wanted);
    if (read === null) {
      retryAt = clock.wallNow() + RETRY_MS;
      return [];
    }
    // A reconnect in the meantime may have made it longer at its end, never at its beginning.
    gap = gap.until > wanted.until ? { from: wanted.until, until: gap.until } : null;
    lastPrice ??= read.at(-1)?.close ?? null;
    return read;
  };

  const storeDue = async (): Promise<Stored> => {
    const filled = await fillGap();
    const closed = pending;
    if (filled.length === 0 && closed.length === 0) return NOTHING;
    pending = [];
    try {
      await chunks.append([...filled, ...closed]);
    } catch (error) {
      pending = [...filled, ...closed, ...pending];
      throw error;
    }
    writtenAt = clock.wallNow();
    const ends = [...filled, ...closed].map(({ openAt }) => openAt + MINUTE);
    storedUntil = epochMs(Math.max(storedUntil ?? 0, ...ends));
    const last = closed.at(-1);
    return { gapFilled: filled, closedBar: last === undefined ? null : later(last.openAt, MINUTE) };
  };

  return {
    join,
    add: (trade) => {
      const step = builderAdd(builder, trade);
      pending.push(...step.closed);
      if (step.duplicate === true) return 'duplicate';
      lastPrice = trade.price;
      return step.late === true ? 'late' : 'taken';
    },
    advance: (now) => {
      pending.push(...builderAdvance(builder, now).closed);
    },
    flush: async (final) => {
      const isDue = final === 'final' || clock.wallNow() - writtenAt >= WRITE_EVERY_MS;
      if (busy || !isDue) return NOTHING;
      busy = true;
      try {
        return await storeDue();
      } finally {
        busy = false;
      }
    },
  };
}

/** The venue's own candles of a range, page by page; `null` when it does not answer. */
async function fetchCandles(
  { venue, log }: WorkerPorts,
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
    const fresh = page.value.filter(({ openAt }) => openAt >= since && openAt < until);
    candles.push(...fresh.map((candle) => ({ ...candle, gapFilled: true })));
    const last = fresh.at(-1);
    if (last === undefined || page.value.length < limit) break;
    since = later(last.openAt, MINUTE);
  }
  return candles;
}

/** Writes the venue's rules of a market, when they are new (`markets/{k}`). */
export async function ensureMarket(ports: WorkerPorts, market: Followed): Promise<boolean> {
  const { venue, store, clock, log } = ports;
  const found = await venue.instruments([market.symbol]);
  const [instrument] = found.ok ? found.value : [];
  if (instrument === undefined) {
    const reason = found.ok ? 'no such market' : found.error.message;
    log.warn('market rules could not be read', { symbol: market.symbol, reason });
    return false;
  }
  const path = paths.market(instrument.marketKey);
  const known = await store.get(path, marketDoc);
  const same = (Object.keys(instrument) as (keyof typeof instrument)[]).every(
    (name) => known?.[name] === instrument[name],
  );
  if (!same) await store.set(path, marketDoc, { ...instrument, updatedAt: clock.wallNow() });
  return true;
}
