import type {
  DocumentReference,
  DocumentSnapshot,
  Firestore,
  WriteBatch,
} from 'firebase-admin/firestore';
import type { UsageMeter } from './store.ts';

/** What became of a commit: a conflict may be tried again from the reads on. */
export type Fate =
  { readonly committed: true } | { readonly committed: false; readonly conflict: Error };

/** One attempt of an optimistic transaction: what it read, and the writes that depend on it. */
export type Attempt = {
  readonly read: (refs: readonly DocumentReference[]) => Promise<DocumentSnapshot[]>;
  readonly remember: (snapshots: DocumentSnapshot[]) => DocumentSnapshot[];
  readonly create: (ref: DocumentReference, data: object) => void;
  readonly set: (ref: DocumentReference, data: object) => void;
  readonly guard: (ref: DocumentReference) => void;
  /** @throws Error for everything but a conflict. */
  readonly commit: () => Promise<Fate>;
};

/** gRPC status code of a Firestore error; `undefined` for any other error. */
export const codeOf = (error: unknown): number | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'number'
    ? error.code
    : undefined;

/** NOT_FOUND, ALREADY_EXISTS, FAILED_PRECONDITION, ABORTED: what was read is no longer so. */
const CONFLICTS: ReadonlySet<number | undefined> = new Set([5, 6, 9, 10]);

/** An empty attempt on `firestore`; every read and every committed write is counted in `usage`. */
export function bindAttempt(firestore: Firestore, usage: UsageMeter): Attempt {
  const seen = new Map<string, DocumentSnapshot>();
  const batch: WriteBatch = firestore.batch();
  let writes = 0;
  /** A document that is created without having been looked at: trying again cannot help. */
  let isBlind = false;

  const remember = (snapshots: DocumentSnapshot[]): DocumentSnapshot[] => {
    for (const snapshot of snapshots) seen.set(snapshot.ref.path, snapshot);
    return snapshots;
  };
  const replace = (snapshot: DocumentSnapshot, data: object): void => {
    // `update` replaces each top-level field that it names, and schemas name them all.
    const { updateTime } = snapshot;
    batch.update(
      snapshot.ref,
      data,
      updateTime === undefined ? {} : { lastUpdateTime: updateTime },
    );
  };

  return {
    remember,
    read: async (refs) => {
      if (refs.length === 0) return [];
      usage.reads += refs.length;
      return remember(await firestore.getAll(...refs));
    },
    create: (ref, data) => {
      isBlind ||= !seen.has(ref.path);
      batch.create(ref, data);
      writes += 1;
    },
    set: (ref, data) => {
      const snapshot = seen.get(ref.path);
      if (snapshot === undefined) batch.set(ref, data);
      else if (snapshot.exists) replace(snapshot, data);
      else batch.create(ref, data);
      writes += 1;
    },
    guard: (ref) => {
      const snapshot = seen.get(ref.path);
      const data: object = snapshot?.data() ?? {};
      const [first] = Object.entries(data);
      if (snapshot === undefined || first === undefined)
        throw new Error(`Invariant: ${ref.path} was read and exists before it is guarded`);
      // Writing a field as it is changes nothing, but only commits if the document is unchanged.
      replace(snapshot, Object.fromEntries([first]));
      writes += 1;
    },
    commit: async () => {
      if (writes === 0) return { committed: true };
      try {
        await batch.commit();
        usage.writes += writes;
        return { committed: true };
      } catch (error) {
        if (!(error instanceof Error) || !CONFLICTS.has(codeOf(error)) || isBlind) throw error;
        return { committed: false, conflict: error };
      }
    },
  };
}
