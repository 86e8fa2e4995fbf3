import { readFile, rm, writeFile } from 'node:fs/promises';
import { dataSessionDoc, type DataSessionDoc } from '@tradewind/contracts/documents/market';
import { epochMs } from '@tradewind/core/lib/time';
import type { ArchiveFiles } from './archive-files.ts';

/**
 * What an archive keeps of its finished sessions, so that it can be read, checked and moved without the ledger.
 * The files that a manifest lists are pinned: neither merged with others nor pruned, so that their checksums hold.
 */
const FOLDER = 'sessions/';
/** Where a session's manifest is, from the archive's root. */
export const manifestPath = (sessionId: string): string => `${FOLDER}${sessionId}.json`;

const TIMES = ['startedAt', 'endsAt', 'endedAt', 'updatedAt'] as const;
const when = (value: unknown): unknown =>
  typeof value === 'number' ? new Date(epochMs(value)) : value;

/** Plain JSON back into the document's own shape. */
function parseManifest(text: string): DataSessionDoc {
  const plain = JSON.parse(text) as Record<string, unknown>;
  const gaps = (plain['gaps'] as Record<string, unknown>[]).map((gap) => ({
    ...gap,
    from: when(gap['from']),
    to: when(gap['to']),
  }));
  const times = Object.fromEntries(TIMES.map((name) => [name, when(plain[name])]));
  return dataSessionDoc.parse({ ...plain, ...times, gaps });
}

/** Writes or replaces a session's manifest. */
export async function putManifest(files: ArchiveFiles, session: DataSessionDoc): Promise<void> {
  const scratch = files.scratch(`${session.sessionId}.json`);
  await writeFile(scratch, `${JSON.stringify(session, null, 2)}\n`);
  await files.put(scratch, manifestPath(session.sessionId));
}

/** Forgets a session; its rows stay until their retention ends. */
export const removeManifest = (files: ArchiveFiles, sessionId: string): Promise<void> =>
  files.remove(manifestPath(sessionId));

/** The finished sessions of an archive. @throws Error when a manifest cannot be read: what it pins is not known. */
export async function readManifests(files: ArchiveFiles): Promise<DataSessionDoc[]> {
  const found = (await files.list(FOLDER)).filter(({ path }) => path.endsWith('.json'));
  return Promise.all(
    found.map(async ({ path }) => {
      // A manifest may be replaced, unlike other files: a copy from before must not be read.
      const local = await files.fetch(path);
      try {
        return parseManifest(await readFile(local, 'utf8'));
      } catch (error) {
        throw new Error(`${path} in ${files.place} is no session's manifest`, { cause: error });
      } finally {
        if (files.isRemote) await rm(local, { force: true });
      }
    }),
  );
}

/** Paths that no merge or prune may touch. */
export const pinnedPaths = (sessions: readonly DataSessionDoc[]): Set<string> =>
  new Set(sessions.flatMap(({ checksums }) => Object.keys(checksums)));
