import type { ArchiveFiles, StoredFile } from './archive-files.ts';
import { folderOf, readPath, type Kind, type PathFacts } from './layout.ts';

/** A file and what its path says. */
export type ArchiveFile = StoredFile & PathFacts;

/** Which files a question touches; what is left out means all. */
export type Scope = {
  readonly marketKeys?: readonly string[] | undefined;
  readonly kinds?: readonly Kind[] | undefined;
  /** Rows of `[from, to)`, epoch milliseconds. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
};

/** The archive's list of files, asked for at most once a second and after each change (MD-84). */
export type Catalog = {
  readonly find: (scope: Scope) => Promise<readonly ArchiveFile[]>;
  /** Makes the next question look again. */
  readonly forget: () => void;
};

const LIST_MS = 1_000;

const isIn =
  ({ marketKeys, kinds, from = -Infinity, to = Infinity }: Scope) =>
  (file: ArchiveFile): boolean =>
    (marketKeys?.includes(file.marketKey) ?? true) &&
    (kinds?.includes(file.kind) ?? true) &&
    file.to > from &&
    file.from < to;

/** Lists one market by its own folder: hundreds of others cost it nothing. */
export function createCatalog(files: ArchiveFiles, now: () => number): Catalog {
  const known = new Map<string, { readonly at: number; readonly list: Promise<ArchiveFile[]> }>();
  const load = async (prefix: string): Promise<ArchiveFile[]> =>
    (await files.list(prefix)).flatMap((file) => {
      const facts = readPath(file.path);
      return facts === undefined ? [] : [{ ...file, ...facts }];
    });
  const listed = (prefix: string): Promise<ArchiveFile[]> => {
    const cached = known.get(prefix);
    const age = cached === undefined ? Infinity : now() - cached.at;
    if (cached !== undefined && age >= 0 && age < LIST_MS) return cached.list;
    const list = load(prefix);
    known.set(prefix, { at: now(), list });
    list.catch(() => known.delete(prefix));
    return list;
  };
  return {
    find: async (scope) => {
      const prefixes = scope.marketKeys?.map((marketKey) => folderOf(marketKey)) ?? ['venue='];
      const lists = await Promise.all(prefixes.map(listed));
      return lists.flat().filter(isIn(scope));
    },
    forget: () => {
      known.clear();
    },
  };
}

/** Files by their folder, in order of path. */
export function byFolder(list: readonly ArchiveFile[]): ArchiveFile[][] {
  const groups = new Map<string, ArchiveFile[]>();
  for (const file of list) {
    const folder = file.path.slice(0, file.path.lastIndexOf('/'));
    const group = groups.get(folder) ?? [];
    groups.set(folder, group);
    group.push(file);
  }
  return [...groups.values()];
}
