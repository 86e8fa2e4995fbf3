import { stableHash } from '@tradewind/core/lib/stable-hash';
import type { Bar, SeriesName } from '@tradewind/core/market/bar';
import type { Grid } from '@tradewind/core/market/grid';
import type { Tick } from '@tradewind/core/market/tick';
import type { Log } from '../telemetry/log.ts';
import {
  faultOfBar,
  faultOfTick,
  tickRow,
  type BarRow,
  type TickOrigin,
  type TickRow,
} from './rows.ts';
import type { Segment } from './segment.ts';

/** When rows move on (MD-80). */
export type BatchRules = {
  /** The buffer goes to the open segment with so many trades, or at this age. */
  readonly bufferTicks: number;
  readonly bufferMs: number;
  /** The open segment becomes a file at this age at the latest, or at this size. */
  readonly segmentMs: number;
  readonly segmentBytes: number;
  /** Candles follow from trades, so that theirs may wait longer: fewer, larger files. */
  readonly barSegmentMs: number;
  /** What a store that fails may keep waiting in memory; beyond it the oldest segment is given up. */
  readonly backlogBytes: number;
};

export const BATCH_RULES: BatchRules = {
  bufferTicks: 100,
  bufferMs: 1_000,
  segmentMs: 60_000,
  segmentBytes: 5 * 1024 * 1024,
  barSegmentMs: 900_000,
  backlogBytes: 20 * 1024 * 1024,
};

/** Memory of one row, about: what 5 MB are measured in. */
const TICK_BYTES = 64;
const BAR_BYTES = 112;

export type WriterStats = {
  readonly written: number;
  /** Rows that could not be stored, such as one without a price. */
  readonly bad: number;
  /** Rows given up because the store failed for too long: reported as a gap by its integrity check. */
  readonly dropped: number;
  /** Rows in memory: in the buffer, the open segments, and those that wait to be written. */
  readonly waiting: number;
};

/** What one market's rows go through; nothing of it is shared with another market (MD-06, MD-82). */
export type MarketWriter = {
  /** Takes a trade: no check and no input or output here, the hot path calls it. */
  readonly tick: (tick: Tick, receivedAt: number, origin?: TickOrigin) => void;
  /** Takes a closed candle. */
  readonly bar: (series: SeriesName, bar: Bar) => void;
  /** Writes all that was taken. @throws Error when the store failed; the rows are kept and tried again. */
  readonly flush: () => Promise<void>;
  /** Takes nothing more, and writes all that was taken; what fails is tried again as before. */
  readonly close: () => Promise<void>;
  readonly stats: () => WriterStats;
};

/** A writer as the archive drives it: `pump` moves on what is due by now. */
export type PumpedWriter = MarketWriter & {
  readonly pump: (now: number) => Promise<void>;
  /** Closed, and all of it written. */
  readonly isDone: () => boolean;
};

type Parts = {
  readonly marketKey: string;
  readonly grid: Grid;
  readonly rules: BatchRules;
  readonly now: () => number;
  readonly newId: () => string;
  readonly write: (segment: Segment) => Promise<void>;
  readonly onClose: () => void;
  readonly log: Log;
};

type Open<R> = { rows: R[]; since: number };
const empty = <R>(): Open<R> => ({ rows: [], since: 0 });

/** Rows that wait, from the newest trade to the oldest file that failed. */
type Waiting = {
  buffer: Open<TickRow>;
  open: Open<TickRow>;
  readonly bars: Map<SeriesName, Open<BarRow>>;
  readonly sealed: Segment[];
  readonly counts: { written: number; bad: number; dropped: number };
};

const add = <R>(open: Open<R>, row: R, now: number): void => {
  if (open.rows.length === 0) open.since = now;
  open.rows.push(row);
};

/**
 * When a segment that began at `since` ends: within `ms`, and at a moment of its own name's, so that those of
 * many markets are not all written in the same instant.
 */
export const segmentEnd = (name: string, since: number, ms: number): number =>
  since + ms - ((since + (stableHash(name) % ms)) % ms);

const isDue = (
  { rows, since }: Open<unknown>,
  now: number,
  limit: {
    readonly name: string;
    readonly ms: number;
    readonly bytes: number;
    readonly rowBytes: number;
  },
): boolean =>
  rows.length > 0 &&
  (now >= segmentEnd(limit.name, since, limit.ms) || rows.length * limit.rowBytes >= limit.bytes);

const bytesOf = ({ kind, rows }: Segment): number =>
  rows.length * (kind === 'ticks' ? TICK_BYTES : BAR_BYTES);

/** Moves good rows of the buffer into the open segment; a bad one is counted and told, and spoils no other. */
function drainBuffer(waiting: Waiting, { marketKey, log }: Parts, now: number): void {
  const { rows } = waiting.buffer;
  waiting.buffer = empty();
  for (const row of rows) {
    const fault = faultOfTick(row);
    if (fault === undefined) add(waiting.open, row, now);
    else {
      waiting.counts.bad += 1;
      log.warn('a trade was not archived', { marketKey, id: row.id, fault });
    }
  }
}

