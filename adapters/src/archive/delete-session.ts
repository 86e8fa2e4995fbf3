import type { CommandReply } from '@tradewind/contracts/callables';
import { paths } from '@tradewind/contracts/paths';
import type { Store } from '../ledger/store.ts';
import type { Archive } from './archive.ts';

/**
 * Deletes a session, unless a backtest that is not archived refers to it (MD-95). Its rows lose their protection
 * and stay until their retention ends. The check and the deletion are one transaction, so that a backtest that
 * starts meanwhile keeps its session.
 */
export async function deleteSession(
  { store, archive }: { readonly store: Store; readonly archive: Archive | undefined },
  sessionId: string,
  { isDryRun = false } = {},
): Promise<CommandReply> {
  const { firestore, usage } = store;
  const session = firestore.doc(paths.dataSession(sessionId));
  const users = firestore.collection(paths.backtests).where('sessionId', '==', sessionId);
  const reply = await firestore.runTransaction(async (tx): Promise<CommandReply> => {
    const [known, backtests] = [await tx.get(session), await tx.get(users)];
    usage.read(session.path, known.data());
    if (backtests.empty) usage.readNone(1);
    for (const doc of backtests.docs) usage.read(doc.ref.path, doc.data());
    if (!known.exists)
      return { ok: false, code: 'not_found', message: `There is no session "${sessionId}".` };
    if (['RECORDING', 'PAUSED'].includes(String(known.get('status'))))
      return {
        ok: false,
        code: 'recording',
        message: `${sessionId} still records. Stop it first.`,
      };
    const live = backtests.docs.filter((doc) => doc.get('archived') !== true).map(({ id }) => id);
    if (live.length > 0)
      return {
        ok: false,
        code: 'in_use',
        message: `${sessionId} is what ${live.join(', ')} was computed on. Archive that backtest first.`,
      };
    if (isDryRun)
      return { ok: true, code: 'would_delete', message: `${sessionId} would be deleted.` };
    tx.delete(session);
    usage.remove(session.path);
    return { ok: true, code: 'deleted', message: `${sessionId} is deleted.`, id: sessionId };
  });
  if (reply.code === 'deleted') await archive?.sessions.remove(sessionId);
  return reply;
}
