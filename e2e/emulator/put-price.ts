import { boardDoc, type BoardPrice } from '@tradewind/contracts/documents/market';
import { paths } from '@tradewind/contracts/paths';
import type { Ledger } from './open-ledger.ts';

type Put = Pick<BoardPrice, 'symbol' | 'price'> & { readonly marketKey: string };

/** A trade just now on the board of a live worker; `changes` bend it, the others on the board stay. */
export async function putPrice(
  { store, clock }: Ledger,
  { marketKey, ...put }: Put & Partial<BoardPrice>,
): Promise<void> {
  const path = paths.board('worker-0');
  await store.transact(async (tx) => {
    const known = await tx.get(path, boardDoc);
    const price: BoardPrice = {
      bid: null,
      ask: null,
      at: clock.marketNow(),
      receivedAt: clock.wallNow(),
      source: 'ws',
      stale: false,
      degraded: false,
      conflict: false,
      dataQuality: 1,
      ...put,
    };
    tx.set(path, boardDoc, {
      shard: 'worker-0',
      prices: { ...known?.prices, [marketKey]: price },
      origin: 'synthetic',
      writtenAt: clock.wallNow(),
      maxAgeMs: 15_000,
    });
  });
}