/** Closes the open segments that `due` names: their rows wait to be written from now on. */
function seal(
  waiting: Waiting,
  parts: Parts,
  due: (open: Open<unknown>, kind: 'ticks' | SeriesName) => boolean,
): void {
  const { marketKey, grid, newId, now } = parts;
  const base = () => ({ id: newId(), marketKey, grid, written: new Set<number>() });
  if (due(waiting.open, 'ticks')) {
    waiting.sealed.push({ ...base(), kind: 'ticks', rows: waiting.open.rows });
    waiting.open = empty();
  }
  for (const [kind, open] of waiting.bars)
    if (due(open, kind)) {
      waiting.sealed.push({ ...base(), kind, rows: open.rows, closedAt: now() });
      waiting.bars.delete(kind);
    }
}

/** Gives up the oldest segments when a store that fails has let too many pile up. */
function boundBacklog(waiting: Waiting, { marketKey, rules, log }: Parts): void {
  let bytes = waiting.sealed.reduce((sum, segment) => sum + bytesOf(segment), 0);
  while (bytes > rules.backlogBytes && waiting.sealed.length > 1) {
    const oldest = waiting.sealed.shift();
    if (oldest === undefined) return;
    bytes -= bytesOf(oldest);
    waiting.counts.dropped += oldest.rows.length;
    log.error('rows were given up: the archive could not be written for too long', {
      marketKey,
      rows: oldest.rows.length,
    });
  }
}

const rowsIn = ({ buffer, open, bars, sealed }: Waiting): number =>
  [buffer, open, ...bars.values(), ...sealed].reduce((sum, { rows }) => sum + rows.length, 0);

/** Writes what waits, in order, and none before the one ahead of it is safe: the last stored id then says what is missing. */
function createDrain(waiting: Waiting, parts: Parts): () => Promise<void> {
  let writing: Promise<void> = Promise.resolve();
  const writeSealed = async (): Promise<void> => {
    for (let next = waiting.sealed[0]; next !== undefined; next = waiting.sealed[0]) {
      await parts.write(next);
      // A backlog that grew too long may have given it up meanwhile.
      if (waiting.sealed[0] === next) waiting.sealed.shift();
      waiting.counts.written += next.rows.length;
    }
  };
  return () => {
    boundBacklog(waiting, parts);
    writing = writing.catch(() => undefined).then(writeSealed);
    return writing;
  };
}

/** Moves on what is due at `at`: of the buffer first, then of the open segments. */
function moveOn(waiting: Waiting, parts: Parts, at: number): void {
  const { rules, marketKey } = parts;
  if (at - waiting.buffer.since >= rules.bufferMs) drainBuffer(waiting, parts, at);
  seal(waiting, parts, (open, kind) =>
    isDue(open, at, {
      name: `${marketKey} ${kind}`,
      ms: kind === 'ticks' ? rules.segmentMs : rules.barSegmentMs,
      bytes: rules.segmentBytes,
      rowBytes: kind === 'ticks' ? TICK_BYTES : BAR_BYTES,
    }),
  );
}

function takeBar(waiting: Waiting, parts: Parts, row: BarRow): void {
  const fault = faultOfBar(row);
  if (fault !== undefined) {
    waiting.counts.bad += 1;
    parts.log.warn('a candle was not archived', { marketKey: parts.marketKey, fault });
    return;
  }
  const open = waiting.bars.get(row.series) ?? empty<BarRow>();
  waiting.bars.set(row.series, open);
  add(open, row, parts.now());
}

/** The writer of one market. */
export function createWriter(parts: Parts): PumpedWriter {
  const { rules, now } = parts;
  const waiting: Waiting = {
    buffer: empty(),
    open: empty(),
    bars: new Map(),
    sealed: [],
    counts: { written: 0, bad: 0, dropped: 0 },
  };
  const drain = createDrain(waiting, parts);
  let isClosed = false;
  const flush = (): Promise<void> => {
    drainBuffer(waiting, parts, now());
    seal(waiting, parts, ({ rows }) => rows.length > 0);
    return drain();
  };
  return {
    tick: (tick, receivedAt, origin = {}) => {
      if (isClosed) throw new Error(`Invariant: the writer of ${parts.marketKey} is closed`);
      add(waiting.buffer, tickRow(tick, receivedAt, origin), now());
      if (waiting.buffer.rows.length >= rules.bufferTicks) drainBuffer(waiting, parts, now());
    },
    bar: (series, bar) => {
      takeBar(waiting, parts, { series, bar });
    },
    pump: async (at) => {
      moveOn(waiting, parts, at);
      if (waiting.sealed.length > 0) await drain();
    },
    flush,
    close: () => {
      isClosed = true;
      parts.onClose();
      return flush();
    },
    isDone: () => isClosed && rowsIn(waiting) === 0,
    stats: () => ({ ...waiting.counts, waiting: rowsIn(waiting) }),
  };
}
