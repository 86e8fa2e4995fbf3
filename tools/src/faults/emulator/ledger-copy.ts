import type { Store } from '@tradewind/adapters/ledger/store';
import { paths } from '@tradewind/contracts/paths';
import { createDisk, type Disk } from '../fast/memory-disk.ts';
import { BOOK } from '../fast/seed-book.ts';

const COLLECTIONS = [
  paths.signals(BOOK),
  paths.intents(BOOK),
  paths.orders(BOOK),
  paths.positions(BOOK),
  paths.ledger(BOOK),
  paths.reconciliations(BOOK),
  paths.markets,
];

/** What a book's ledger holds now, in memory: it is compared with the very code of the fast lab. */
export async function copyLedger({ firestore }: Store): Promise<Disk> {
  const disk = createDisk();
  const copy = async (collection: string): Promise<readonly string[]> => {
    const { docs } = await firestore.collection(collection).get();
    for (const doc of docs) disk.place(doc.ref.path, doc.data());
    return docs.map(({ id }) => id);
  };
  const [, , orderIds = []] = await Promise.all(COLLECTIONS.map(copy));
  await Promise.all(orderIds.map((orderId) => copy(paths.fills(BOOK, orderId))));
  const book = await firestore.doc(paths.book(BOOK)).get();
  disk.place(paths.book(BOOK), book.data() ?? {});
  return disk;
}
