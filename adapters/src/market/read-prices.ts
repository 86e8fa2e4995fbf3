import { boardDoc, pricesOf, type LivePriceDoc } from '@tradewind/contracts/documents/market';
import { paths } from '@tradewind/contracts/paths';
import type { Store, StoreTx } from '../ledger/store.ts';

/** The last price of every market that some board has, by market key. */
export type Prices = ReadonlyMap<string, LivePriceDoc>;

/** Most boards that are read: one per worker shard, and the cycle's. */
const MAX_BOARDS = 100;

const boards = ({ firestore }: Store) =>
  firestore.collection(paths.boards).orderBy('writtenAt', 'desc').limit(MAX_BOARDS);

/**
 * The last prices of all markets, however old: who decides on one judges its age.
 *
 * One read per board, whatever the number of markets. A board that its schema refuses is left out: it
 * may hold the prices of one shard, and those of the others are still good.
 */
export async function readPrices(store: Store): Promise<Prices> {
  const listed = await store.queryEach(boards(store), boardDoc);
  return pricesOf(listed.filter((board) => board.ok).map(({ value }) => value));
}

/** The same inside a transaction. @throws MalformedDocument when a board cannot be read. */
export async function readPricesTx(store: Store, tx: StoreTx): Promise<Prices> {
  return pricesOf(await tx.query(boards(store), boardDoc));
}
