import type {
  DocumentReference,
  DocumentSnapshot,
  Firestore,
  WriteBatch,
} from 'firebase-admin/firestore';
import type { UsageMeter } from './usage-meter.ts';

/** What became of an attempt; after a conflict it may be made again from the reads on. */
export type Fate<T> =
  | { readonly committed: true; readonly result: T }
  | { readonly committed: false; readonly conflict: Error };

/** One attempt of an optimistic transaction: what it read, and the writes that depend on it. */
export type Attempt = {
  readonly read: (refs: readonly DocumentReference[]) => Promise<DocumentSnapshot[]>;
  readonly remember: (snapshots: DocumentSnapshot[]) => DocumentSnapshot[];
  readonly create: (ref: DocumentReference, data: object) => void;
  readonly set: (ref: DocumentReference, data: object) => void;
  readonly remove: (ref: DocumentReference) => void;
  readonly guard: (ref: DocumentReference) => void;
  /**
   * Runs `body` and commits what it wrote. What it concludes without writing, and what it throws,
   * counts only if everything that it read is still so.
   *
   * @throws Error for everything but a conflict.
   */
  readonly run: <T>(body: () => Promise<T>) => Promise<Fate<T>>;
};

/** gRPC status code of a Firestore error; `undefined` for any other error. */
export const codeOf = (error: unknown): number | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'number'
    ? error.code
    : undefined;

/** gRPC status of a document that was to be created and is there. */
export const ALREADY_EXISTS = 6;

/** NOT_FOUND, ALREADY_EXISTS, FAILED_PRECONDITION, ABORTED: what was read is no longer so. */
const CONFLICTS: ReadonlySet<number | undefined> = new Set([5, ALREADY_EXISTS, 9, 10]);

/** Nothing was written, and what was read did not exist together. */
class TornRead extends Error {
  constructor() {
    super('Documents changed while they were read.');
    this.name = 'TornRead';
  }
}

/** The outcome of `action`; an error that `isConflict` says so is a reason to try again. */
async function judge<T>(
  action: () => Promise<T>,
  isConflict: (error: Error) => Promise<boolean>,
): Promise<Fate<T>> {
  try {
    return { committed: true, result: await action() };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (error instanceof TornRead || (await isConflict(error)))
      return { committed: false, conflict: error };
    throw error;
  }
}

const isSame = (before: DocumentSnapshot, now: DocumentSnapshot | undefined): boolean =>
  before.updateTime === undefined || now?.updateTime === undefined
    ? before.updateTime === now?.updateTime
    : before.updateTime.isEqual(now.updateTime);

/** A field as it is: writing it changes nothing, but only commits if its document is unchanged. */
function unchangedField(
  ref: DocumentReference,
  snapshot: DocumentSnapshot | undefined,
): { readonly snapshot: DocumentSnapshot; readonly data: object } {
  const [first] = Object.entries<unknown>(snapshot?.data() ?? {});
  if (snapshot === undefined || first === undefined)
    throw new Error(`Invariant: ${ref.path} was read and exists before it is guarded`);
  return { snapshot, data: Object.fromEntries([first]) };
}

const countedReads =
  (firestore: Firestore, usage: UsageMeter) =>
  async (refs: readonly DocumentReference[]): Promise<DocumentSnapshot[]> => {
    const snapshots = refs.length === 0 ? [] : await firestore.getAll(...refs);
    for (const snapshot of snapshots) usage.read(snapshot.ref.path, snapshot.data());
    return snapshots;
  };

/** Whether what was read, looked at again, is still so. */
async function isUnchanged(
  before: readonly DocumentSnapshot[],
  read: (refs: readonly DocumentReference[]) => Promise<DocumentSnapshot[]>,
): Promise<boolean> {
  // One document is always in agreement with itself.
  if (before.length < 2) return true;
  const now = await read(before.map(({ ref }) => ref));
  return before.every((snapshot, index) => isSame(snapshot, now[index]));
}

/** `null` for what was taken away; new is what had not been there. */
type Written = { readonly path: string; readonly data: object | null; readonly isNew: boolean };

/** An empty attempt on `firestore`; every read and every committed write is counted in `usage`. */
export function bindAttempt(firestore: Firestore, usage: UsageMeter): Attempt {
  const seen = new Map<string, DocumentSnapshot>();
  const batch: WriteBatch = firestore.batch();
  const writes: Written[] = [];
  const wrote = ({ path }: DocumentReference, data: object | null, isNew = false): void =>
    void writes.push({ path, data, isNew });
  /** A document that is created without having been looked at: trying again cannot help. */
  let isBlind = false;

  const remember = (snapshots: DocumentSnapshot[]): DocumentSnapshot[] => {
    // The first look counts: what was decided on it may not be written over what a second look found.
    for (const it of snapshots) seen.set(it.ref.path, seen.get(it.ref.path) ?? it);
    return snapshots;
  };
  const replace = (snapshot: DocumentSnapshot, data: object): void => {
    // `update` replaces each top-level field that it names, and schemas name them all.
    const { ref, updateTime } = snapshot;
    batch.update(ref, data, updateTime === undefined ? {} : { lastUpdateTime: updateTime });
  };

  const read = countedReads(firestore, usage);
  const isCurrent = (): Promise<boolean> => isUnchanged([...seen.values()], read);

  return {
    remember,
    read: async (refs) => remember(await read(refs)),
    create: (ref, data) => {
      isBlind ||= !seen.has(ref.path);
      batch.create(ref, data);
      wrote(ref, data, true);
    },
    set: (ref, data) => {
      const snapshot = seen.get(ref.path);
      if (snapshot === undefined) batch.set(ref, data);
      else if (snapshot.exists) replace(snapshot, data);
      else batch.create(ref, data);
      wrote(ref, data, snapshot?.exists === false);
    },
    remove: (ref) => {
      const updateTime = seen.get(ref.path)?.updateTime;
      batch.delete(ref, updateTime === undefined ? {} : { lastUpdateTime: updateTime });
      wrote(ref, null);
    },
    guard: (ref) => {
      const { snapshot, data } = unchangedField(ref, seen.get(ref.path));
      replace(snapshot, data);
      wrote(ref, snapshot.data() ?? data);
    },
    run: (body) =>
      judge(
        async () => {
          const result = await body();
          if (writes.length > 0) await batch.commit();
          else if (!(await isCurrent())) throw new TornRead();
          for (const { path, data, isNew } of writes)
            if (data === null) usage.remove(path);
            else usage.write(path, data, isNew);
          return result;
        },
        async (error) => (CONFLICTS.has(codeOf(error)) && !isBlind) || !(await isCurrent()),
      ),
  };
}
