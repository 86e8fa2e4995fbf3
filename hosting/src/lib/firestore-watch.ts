import {
  collection,
  doc,
  limit,
  onSnapshot,
  orderBy,
  query,
  where,
  type DocumentSnapshot,
  type Firestore,
  type FirestoreError,
  type QueryConstraint,
  type QuerySnapshot,
} from 'firebase/firestore';
import type { WatchListener, WatchTarget } from './ports.ts';

const ERRORS: Readonly<Partial<Record<string, string>>> = {
  'permission-denied': 'your role may not read this, or your sign-in has expired',
  unauthenticated: 'your sign-in has expired',
  'resource-exhausted': 'the database refuses more reads for now',
  'failed-precondition': 'an index is missing in the database',
};

const inWords = (error: FirestoreError): string =>
  ERRORS[error.code] ?? `the database answered "${error.message}"`;

/**
 * Documents that the server sent with a snapshot: each change once, and an empty answer as one, as they are billed.
 * A change of metadata alone sends none.
 */
function countSent() {
  let answered = false;
  let seen: string | undefined;
  const first = (fromCache: boolean): number => {
    if (fromCache || answered) return 0;
    answered = true;
    return 1;
  };
  return {
    query: (snapshot: QuerySnapshot): number => {
      const { fromCache } = snapshot.metadata;
      if (fromCache) return 0;
      return Math.max(snapshot.docChanges().length, first(fromCache));
    },
    document: (snapshot: DocumentSnapshot): number => {
      const { fromCache } = snapshot.metadata;
      const data = JSON.stringify(snapshot.data() ?? null);
      if (fromCache || data === seen) return first(fromCache);
      seen = data;
      first(fromCache);
      return 1;
    },
  };
}

/** Listens with metadata, so that losing the server is seen although nothing changed. */
export function watchFirestore(
  db: Firestore,
  target: WatchTarget,
  listener: WatchListener,
): () => void {
  const options = { includeMetadataChanges: true };
  const sent = countSent();
  const failed = (error: FirestoreError): void => {
    listener.failed(inWords(error));
  };
  if (target.kind === 'document')
    return onSnapshot(
      doc(db, target.path),
      options,
      (snapshot) => {
        const data: unknown = snapshot.data();
        listener.next({
          documents: snapshot.exists() ? [{ path: snapshot.ref.path, data }] : [],
          fromCache: snapshot.metadata.fromCache,
          reads: sent.document(snapshot),
        });
      },
      failed,
    );
  const constraints: QueryConstraint[] = [limit(target.limit)];
  if (target.where !== undefined) constraints.push(where(target.where[0], 'in', target.where[1]));
  if (target.newestBy !== undefined) constraints.push(orderBy(target.newestBy, 'desc'));
  return onSnapshot(
    query(collection(db, target.path), ...constraints),
    options,
    (snapshot) => {
      listener.next({
        documents: snapshot.docs.map((one) => ({ path: one.ref.path, data: one.data() })),
        fromCache: snapshot.metadata.fromCache,
        reads: sent.query(snapshot),
      });
    },
    failed,
  );
}
