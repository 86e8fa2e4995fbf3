import { raiseAlert, resolveAlert } from '@tradewind/adapters/alerts/raise-alert';
import type { Store } from '@tradewind/adapters/ledger/store';
import { deadLetterDoc, type DeadLetterDoc } from '@tradewind/contracts/documents/system';
import { paths } from '@tradewind/contracts/paths';
import type { EpochMs } from '@tradewind/core/lib/time';

/** When more of them than this wait, something fails that they have in common (ARC-55). */
const MANY = 10;

const ofOne = (deadLetterId: string) => ({
  ...{ rule: 'stuck_task', bookId: null, symbol: null, label: deadLetterId },
});
const OF_MANY = { rule: 'stuck_tasks', bookId: null, symbol: null } as const;

async function areMany(store: Store): Promise<boolean> {
  const waiting = store.firestore
    .collection(paths.deadLetters)
    .where('replayedAt', '==', null)
    .where('discardedAt', '==', null);
  return (await store.query(waiting.limit(MANY + 1), deadLetterDoc)).length > MANY;
}

/** Tells people of a letter, and once too many wait, of that. */
export async function alertOfLetter(
  store: Store,
  {
    deadLetterId,
    topic,
    payload,
    error,
    lastAt: now,
  }: Pick<DeadLetterDoc, 'deadLetterId' | 'topic' | 'payload' | 'error' | 'lastAt'>,
): Promise<void> {
  await raiseAlert(store, {
    ...ofOne(deadLetterId),
    severity: 'WARNING',
    message: `A task of ${topic} exhausted its retries and was given up: ${error}. Have it run again, or discard it, on the System page.`,
    details: { topic, payload, cause: error },
    now,
  });
  if (!(await areMany(store))) return;
  await raiseAlert(store, {
    ...OF_MANY,
    severity: 'WARNING',
    message: `More than ${MANY} tasks wait that exhausted their retries: they may fail for one reason. Look at the System page.`,
    details: { last: error },
    now,
  });
}

/** A letter waits no longer. */
export async function settleLetter(
  store: Store,
  deadLetterId: string,
  now: EpochMs,
): Promise<void> {
  await resolveAlert(store, { ...ofOne(deadLetterId), now });
  if (!(await areMany(store))) await resolveAlert(store, { ...OF_MANY, now });
}
