import {
  backedUpDoc,
  backupDoc,
  type BackupDoc,
} from '@tradewind/contracts/documents/reconciliation';
import { paths } from '@tradewind/contracts/paths';
import { hashId } from '@tradewind/core/lib/ids';
import type { EpochMs } from '@tradewind/core/lib/time';
import type { DocumentData, DocumentReference } from 'firebase-admin/firestore';
import * as z from 'zod';
import type { Store } from '../ledger/store.ts';

/** Documents that a rebuild may change, as they are stored. */
type Stored = { readonly ref: DocumentReference; readonly data: DocumentData };

/** Writes that go together at most. */
const CHUNK = 50;

/** Everything that a rebuild may replace: book, positions, trades, entries and fills. Orders stay as they are. */
export async function documentsOf(
  { firestore }: Store,
  bookId: string,
): Promise<readonly Stored[]> {
  const collections = [paths.positions(bookId), paths.trades(bookId), paths.ledger(bookId)];
  const orders = await firestore.collection(paths.orders(bookId)).get();
  const fills = orders.docs.map(({ id }) => paths.fills(bookId, id));
  const found: Stored[] = [];
  for (const path of [...collections, ...fills]) {
    const { docs } = await firestore.collection(path).get();
    found.push(...docs.map((doc) => ({ ref: doc.ref, data: doc.data() })));
  }
  const book = await firestore.doc(paths.book(bookId)).get();
  const data = book.data();
  return data === undefined ? found : [...found, { ref: book.ref, data }];
}

/** Copies them aside; complete when the backup's own document says so. */
export async function writeBackup(
  store: Store,
  backup: { readonly bookId: string; readonly backupId: string; readonly now: EpochMs },
): Promise<BackupDoc> {
  const { bookId, backupId, now } = backup;
  const documents = await documentsOf(store, bookId);
  for (const { ref, data } of documents)
    await store.set(`${paths.backedUp(bookId, backupId)}/${hashId(ref.path)}`, backedUpDoc, {
      path: ref.path,
      data,
    });
  const doc: BackupDoc = {
    ...{ backupId, bookId, status: 'WRITTEN', documents: documents.length },
    at: now,
    updatedAt: now,
  };
  await store.set(paths.backup(bookId, backupId), backupDoc, doc);
  return doc;
}

/** A document of any shape, as it is stored. */
const anyDoc = z.record(z.string(), z.unknown());

/** Writes some documents and takes others away, in chunks; repeating it is harmless. */
export async function replaceDocuments(
  store: Store,
  change: {
    readonly set: ReadonlyMap<string, DocumentData>;
    readonly remove: readonly string[];
  },
): Promise<void> {
  // Each as a whole: a transaction would leave fields that a document no longer has.
  for (const chunk of chunksOf([...change.set]))
    await Promise.all(chunk.map(([path, data]) => store.set(path, anyDoc, data)));
  for (const chunk of chunksOf(change.remove))
    await store.transact(async (tx) => {
      const known = await tx.getMany(chunk, anyDoc);
      for (const [index, path] of chunk.entries()) if (known[index] !== undefined) tx.remove(path);
    });
}

function chunksOf<T>(items: readonly T[]): readonly (readonly T[])[] {
  const count = Math.ceil(items.length / CHUNK);
  return Array.from({ length: count }, (_, index) =>
    items.slice(index * CHUNK, (index + 1) * CHUNK),
  );
}

/**
 * Puts a book back as a backup has it. Repeating it is harmless, so that one that was cut short is run again.
 *
 * @throws Error when there is no such backup, or it is not complete.
 */
export async function restoreBackup(
  store: Store,
  backup: { readonly bookId: string; readonly backupId: string; readonly now: EpochMs },
): Promise<BackupDoc> {
  const { bookId, backupId, now } = backup;
  const known = await store.get(paths.backup(bookId, backupId), backupDoc);
  if (known === undefined)
    throw new Error(`There is no complete backup "${backupId}" of ${bookId}.`);
  const kept = await store.query(
    store.firestore.collection(paths.backedUp(bookId, backupId)),
    backedUpDoc,
  );
  if (kept.length !== known.documents)
    throw new Error(`Backup "${backupId}" has ${kept.length} of ${known.documents} documents.`);
  const set = new Map(kept.map(({ path, data }) => [path, data]));
  const current = await documentsOf(store, bookId);
  const remove = current.map(({ ref }) => ref.path).filter((path) => !set.has(path));
  await replaceDocuments(store, { set, remove });
  const restored: BackupDoc = { ...known, status: 'RESTORED', updatedAt: now };
  await store.set(paths.backup(bookId, backupId), backupDoc, restored);
  return restored;
}
