import { id, marketKey as marketKeyText } from '@tradewind/contracts/wire';
import { paths } from '@tradewind/contracts/paths';
import type { EpochMs } from '@tradewind/core/lib/time';
import type { Replayer } from '@tradewind/core/parity/replay-decisions';
import { replayRecording, type Parity } from '@tradewind/core/parity/replay-recording';
import * as z from 'zod';
import type { Store } from '../ledger/store.ts';
import { loadRecording } from './load-recording.ts';

/** A bot or strategy of a book, and its markets. */
export type Trading = { readonly strategyId: string; readonly marketKeys: readonly string[] };

const botIn = z.object({ marketKey: marketKeyText });
const strategyIn = z.object({ marketKeys: z.array(id) });

/**
 * Bots and strategies of a book, whether they run or not: what was decided yesterday stays decided. Only what is
 * asked for is read, so that a malformed document keeps no other from being replayed.
 */
export async function tradingOf(
  { firestore, ...store }: Store,
  bookId: string,
): Promise<Trading[]> {
  const own = (collection: string) =>
    firestore.collection(collection).where('bookId', '==', bookId);
  const [bots, strategies] = await Promise.all([
    store.queryEach(own(paths.bots).select('marketKey'), botIn),
    store.queryEach(own(paths.strategies).select('marketKeys'), strategyIn),
  ]);
  return [
    ...bots.flatMap((bot) =>
      bot.ok ? [{ strategyId: bot.id, marketKeys: [bot.value.marketKey] }] : [],
    ),
    ...strategies.flatMap((strategy) =>
      strategy.ok ? [{ strategyId: strategy.id, marketKeys: strategy.value.marketKeys }] : [],
    ),
  ].sort((a, b) => (a.strategyId < b.strategyId ? -1 : 1));
}

/** Replays what one bot or strategy decided in `[from, to)`, market time, hour by whole hour; markets without a record are left out. */
export async function replayTrading(
  store: Store,
  { strategyId, marketKeys }: Trading,
  of: {
    readonly bookId: string;
    readonly from: EpochMs;
    readonly to: EpochMs;
    readonly replayer: Replayer;
  },
): Promise<readonly Parity[]> {
  const { bookId, from, to, replayer } = of;
  const parities: Parity[] = [];
  // One after the other: a day of a market is some megabytes.
  for (const marketKey of marketKeys) {
    const recording = await loadRecording(store, { bookId, strategyId, marketKey, from, to });
    if (recording !== null) parities.push(replayRecording(recording, replayer));
  }
  return parities;
}
