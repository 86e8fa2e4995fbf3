import type { Store } from '@tradewind/adapters/ledger/store';
import { botDoc } from '@tradewind/contracts/documents/bot';
import { paths } from '@tradewind/contracts/paths';

/** What was last found of a bot that trades on paper (PF-16). */
export type BotReadiness = {
  readonly botId: string;
  readonly name: string;
  readonly status: 'READY' | 'NOT_READY';
  readonly missing: readonly string[];
};

/** Every bot that was judged. */
export async function readReadiness(store: Store): Promise<readonly BotReadiness[]> {
  const bots = await store.query(store.firestore.collection(paths.bots), botDoc);
  return bots.flatMap(({ botId, name, readiness }) =>
    readiness === undefined
      ? []
      : [{ botId, name, status: readiness.status, missing: readiness.missing }],
  );
}

/** One line a bot. */
export const readinessText = ({ name, status, missing }: BotReadiness): string =>
  `  ${name}: ${status === 'READY' ? 'ready' : `NOT READY, needs ${missing.join('; ')}`}`;
