import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import type { DataSessionDoc } from '@tradewind/contracts/documents/market';
import type { Grid } from '@tradewind/core/market/grid';
import type { Log } from '../telemetry/log.ts';
import { openFiles, type ArchiveFiles, type BucketAccess } from './archive-files.ts';
import { createCatalog, type ArchiveFile, type Catalog, type Scope } from './catalog.ts';
import { compact, type CompactReport } from './compact.ts';
import { createDatabase, type Database } from './database.ts';
import { inspect, type Inspection } from './inspect.ts';
import { lastTick, type LastTick } from './last-tick.ts';
import { marketName, type Kind } from './layout.ts';
import { pinnedPaths, putManifest, readManifests, removeManifest } from './manifest.ts';
import { summarise, type MarketSummary } from './markets.ts';
import { prune, type PruneOptions, type PruneReport } from './prune.ts';
import {
  ask,
  createQueryCache,
  type QueryOptions,
  type QueryResult,
  type Reader,
} from './query.ts';
import { spillFolder } from './relation.ts';
import { writeSegment } from './segment.ts';
import { judgeStorage, type StorageLevel } from './storage-budget.ts';
import {
  BATCH_RULES,
  createWriter,
  type BatchRules,
  type MarketWriter,
  type PumpedWriter,
} from './writer.ts';

export type ArchiveOptions = {
  /** A folder, or `gs://bucket/prefix`. */
  readonly location: string;
  /** The wall clock, epoch milliseconds: it governs batches, the age of merged folders and retention. */
  readonly now: () => number;
  readonly log: Log;
  /** False for one who calls `pump` and `maintain` as they see fit; tests do. */
  readonly hasTimers?: boolean;
  readonly rules?: Partial<BatchRules>;
  readonly bucket?: BucketAccess;
  /** Cores for DuckDB besides this process's own; a worker shares its cores with its feed. */
  readonly threads?: number;
  readonly memoryMb?: number;
  /** What the store may hold; the hook is told at each hourly upkeep (MD-87). */
  readonly budgetBytes?: number;
  /** Told how long each file's writing and each question took, for metrics. */
  readonly onDone?: (what: 'write' | 'query', ms: number) => void;
  readonly onStorage?: (level: StorageLevel, usedBytes: number) => void;
};

/** Trades and candles in Parquet files, and questions about them (docs/data.md). */
export type Archive = {
  readonly place: string;
  /** The writer of a market, one for all who ask. @throws RangeError for a key or grid that cannot be stored. */
  readonly writer: (marketKey: string, grid: Grid) => MarketWriter;
  /** Writes all rows that wait, of every market. @throws Error when some could not be written. */
  readonly flush: () => Promise<void>;
  readonly lastTick: (marketKey: string) => Promise<LastTick | undefined>;
  /** Answers SQL over the views `ticks` and `bars`; an answer may be a second old (MD-84). */
  readonly query: (sql: string, options?: QueryOptions) => Promise<QueryResult>;
  /** What is there, by market and kind. */
  readonly markets: (scope?: Scope) => Promise<MarketSummary[]>;
  readonly inspect: (
    marketKey: string,
    options: { readonly kind: Kind; readonly from?: number; readonly to?: number },
  ) => Promise<Inspection>;
  readonly compact: (options?: {
    readonly scope?: Scope;
    /** Merges the hour that is being written too. */
    readonly isOpenToo?: boolean;
  }) => Promise<CompactReport>;
  readonly prune: (options?: PruneOptions) => Promise<PruneReport>;
  /** Finished sessions, whose files are neither merged nor pruned. */
  readonly sessions: {
    readonly list: () => Promise<DataSessionDoc[]>;
    readonly put: (session: DataSessionDoc) => Promise<void>;
    readonly remove: (sessionId: string) => Promise<void>;
  };
  readonly find: (scope: Scope) => Promise<readonly ArchiveFile[]>;
  /** Bytes in the store, by its listing. */
  readonly usage: () => Promise<number>;
  /** Moves on every writer's due rows; with timers it is called each second. */
  readonly pump: () => Promise<void>;
  /** Merges finished hours and judges the storage; with timers it is called each hour. */
  readonly maintain: () => Promise<void>;
  readonly stats: () => ReturnType<Database['stats']>;
  /** Writes all that waits, and closes. @throws Error when a writer's rows could not be written. */
  readonly close: () => Promise<void>;
  /** For the modules of this folder: what everything here is made of. */
  readonly parts: ArchiveParts;
};

export type ArchiveParts = Reader & { readonly newId: () => string };

const PUMP_EVERY_MS = 1_000;
const HOUR_MS = 3_600_000;
/** A step of this many units or more would not leave room for the digits of its count. */
const MAX_STEP = 10n ** 22n;

function assertStorable(marketKey: string, { tick, lot }: Grid): void {
  marketName(marketKey);
  if (tick >= MAX_STEP || lot >= MAX_STEP)
    throw new RangeError(
      `The steps of ${marketKey} are too large to archive: at most 9,999 units.`,
    );
}

/** Waits for all, also where one fails: its rows must not cost another market's. */
async function allOf(writes: readonly Promise<void>[]): Promise<void> {
  const ends = await Promise.allSettled(writes);
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed !== undefined)
    throw new Error('Rows of a market could not be archived', { cause: failed.reason });
}

