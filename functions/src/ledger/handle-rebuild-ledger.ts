import type { ExecutionPorts } from '@tradewind/adapters/execution/ports';
import { rebuildLedger } from '@tradewind/adapters/reconcile/rebuild-ledger';
import type { CommandReply } from '@tradewind/contracts/callables';
import { bookDoc } from '@tradewind/contracts/documents/book';
import { paths } from '@tradewind/contracts/paths';
import { formatDecimal } from '@tradewind/core/lib/units';
import { refuse } from '../callables/refuse.ts';

type Request = {
  readonly commandId: string;
  readonly bookId: string;
  readonly daysBack: number;
  readonly dryRun: boolean;
};

/** Rebuilds, or tells what a rebuild would change; the backup is named after the command. */
export async function handleRebuildLedger(
  ports: ExecutionPorts,
  { commandId, bookId, daysBack, dryRun }: Request,
): Promise<CommandReply> {
  const book = await ports.store.get(paths.book(bookId), bookDoc);
  if (book === undefined) return refuse('not_found', `There is no book "${bookId}".`);
  const result = await rebuildLedger(ports, { bookId, backupId: commandId, daysBack, dryRun });
  if (!result.ok) return refuse('not_rebuilt', result.error);
  const { fills, quarantined, imported, cash, realizedPnl, backupId } = result.value;
  const items = [
    ...quarantined.map((item) => ({ item, result: 'set aside', ok: false })),
    ...imported.map((item) => ({ item, result: 'imported from the venue', ok: true })),
  ];
  const figures = `cash ${formatDecimal(cash.before)} becomes ${formatDecimal(cash.after)}, realised P&L ${formatDecimal(realizedPnl.before)} becomes ${formatDecimal(realizedPnl.after)}`;
  const message = `${book.name}${dryRun ? ' would be' : ' was'} rebuilt from ${fills} fills: ${figures}.`;
  return {
    ok: true,
    code: dryRun ? 'dry_run' : 'rebuilt',
    message,
    items,
    ...(backupId === null ? {} : { id: backupId }),
  };
}
