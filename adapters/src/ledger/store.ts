import {
  type DocumentReference,
  type DocumentSnapshot,
  type Firestore,
  type Query,
  type Transaction,
} from 'firebase-admin/firestore';
import type { z } from 'zod';

/** Counts billed operations: what a desk costs is measured, not hoped (architecture, section 4). */
export type UsageMeter = { reads: number; writes: number };

/** A document schema: wire shape outside, domain shape inside. */
type Schema = z.ZodType<object, object>;

/** Reads and writes of one transaction; reads come before writes. */
export type StoreTx = {
  readonly get: <S extends Schema>(path: string, schema: S) => Promise<z.infer<S> | undefined>;
  readonly query: <S extends Schema>(query: Query, schema: S) => Promise<z.infer<S>[]>;
  /** Fails the transaction when the document exists. */
  readonly create: <S extends Schema>(path: string, schema: S, value: z.infer<S>) => void;
  /** Replaces the document. */
  readonly set: <S extends Schema>(path: string, schema: S, value: z.infer<S>) => void;
};

/** Typed documents: every read is parsed and every write is encoded by the one schema of its path. */
export type Store = {
  readonly firestore: Firestore;
  readonly usage: UsageMeter;
  readonly get: StoreTx['get'];
  readonly query: StoreTx['query'];
  readonly set: <S extends Schema>(path: string, schema: S, value: z.infer<S>) => Promise<void>;
  /** False when the document exists already, which then stays as it is. */
  readonly create: <S extends Schema>(
    path: string,
    schema: S,
    value: z.infer<S>,
  ) => Promise<boolean>;
  /**
   * Runs `body` in one transaction. Firestore may run it several times: it must have no effect
   * but through `tx`.
   */
  readonly transact: <T>(body: (tx: StoreTx) => Promise<T>) => Promise<T>;
};

/** A stored document that its schema refuses: wrong is worse than missing, so nothing trades on it. */
export class MalformedDocument extends Error {
  constructor(path: string, cause: z.ZodError) {
    const faults = cause.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    super(`Document ${path} is malformed: ${faults.join('; ')}`, { cause });
    this.name = 'MalformedDocument';
  }
}

const ALREADY_EXISTS = 6;
const isAlreadyExists = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === ALREADY_EXISTS;

function decode<S extends Schema>(snapshot: DocumentSnapshot, schema: S): z.infer<S> | undefined {
  if (!snapshot.exists) return undefined;
  const parsed = schema.safeParse(snapshot.data() ?? {});
  if (!parsed.success) throw new MalformedDocument(snapshot.ref.path, parsed.error);
  return parsed.data;
}

/** The ledger's door: `firestore` with schemas on both sides and a meter on all of it. */
export function createStore(firestore: Firestore): Store {
  const usage: UsageMeter = { reads: 0, writes: 0 };
  const ref = (path: string): DocumentReference => firestore.doc(path);

  const readOne = async <S extends Schema>(
    pending: Promise<DocumentSnapshot>,
    schema: S,
  ): Promise<z.infer<S> | undefined> => {
    const snapshot = await pending;
    usage.reads += 1;
    return decode(snapshot, schema);
  };
  const readMany = async <S extends Schema>(
    pending: ReturnType<Query['get']>,
    schema: S,
  ): Promise<z.infer<S>[]> => {
    const { docs } = await pending;
    // An empty result is billed as one read.
    usage.reads += Math.max(1, docs.length);
    return docs.map((doc) => decode(doc, schema)).filter((value) => value !== undefined);
  };

  const bind = (tx: Transaction): StoreTx => ({
    get: (path, schema) => readOne(tx.get(ref(path)), schema),
    query: (query, schema) => readMany(tx.get(query), schema),
    create: (path, schema, value) => {
      tx.create(ref(path), schema.encode(value));
      usage.writes += 1;
    },
    set: (path, schema, value) => {
      tx.set(ref(path), schema.encode(value));
      usage.writes += 1;
    },
  });

  return {
    firestore,
    usage,
    get: (path, schema) => readOne(ref(path).get(), schema),
    query: (query, schema) => readMany(query.get(), schema),
    set: async (path, schema, value) => {
      await ref(path).set(schema.encode(value));
      usage.writes += 1;
    },
    create: async (path, schema, value) => {
      try {
        await ref(path).create(schema.encode(value));
        usage.writes += 1;
        return true;
      } catch (error) {
        if (isAlreadyExists(error)) return false;
        throw error;
      }
    },
    transact: (body) => firestore.runTransaction((tx) => body(bind(tx))),
  };
}