/** The writers of an archive, each alone: one that fails is logged and keeps its rows. */
function createWriters(parts: ArchiveParts, options: ArchiveOptions) {
  const { now, log } = options;
  const timed = timer(options);
  const writers = new Map<string, PumpedWriter>();
  /** These, and closed ones whose rows are still to be written. */
  const busy = new Map<PumpedWriter, string>();
  const rules = { ...BATCH_RULES, ...options.rules };
  const open = (marketKey: string, grid: Grid): PumpedWriter => {
    assertStorable(marketKey, grid);
    const writer = createWriter({
      marketKey,
      grid,
      rules,
      now,
      log,
      newId: parts.newId,
      write: async (segment) => {
        await timed('write', () => writeSegment(segment, parts));
        parts.catalog.forget();
      },
      onClose: () => writers.delete(marketKey),
    });
    writers.set(marketKey, writer);
    busy.set(writer, marketKey);
    return writer;
  };
  const forgetDone = (): void => {
    for (const writer of busy.keys()) if (writer.isDone()) busy.delete(writer);
  };
  return {
    get: (marketKey: string, grid: Grid): MarketWriter =>
      writers.get(marketKey) ?? open(marketKey, grid),
    pump: async (): Promise<void> => {
      const at = now();
      await Promise.all(
        [...busy].map(([writer, marketKey]) =>
          writer.pump(at).catch((error: unknown) => {
            log.error('a segment could not be written; it will be tried again', {
              marketKey,
              error: String(error),
            });
          }),
        ),
      );
      forgetDone();
    },
    flush: () => allOf([...busy.keys()].map((writer) => writer.flush())),
    close: () => allOf([...busy.keys()].map((writer) => writer.close())),
  };
}

function openParts(files: ArchiveFiles, catalog: Catalog, options: ArchiveOptions): ArchiveParts {
  const spill = spillFolder(files.root);
  mkdirSync(spill, { recursive: true });
  const { threads = 1, memoryMb = 512 } = options;
  const database = createDatabase({
    readFolder: files.root,
    spillFolder: spill,
    threads,
    memoryMb,
  });
  return { files, catalog, database, newId: () => randomUUID().slice(0, 13) };
}

/** Repeats without overlap; the timer does not keep the process alive. */
function every(ms: number, work: () => Promise<void>): () => void {
  let isRunning = false;
  const timer = setInterval(() => {
    if (isRunning) return;
    isRunning = true;
    void work().finally(() => {
      isRunning = false;
    });
  }, ms);
  timer.unref();
  return () => {
    clearInterval(timer);
  };
}

/** Tells how long a work took, however it ended. */
const timer =
  ({ now, onDone }: ArchiveOptions) =>
  async <R>(what: 'write' | 'query', work: () => Promise<R>): Promise<R> => {
    const startedAt = now();
    try {
      return await work();
    } finally {
      onDone?.(what, Math.max(0, now() - startedAt));
    }
  };

/** Merges what is finished and judges the storage; a failure is logged, and the next hour tries again. */
async function upkeep(
  { log, budgetBytes, onStorage }: ArchiveOptions,
  { merge, usage }: { readonly merge: Archive['compact']; readonly usage: Archive['usage'] },
): Promise<void> {
  try {
    const { faults } = await merge();
    for (const fault of faults) log.error('files of the archive could not be merged', fault);
    const used = await usage();
    if (budgetBytes !== undefined) onStorage?.(judgeStorage(used, budgetBytes), used);
  } catch (error) {
    log.error('the upkeep of the archive failed; the next hour tries again', {
      error: String(error),
    });
  }
}

/** Opens an archive, and makes it where there is none. @throws RangeError for a location that cannot be one. */
export function openArchive(options: ArchiveOptions): Archive {
  const { now } = options;
  const files = openFiles(options.location, options.bucket);
  const catalog = createCatalog(files, now);
  const parts = openParts(files, catalog, options);
  const writers = createWriters(parts, options);
  const cached = createQueryCache(now);
  const timed = timer(options);
  const pinned = async (): Promise<Set<string>> => pinnedPaths(await readManifests(files));
  const merge: Archive['compact'] = async ({ scope = {}, isOpenToo = false } = {}) =>
    compact(parts, { scope, isOpenToo, now: now(), pinned: await pinned() });
  const usage = async (): Promise<number> =>
    (await catalog.find({})).reduce((sum, { bytes }) => sum + bytes, 0);
  const maintain = (): Promise<void> => upkeep(options, { merge, usage });
  const stops =
    options.hasTimers === false
      ? []
      : [every(PUMP_EVERY_MS, writers.pump), every(HOUR_MS, maintain)];
  return {
    place: files.place,
    writer: writers.get,
    flush: writers.flush,
    lastTick: (marketKey) => lastTick(parts, marketKey),
    query: (sql, query = {}) =>
      cached(JSON.stringify([sql, query]), () => timed('query', () => ask(parts, sql, query))),
    markets: (scope = {}) => summarise(parts, scope),
    inspect: (marketKey, what) => inspect(parts, marketKey, what),
    compact: merge,
    prune: async (what = {}) => prune(parts, what, { now: now(), pinned: await pinned() }),
    sessions: {
      list: () => readManifests(files),
      put: (session) => putManifest(files, session),
      remove: (sessionId) => removeManifest(files, sessionId),
    },
    find: catalog.find,
    usage,
    pump: writers.pump,
    maintain,
    stats: parts.database.stats,
    close: async () => {
      for (const stop of stops) stop();
      try {
        await writers.close();
      } finally {
        await parts.database.close();
      }
    },
    parts,
  };
}
