import type { Archive } from '@tradewind/adapters/archive/archive';
import type { StorageLevel } from '@tradewind/adapters/archive/storage-budget';
import type { DataSessionDoc } from '@tradewind/contracts/documents/market';
import type { ConditionKey, TellCondition } from './conditions.ts';
import type { WorkerPorts } from './ports.ts';

const DAY_MS = 86_400_000;
/** The first time in a session: a start has more urgent work. */
const FIRST_MS = 600_000;

const KEY: ConditionKey = { rule: 'archive_storage', label: 'archive' };

/** Tells when the archive outgrows its budget (MD-87). */
export function tellStorage(
  tell: TellCondition,
  level: StorageLevel,
  { usedBytes, budgetBytes }: { readonly usedBytes: number; readonly budgetBytes: number },
): void {
  if (level === 'ok') {
    tell(KEY, null);
    return;
  }
  const [used, budget] = [usedBytes, budgetBytes].map((bytes) => (bytes / 1e9).toFixed(1));
  tell(KEY, {
    severity: level === 'critical' ? 'CRITICAL' : 'WARNING',
    message: `The archive holds ${used ?? '?'} of ${budget ?? '?'} GB. Prune it (tw data prune), keep less, or raise TRADEWIND_ARCHIVE_BUDGET_GB.`,
  });
}

/** All that a running recording covers, and what it will cover. */
const spansOf = ({ marketKeys, startedAt }: DataSessionDoc) =>
  marketKeys.map((marketKey) => ({ marketKey, from: startedAt ?? 0, to: Infinity }));

/**
 * Removes once a day what is older than it is to be kept; recordings stay, the running ones too. Replays
 * are spared: the age of their trades says nothing about how long they have been here.
 */
export function createArchiveUpkeep(
  {
    clock,
    log,
    archive,
    origin,
  }: Pick<WorkerPorts, 'clock' | 'log' | 'origin'> & {
    readonly archive: Pick<Archive, 'prune'> | null;
  },
  sessions: () => readonly DataSessionDoc[],
) {
  let dueAt = clock.wallNow() + FIRST_MS;
  const prune = async (from: Pick<Archive, 'prune'>): Promise<void> => {
    const { files, bytes } = await from.prune({ spare: sessions().flatMap(spansOf) });
    if (files > 0) log.info('old files of the archive were removed', { files, bytes });
  };
  return {
    /** Called once a second. */
    tick: (): void => {
      const now = clock.wallNow();
      if (archive === null || origin === 'recorded' || now < dueAt) return;
      dueAt = now + DAY_MS;
      prune(archive).catch((error: unknown) => {
        log.warn('the archive could not be pruned; tomorrow it is tried again', { error });
      });
    },
  };
}
