import {
  collection,
  doc,
  limit,
  onSnapshot,
  orderBy,
  query,
  where,
  type Firestore,
  type FirestoreError,
  type QueryConstraint,
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

/** Listens with metadata, so that losing the server is seen although nothing changed. */
export function watchFirestore(
  db: Firestore,
  target: WatchTarget,
  listener: WatchListener,
): () => void {
  const options = { includeMetadataChanges: true };
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
      });
    },
    failed,
  );
}
