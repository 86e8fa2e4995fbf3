import { positionDoc } from '@tradewind/contracts/documents/book';
import { intentDoc, signalDoc } from '@tradewind/contracts/documents/execution';
import { openPositions, pendingSignals, workingIntents } from '../execution/ledger-queries.ts';
import type { Store, StoreTx } from '../ledger/store.ts';
import { marketsInUse } from './active-version.ts';

/** More than one book ever has. */
const MAX_PENDING = 300;

/** `marketsInUse` of a bot or strategy, as the ledger tells it now. */
export async function readMarketsInUse(
  { firestore }: Pick<Store, 'firestore'>,
  reader: Pick<Store | StoreTx, 'query'>,
  { bookId, strategyId }: { readonly bookId: string; readonly strategyId: string },
): Promise<ReadonlySet<string>> {
  // One after the other, in the order in which an entry moves on: nothing slips through between two looks.
  const pending = await reader.query(pendingSignals({ firestore }, bookId, MAX_PENDING), signalDoc);
  const intents = await reader.query(workingIntents({ firestore }, bookId), intentDoc);
  const positions = await reader.query(openPositions({ firestore }, bookId), positionDoc);
  return marketsInUse({ pending, intents, positions }, strategyId);
}
