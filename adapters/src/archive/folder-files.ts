import { mkdirSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import type { ArchiveFiles, StoredFile } from './archive-files.ts';
import { isMissing } from './faults.ts';

/** Hidden from listings; on the same disk as the rest, so that a rename is atomic. */
const SCRATCH = '.incoming';

/** All files under a folder; a file or folder that vanishes meanwhile is left out. */
export async function listFolder(root: string, prefix: string): Promise<StoredFile[]> {
  const base = resolve(root, prefix.slice(0, prefix.lastIndexOf('/') + 1));
  const entries = await readdir(base, { recursive: true, withFileTypes: true }).catch(
    (error: unknown) => {
      if (isMissing(error)) return [];
      throw error;
    },
  );
  const found: StoredFile[] = [];
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const full = join(entry.parentPath, entry.name);
    const path = relative(root, full).split(sep).join('/');
    if (!path.startsWith(prefix) || path.startsWith(`${SCRATCH}/`)) continue;
    const facts = await stat(full).catch((error: unknown) => {
      if (isMissing(error)) return undefined;
      throw error;
    });
    if (facts !== undefined) found.push({ path, bytes: facts.size });
  }
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** On the disk before the new name is: a power cut leaves the old state or the new, never half a file. */
async function syncFile(path: string): Promise<void> {
  const handle = await open(path, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** An archive in a folder of this machine. */
export function createFolderFiles(folder: string): ArchiveFiles {
  const root = resolve(folder);
  const at = (path: string): string => join(root, path);
  return {
    place: root,
    root,
    isRemote: false,
    list: (prefix) => listFolder(root, prefix),
    put: async (local, path) => {
      await syncFile(local);
      await mkdir(dirname(at(path)), { recursive: true });
      await rename(local, at(path));
    },
    fetch: async (path) => {
      await stat(at(path));
      return at(path);
    },
    remove: (path) => rm(at(path), { force: true }),
    scratch: (name) => {
      mkdirSync(at(SCRATCH), { recursive: true });
      return join(at(SCRATCH), name);
    },
  };
}
