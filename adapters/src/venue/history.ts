import { err, ok, type Result } from '@tradewind/core/lib/result';
import { epochMs, type EpochMs } from '@tradewind/core/lib/time';
import type { VenueError } from './venue.ts';
import type { Attempt } from './session.ts';

/** Rows that one call of the account's history returns at most. */
export const PAGE = 1_000;
/** Pages of one history, against a venue that never ends it. */
const MAX_PAGES = 100;

const endless: VenueError = {
  code: 'HistoryTooLong',
  severity: 'HIGH',
  retryable: false,
  message: `the venue's history did not end after ${MAX_PAGES} pages: ask for a shorter time`,
  retryAfterMs: null,
};

/**
 * A history page by page: `read` gets the id of the last row that is known, and answers from it or
 * the one after it on. A row that comes twice counts once. All or nothing: a page that fails fails
 * the history (EXE-51).
 */
export async function readPages<T>(
  read: (after: string | undefined) => Promise<Attempt<readonly T[]>>,
  idOf: (row: T) => string,
): Promise<Result<T[], VenueError>> {
  const rows = new Map<string, T>();
  let last: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const found = await read(last);
    if (!found.ok) return err(found.error);
    const before = rows.size;
    for (const row of found.value) rows.set(idOf(row), row);
    last = found.value.map(idOf).at(-1);
    if (found.value.length < PAGE || rows.size === before) return ok([...rows.values()]);
  }
  return err(endless);
}

/** Futures tell their histories a week at a time. */
const WINDOW_MS = 604_800_000 - 1_000;

/** A part of a history, both ends included. */
export type Window = { readonly start: EpochMs; readonly end: EpochMs };

/**
 * A history that is told in windows of time, oldest first, from `since` on. A window with more than
 * a page goes on from its last row. All or nothing, as with `readPages` (EXE-51).
 */
export async function readWindows<T>(
  read: (window: Window) => Promise<Attempt<readonly T[]>>,
  range: {
    readonly since: EpochMs;
    /** Our wall clock; the venue's may be a little ahead. */
    readonly until: EpochMs;
    readonly idOf: (row: T) => string;
    readonly atOf: (row: T) => EpochMs;
  },
): Promise<Result<T[], VenueError>> {
  const rows = new Map<string, T>();
  let start: number = range.since;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const end = start + WINDOW_MS;
    const found = await read({ start: epochMs(start), end: epochMs(end) });
    if (!found.ok) return err(found.error);
    const before = rows.size;
    for (const row of found.value) rows.set(range.idOf(row), row);
    const last = found.value.at(-1);
    const isFull = found.value.length >= PAGE && last !== undefined;
    if (isFull && rows.size === before) return err(endless);
    if (!isFull && end > range.until) return ok([...rows.values()]);
    start = isFull ? range.atOf(last) : end + 1;
  }
  return err(endless);
}
