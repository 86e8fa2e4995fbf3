import type { ExecutionPorts } from '@tradewind/adapters/execution/ports';
import type { CommandReply } from '@tradewind/contracts/callables';
import { deadLetterDoc } from '@tradewind/contracts/documents/system';
import { paths } from '@tradewind/contracts/paths';
import { refuse } from '../callables/refuse.ts';
import { settleLetter } from './letter-alerts.ts';

/** Gives a task up for good (ARC-55): the letter stays to be read, and its reason is in the audit log. */
export async function handleDiscardDeadLetter(
  { store, clock }: Pick<ExecutionPorts, 'store' | 'clock'>,
  { deadLetterId }: { readonly deadLetterId: string },
): Promise<CommandReply> {
  const now = clock.wallNow();
  const reply = await store.transact(async (tx): Promise<CommandReply> => {
    const path = paths.deadLetter(deadLetterId);
    const letter = await tx.get(path, deadLetterDoc);
    if (letter === undefined)
      return refuse('not_found', `There is no dead letter "${deadLetterId}".`);
    if (letter.replayedAt !== null)
      return refuse('replayed', 'It was put back into its queue already.');
    if (letter.discardedAt === null) tx.set(path, deadLetterDoc, { ...letter, discardedAt: now });
    return {
      ok: true,
      code: 'discarded',
      message: `The task of ${letter.topic} was given up.`,
      id: deadLetterId,
    };
  });
  if (reply.ok) await settleLetter(store, deadLetterId, now);
  return reply;
}
