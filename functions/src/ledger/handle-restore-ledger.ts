import type { ExecutionPorts } from '@tradewind/adapters/execution/ports';
import { restoreBackup } from '@tradewind/adapters/reconcile/backup';
import type { CommandReply } from '@tradewind/contracts/callables';
import { riskStateDoc } from '@tradewind/contracts/documents/book';
import { backupDoc } from '@tradewind/contracts/documents/reconciliation';
import { paths } from '@tradewind/contracts/paths';
import { refuse } from '../callables/refuse.ts';

/** Restores while nothing may trade; what was booked since the backup is in the venue's fills. */
export async function handleRestoreLedger(
  { store, clock }: ExecutionPorts,
  { bookId, backupId }: { readonly bookId: string; readonly backupId: string },
): Promise<CommandReply> {
  const known = await store.get(paths.backup(bookId, backupId), backupDoc);
  if (known === undefined)
    return refuse('not_found', `There is no backup "${backupId}" of ${bookId}.`);
  const risk = await store.get(paths.riskState(bookId), riskStateDoc);
  if (risk === undefined || (risk.executionEnabled && !risk.emergencyStop))
    return refuse('refused', 'Stop entries first: a book is restored while nothing trades.');
  const { documents } = await restoreBackup(store, { bookId, backupId, now: clock.wallNow() });
  const message = `${documents} documents of ${bookId} are as they were.`;
  return { ok: true, code: 'restored', message };
}
