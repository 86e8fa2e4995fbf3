/** A document's fields as Firestore holds them. */
export type Data = Readonly<Record<string, unknown>>;
/** A stored document; `version` grows with every write of the disk. */
export type Stored = { readonly data: Data; readonly version: number };

/** One write of a commit, with what must hold for it. */
export type Write = {
  readonly kind: 'create' | 'set' | 'update' | 'delete';
  readonly path: string;
  readonly data: Data;
  /** The version that must still be there; left out, any. */
  readonly at?: number;
};

/** An error with the status code that gRPC has for it. */
export class StoreError extends Error {
  readonly code: number;
  constructor(code: number, message: string) {
    super(`${code} ${message}`);
    this.name = 'StoreError';
    this.code = code;
  }
}

/** Documents in memory, shared by all processes of a scenario. */
export type Disk = {
  readonly get: (path: string) => Stored | undefined;
  /** Documents of one collection by id, without those of collections below it. */
  readonly list: (collection: string) => ReadonlyMap<string, Stored>;
  /**
   * Applies all writes or none.
   *
   * @throws StoreError 5, 6 or 9 as Firestore does, when what a write expects is not so.
   */
  readonly commit: (writes: readonly Write[]) => void;
  /** Puts a document there as it is, unchecked and unobserved. */
  readonly place: (path: string, data: Data) => void;
};

/** Called after each commit with the paths that it wrote. */
type Observer = (writes: readonly Write[]) => void;

const NOT_FOUND = 5;
const ALREADY_EXISTS = 6;
const FAILED_PRECONDITION = 9;
const NONE: ReadonlyMap<string, Stored> = new Map();

const split = (path: string): readonly [collection: string, id: string] => {
  const at = path.lastIndexOf('/');
  return [path.slice(0, at), path.slice(at + 1)];
};

/** Firestore refuses `undefined`: a schema that lets it through is a bug that must not hide here. */
function refuseUndefined(value: unknown, path: string): void {
  if (value === undefined) throw new StoreError(3, `INVALID_ARGUMENT: undefined in ${path}`);
  if (Array.isArray(value)) for (const item of value) refuseUndefined(item, path);
  else if (typeof value === 'object' && value !== null && !(value instanceof Date))
    for (const item of Object.values(value)) refuseUndefined(item, path);
}

/** An empty disk; `observe` hears of every commit. */
export function createDisk(observe: Observer = () => undefined): Disk {
  const collections = new Map<string, Map<string, Stored>>();
  let version = 0;
  const get = (path: string): Stored | undefined => {
    const [collection, id] = split(path);
    return collections.get(collection)?.get(id);
  };
  const check = ({ kind, path, data, at }: Write): void => {
    const known = get(path);
    if (kind === 'create' && known !== undefined)
      throw new StoreError(ALREADY_EXISTS, `ALREADY_EXISTS: ${path}`);
    if (kind === 'update' && known === undefined)
      throw new StoreError(NOT_FOUND, `NOT_FOUND: ${path}`);
    if (at !== undefined && known?.version !== at)
      throw new StoreError(FAILED_PRECONDITION, `FAILED_PRECONDITION: ${path} has changed`);
    refuseUndefined(data, path);
  };
  const apply = ({ kind, path, data }: Write): void => {
    const [name, id] = split(path);
    const collection = collections.get(name) ?? new Map<string, Stored>();
    collections.set(name, collection);
    if (kind === 'delete') collection.delete(id);
    else {
      const before = kind === 'update' ? collection.get(id)?.data : undefined;
      collection.set(id, { data: before === undefined ? data : { ...before, ...data }, version });
    }
  };
  return {
    get,
    list: (collection) => collections.get(collection) ?? NONE,
    commit: (writes) => {
      writes.forEach(check);
      version += 1;
      writes.forEach(apply);
      observe(writes);
    },
    place: (path, data) => {
      version += 1;
      apply({ kind: 'set', path, data });
    },
  };
}
