import type { ArchiveFiles } from './archive-files.ts';
import type { ArchiveFile, Catalog, Scope } from './catalog.ts';
import { KINDS, type Kind } from './layout.ts';

/** How many days of each kind are kept; trades and fine candles 90, all else two years (MD, section 9). */
export const RETENTION_DAYS: Readonly<Record<Kind, number>> = {
  ticks: 90,
  '1s': 90,
  '15s': 90,
  '1m': 730,
  '5m': 730,
  '15m': 730,
  '1h': 730,
  '4h': 730,
  '1d': 730,
};

/** Rows that must stay, such as those of a recording that runs. */
export type Span = { readonly marketKey: string; readonly from: number; readonly to: number };

export type PruneOptions = {
  /** Differing days; what is not named has its default. */
  readonly keepDays?: Partial<Readonly<Record<Kind, number>>>;
  readonly scope?: Scope;
  readonly spare?: readonly Span[];
  readonly isDryRun?: boolean;
};

export type PruneReport = {
  readonly files: number;
  readonly bytes: number;
  readonly paths: readonly string[];
  /** Files that are old enough and stay, because a session refers to them. */
  readonly spared: number;
};

const DAY_MS = 86_400_000;

/** Files whose whole stretch is older than their kind is kept. @throws RangeError for days that are no count. */
function expired(
  list: readonly ArchiveFile[],
  keepDays: Partial<Readonly<Record<Kind, number>>>,
  now: number,
): ArchiveFile[] {
  const days = { ...RETENTION_DAYS, ...keepDays };
  for (const kind of KINDS)
    if (!(days[kind] >= 1))
      throw new RangeError(`Keep at least 1 day of ${kind}; ${days[kind]} was asked for.`);
  return list.filter(({ kind, to }) => to <= now - days[kind] * DAY_MS);
}

/** Removes what is older than its retention, except what sessions hold. */
export async function prune(
  { files, catalog }: { readonly files: ArchiveFiles; readonly catalog: Catalog },
  { keepDays = {}, scope = {}, spare = [], isDryRun = false }: PruneOptions,
  { now, pinned }: { readonly now: number; readonly pinned: ReadonlySet<string> },
): Promise<PruneReport> {
  catalog.forget();
  const old = expired(await catalog.find(scope), keepDays, now);
  const isSpared = (file: ArchiveFile): boolean =>
    pinned.has(file.path) ||
    spare.some(
      ({ marketKey, from, to }) => marketKey === file.marketKey && file.from < to && file.to > from,
    );
  const gone = old.filter((file) => !isSpared(file));
  if (!isDryRun) {
    for (const { path } of gone) await files.remove(path);
    catalog.forget();
  }
  return {
    files: gone.length,
    bytes: gone.reduce((sum, { bytes }) => sum + bytes, 0),
    paths: gone.map(({ path }) => path),
    spared: old.length - gone.length,
  };
}
