import type { ArchiveFiles } from './archive-files.ts';
import { byFolder, type ArchiveFile, type Catalog, type Scope } from './catalog.ts';
import type { Database } from './database.ts';
import { messageOf } from './faults.ts';
import { folderOf } from './layout.ts';
import { columnsOf, distinctRows } from './relation.ts';
import { ORDER } from './segment.ts';
import { literal, PARQUET } from './sql.ts';

export type CompactReport = {
  /** Folders whose files were merged into one. */
  readonly folders: number;
  readonly filesBefore: number;
  readonly filesAfter: number;
  readonly bytesBefore: number;
  readonly bytesAfter: number;
  /** Folders that could not be merged, and why; their files are as they were. */
  readonly faults: readonly { readonly folder: string; readonly fault: string }[];
};

/** How long after its hour a folder still gets late rows. */
const SETTLE_MS = 120_000;

type Parts = {
  readonly database: Database;
  readonly files: ArchiveFiles;
  readonly catalog: Catalog;
  readonly newId: () => string;
};

/** Merges the files of one folder into one, and removes them once that is safe in its place. */
async function merge(group: readonly ArchiveFile[], parts: Parts): Promise<number> {
  const { database, files, newId } = parts;
  const [first] = group;
  if (first === undefined) return 0;
  const { marketKey, kind, from } = first;
  const table = kind === 'ticks' ? 'ticks' : 'bars';
  const located = await Promise.all(
    group.map(async (file) => ({ file, local: await files.fetch(file.path) })),
  );
  const scratch = files.scratch(`whole-${newId()}.parquet`);
  await database.work(marketKey, async (connection) => {
    await connection.run(
      `COPY (SELECT ${columnsOf(table)} FROM (${distinctRows(table, located)}) ORDER BY ${ORDER[table]})
        TO ${literal(scratch)} ${PARQUET}`,
    );
  });
  const target = `${folderOf(marketKey, kind, from)}whole-${newId()}.parquet`;
  await files.put(scratch, target);
  for (const { path } of group) await files.remove(path);
  const [written] = await files.list(target);
  return written?.bytes ?? 0;
}

/**
 * Merges the files of each folder whose time is over into one (MD-80): each trade once, in one order. What
 * `pinned` names stays as it is, because a session holds its checksum.
 */
export async function compact(
  parts: Parts,
  {
    scope,
    now,
    pinned,
    isOpenToo,
  }: {
    readonly scope: Scope;
    readonly now: number;
    readonly pinned: ReadonlySet<string>;
    /** Merges folders whose time is not over as well. */
    readonly isOpenToo: boolean;
  },
): Promise<CompactReport> {
  parts.catalog.forget();
  const list = (await parts.catalog.find(scope)).filter(({ path }) => !pinned.has(path));
  const groups = byFolder(list).filter(
    (group) => group.length > 1 && (isOpenToo || group.every(({ to }) => to + SETTLE_MS <= now)),
  );
  const report = { folders: 0, filesBefore: 0, filesAfter: 0, bytesBefore: 0, bytesAfter: 0 };
  const faults: { folder: string; fault: string }[] = [];
  for (const group of groups)
    try {
      report.bytesAfter += await merge(group, parts);
      report.folders += 1;
      report.filesBefore += group.length;
      report.filesAfter += 1;
      report.bytesBefore += group.reduce((sum, { bytes }) => sum + bytes, 0);
    } catch (error) {
      // One market's broken file must not keep the others from being merged (MD-06).
      const folder = group[0]?.path.replace(/\/[^/]*$/, '') ?? '';
      faults.push({ folder, fault: messageOf(error) });
    }
  parts.catalog.forget();
  return { ...report, faults };
}
