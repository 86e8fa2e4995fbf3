import { dataSessionDoc, type DataSessionDoc } from '@tradewind/contracts/documents/market';
import { sessionEnd } from '@tradewind/contracts/documents/data-session';
import { paths } from '@tradewind/contracts/paths';
import { epochMs, type EpochMs } from '@tradewind/core/lib/time';
import type { Store } from '../ledger/store.ts';
import type { Archive } from './archive.ts';
import { manifestPath } from './manifest.ts';
import { scopeOf, sessionReport, sha256 } from './session-report.ts';

/** A document holds 1 MB: a session of more files than this stores its manifest's checksum, which holds theirs. */
const MAX_CHECKSUMS = 2_000;

/** True once a recording's time is over and it waits for {@link finishSession}. */
export const isDue = (session: DataSessionDoc, marketNow: EpochMs): boolean => {
  const end = sessionEnd(session);
  const isOpen = session.status === 'RECORDING' || session.status === 'PAUSED';
  return isOpen && end !== null && end <= marketNow;
};

/** Merges a session's folders, so that each is one file, and counts what it holds. */
export async function closeSession(
  archive: Archive,
  session: DataSessionDoc,
  wallNow: EpochMs,
): Promise<DataSessionDoc> {
  const { marketKeys, kinds, from, to } = scopeOf(session);
  await archive.flush();
  const { faults } = await archive.compact({
    scope: { marketKeys, kinds, from, to },
    isOpenToo: true,
  });
  if (faults[0] !== undefined)
    throw new Error(`${faults[0].folder} could not be merged: ${faults[0].fault}`);
  const report = await sessionReport(archive, session);
  const isEmpty = Object.values(report.rowCounts).every((rows) => rows === 0);
  return {
    ...session,
    ...report,
    endedAt: epochMs(to),
    status: isEmpty ? 'FAILED' : 'COMPLETED',
    error: isEmpty ? 'Nothing was recorded: no trade of its markets reached the archive.' : null,
    updatedAt: wallNow,
  };
}

/** The session as its document can hold it. */
async function documentOf(archive: Archive, session: DataSessionDoc): Promise<DataSessionDoc> {
  if (Object.keys(session.checksums).length <= MAX_CHECKSUMS) return session;
  const path = manifestPath(session.sessionId);
  const checksum = await sha256(await archive.parts.files.fetch(path));
  return { ...session, checksums: { [path]: checksum } };
}

/**
 * Finishes a recording whose time is over (MD-91): closes its files, pins them in the archive, and completes its
 * document. Does nothing to one that has ended already or whose end is still to come. It may be repeated: what a
 * run that died had done is done again, and pinned files stay as they are.
 *
 * @param wallNow When it is done; the end itself is in the session.
 * @returns the session as it is stored now.
 * @throws Error when the archive cannot be read or written: try again.
 */
export async function finishSession(
  { store, archive }: { readonly store: Store; readonly archive: Archive },
  session: DataSessionDoc,
  { wallNow, marketNow }: { readonly wallNow: EpochMs; readonly marketNow: EpochMs },
): Promise<DataSessionDoc> {
  if (!isDue(session, marketNow)) return session;
  const closed = await closeSession(archive, session, wallNow);
  if (closed.status === 'COMPLETED') await archive.sessions.put(closed);
  const stored = await documentOf(archive, closed);
  return store.transact(async (tx) => {
    const path = paths.dataSession(session.sessionId);
    const known = await tx.get(path, dataSessionDoc);
    if (known === undefined || !isDue(known, marketNow)) return known ?? session;
    tx.set(path, dataSessionDoc, stored);
    return stored;
  });
}
