import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { openArchive, type Archive } from '@tradewind/adapters/archive/archive';
import { ImportRefused } from '@tradewind/adapters/archive/import-file';
import { QueryRefused } from '@tradewind/adapters/archive/query';
import { silentLog } from '@tradewind/adapters/telemetry/log';
import { Fault } from '../lib/fault.ts';

export type Place = { readonly archive?: string };

const ROOT = join(import.meta.dirname, '..', '..', '..');

/** npm changes into the repository: paths are meant from where the person stands. */
export const fromHere = (path: string): string =>
  resolve(process.env['TRADEWIND_CWD'] ?? process.cwd(), path);

/** Where the archive is: as asked for, else `TRADEWIND_ARCHIVE`, else the local desk's. */
export function placeOf({ archive }: Place): string {
  const chosen = archive ?? process.env['TRADEWIND_ARCHIVE'];
  if (chosen === undefined || chosen === '') return join(ROOT, '.tradewind', 'archive');
  return chosen.startsWith('gs://') ? chosen : fromHere(chosen);
}

/** Faults of the archive that are the person's to mend are printed without a stack. */
function inWords(error: unknown): unknown {
  const isTheirs =
    error instanceof QueryRefused || error instanceof ImportRefused || error instanceof RangeError;
  return isTheirs ? new Fault(error.message) : error;
}

/**
 * Opens the archive for one command and closes it after.
 *
 * @param isNew - The command may begin an archive; others say how to begin one where there is none.
 * @throws Fault in words for the person.
 */
export async function withArchive<R>(
  place: Place,
  { isNew = false }: { readonly isNew?: boolean },
  work: (archive: Archive) => Promise<R>,
): Promise<R> {
  const location = placeOf(place);
  if (!isNew && !location.startsWith('gs://') && !existsSync(location))
    throw new Fault(
      `There is no archive at ${location} yet.\n` +
        'Begin one with `npm run tw -- data download binance BTC-USDT`, with `data import FILE`, or by\n' +
        'letting the desk run; or name another place with --archive.',
    );
  let archive: Archive | undefined;
  try {
    archive = openArchive({
      location,
      now: () => Date.now(),
      log: silentLog,
      hasTimers: false,
      threads: availableParallelism(),
      memoryMb: 1_024,
    });
    return await work(archive);
  } catch (error) {
    throw inWords(error);
  } finally {
    await archive?.close();
  }
}
