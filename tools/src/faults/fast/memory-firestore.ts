import type { Firestore } from 'firebase-admin/firestore';
import type { Data, Disk, Stored, Write } from './memory-disk.ts';
import { filterOf, select, type Conditions } from './memory-query.ts';

/** One request to the store, before it is made. */
export type StoreStep = {
  readonly op: 'read' | 'query' | 'commit';
  /** Documents, or the one collection that is queried. */
  readonly paths: readonly string[];
};
/** Makes a request: whatever lies between a process and the store happens in here. */
export type StoreIo = <T>(step: StoreStep, effect: () => T) => Promise<T>;

type Ref = { readonly path: string };
type Precondition = { readonly lastUpdateTime?: UpdateTime };

/** When a document was last written: versions stand for times. */
class UpdateTime {
  readonly version: number;
  constructor(version: number) {
    this.version = version;
  }
  isEqual(other: UpdateTime): boolean {
    return other.version === this.version;
  }
}

const idOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

const writeOf = (kind: Write['kind'], { path }: Ref, data: Data = {}): Write => ({
  kind,
  path,
  data,
});

type Commit = (writes: readonly Write[]) => Promise<void>;

function createBatch(commit: Commit) {
  const writes: Write[] = [];
  const put = (write: Write, { lastUpdateTime }: Precondition = {}): void => {
    writes.push(lastUpdateTime === undefined ? write : { ...write, at: lastUpdateTime.version });
  };
  return {
    create: (ref: Ref, data: Data) => {
      put(writeOf('create', ref, data));
    },
    set: (ref: Ref, data: Data) => {
      put(writeOf('set', ref, data));
    },
    update: (ref: Ref, data: Data, condition?: Precondition) => {
      put(writeOf('update', ref, data), condition);
    },
    delete: (ref: Ref, condition?: Precondition) => {
      put(writeOf('delete', ref), condition);
    },
    commit: () => commit(writes),
  };
}

/**
 * Firestore's own interface, as far as `adapters/ledger` uses it, on a disk in memory: the real store
 * with its optimistic transactions runs on it, and e2e/emulator/ledger.test.ts holds both to one contract.
 */
export function createMemoryFirestore(disk: Disk, io: StoreIo): Firestore {
  const snapshotOf = (path: string, stored: Stored | undefined) => ({
    id: idOf(path),
    ref: doc(path),
    exists: stored !== undefined,
    data: () => stored?.data,
    updateTime: stored === undefined ? undefined : new UpdateTime(stored.version),
  });
  const read = (paths: readonly string[]) =>
    io({ op: 'read', paths }, () => paths.map((path) => snapshotOf(path, disk.get(path))));
  const commit: Commit = (writes) =>
    io({ op: 'commit', paths: writes.map(({ path }) => path) }, () => {
      disk.commit(writes);
    });
  const doc = (path: string) => ({
    path,
    id: idOf(path),
    get: async () => (await read([path]))[0],
    set: (data: Data) => commit([writeOf('set', { path }, data)]),
    create: (data: Data) => commit([writeOf('create', { path }, data)]),
    update: (data: Data) => commit([writeOf('update', { path }, data)]),
    delete: () => commit([writeOf('delete', { path })]),
  });
  const query = (collection: string, conditions: Conditions) => ({
    where: (field: string, operator: string, value: unknown) =>
      query(collection, {
        ...conditions,
        filters: [...conditions.filters, filterOf(field, operator, value)],
      }),
    orderBy: (field: string, direction: 'asc' | 'desc' = 'asc') =>
      query(collection, { ...conditions, sort: { field, sign: direction === 'asc' ? 1 : -1 } }),
    limit: (limit: number) => query(collection, { ...conditions, limit }),
    count: () => ({
      get: () =>
        io({ op: 'query', paths: [collection] }, () => {
          const count = select(disk, collection, conditions).length;
          return { data: () => ({ count }) };
        }),
    }),
    get: async () => ({
      docs: await io({ op: 'query', paths: [collection] }, () =>
        select(disk, collection, conditions).map(([path, stored]) => snapshotOf(path, stored)),
      ),
    }),
  });
  const surface = {
    doc,
    batch: () => createBatch(commit),
    collection: (path: string) => query(path, { filters: [] }),
    getAll: (...refs: readonly Ref[]) => read(refs.map(({ path }) => path)),
  };
  // What the store does not use is not there: a call of it fails at once.
  return surface as unknown as Firestore;
}
