import { createBucketFiles } from './bucket-files.ts';
import { createFolderFiles } from './folder-files.ts';

export type StoredFile = {
  /** From the archive's root, with `/`. */
  readonly path: string;
  readonly bytes: number;
};

/**
 * Where an archive's files are: a folder or a bucket. Files are written once under a name of their own and never
 * changed, so that a copy of one stays good.
 */
export type ArchiveFiles = {
  /** For messages: the folder's path or `gs://…`. */
  readonly place: string;
  /** Folder under which every file that {@link ArchiveFiles.fetch} answers lies. */
  readonly root: string;
  /** True where a fetch costs a download. */
  readonly isRemote: boolean;
  /** Files whose path begins with `prefix`, sorted by path. */
  readonly list: (prefix: string) => Promise<readonly StoredFile[]>;
  /** Takes over a local file, whole or not at all. */
  readonly put: (local: string, path: string) => Promise<void>;
  /** Path of a local copy. @throws Error when there is no such file. */
  readonly fetch: (path: string) => Promise<string>;
  /** Does nothing when there is no such file. */
  readonly remove: (path: string) => Promise<void>;
  /** A name for a file on the way into the archive. */
  readonly scratch: (name: string) => string;
};

/** What a bucket needs besides its name. */
export type BucketAccess = {
  /** A token for the bucket; by default that of the machine's or function's own account. */
  readonly token?: () => Promise<string>;
  /** Base address of Cloud Storage's JSON API. */
  readonly endpoint?: string;
  /** Where local copies are kept. */
  readonly cacheFolder?: string;
};

/** Opens a location: a folder's path, or `gs://bucket/prefix`. @throws RangeError when it is neither. */
export function openFiles(location: string, access: BucketAccess = {}): ArchiveFiles {
  if (/[*?[\]]/.test(location))
    throw new RangeError(
      `The archive's location "${location}" has one of * ? [ ], which mean patterns in SQL: choose another name.`,
    );
  const bucket = /^gs:\/\/([a-z0-9][a-z0-9._-]{1,220}[a-z0-9])(?:\/(.*?))?\/?$/.exec(location);
  if (bucket !== null) return createBucketFiles(bucket[1] ?? '', bucket[2] ?? '', access);
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(location))
    throw new RangeError(
      `"${location}" is no place for an archive: give a folder, or gs://bucket/prefix.`,
    );
  if (location.trim() === '') throw new RangeError('The location of the archive is empty.');
  return createFolderFiles(location);
}
