import type { Clock } from '@tradewind/adapters/clock/clock';
import type { Store } from '@tradewind/adapters/ledger/store';
import { readMarketsInUse } from '@tradewind/adapters/strategies/in-use';
import { sessionDoc } from '@tradewind/contracts/documents/session';
import { strategyDoc } from '@tradewind/contracts/documents/strategy';
import { paths } from '@tradewind/contracts/paths';
import { moveStrategy } from '@tradewind/core/session/lifecycle';
import { strategiesOf } from './handle-pause-session.ts';
import { readFigures } from './session-store.ts';

type Ports = { readonly store: Store; readonly clock: Clock };

/**
 * Ends a session that is STOPPING if its strategies have nothing under way any more: they are STOPPED, and the
 * session has its summary. False while something is held.
 */
export async function finishSession({ store, clock }: Ports, sessionId: string): Promise<boolean> {
  const session = await store.get(paths.session(sessionId), sessionDoc);
  if (session?.status !== 'STOPPING') return false;
  const { bookId, strategyIds } = session;
  for (const strategyId of strategyIds) {
    const inUse = await readMarketsInUse(store, store, { bookId, strategyId });
    if (inUse.size > 0) return false;
  }
  const endTime = clock.marketNow();
  const figures = await readFigures(store, session, endTime);
  return store.transact(async (tx) => {
    const current = await tx.get(paths.session(sessionId), sessionDoc);
    if (current?.status !== 'STOPPING') return false;
    const updatedAt = clock.wallNow();
    for (const strategy of await strategiesOf(tx, current)) {
      const moved = moveStrategy(strategy.status, 'stop');
      if (moved.ok)
        tx.set(paths.strategy(strategy.strategyId), strategyDoc, {
          ...strategy,
          status: moved.value,
          updatedAt,
        });
    }
    tx.set(paths.session(sessionId), sessionDoc, {
      ...current,
      ...figures,
      status: 'STOPPED',
      endTime,
      updatedAt,
    });
    return true;
  });
}
