import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { openArchive, type Archive } from '@tradewind/adapters/archive/archive';
import { archiveAt, ORIGINS } from '@tradewind/adapters/archive/origin';
import { ImportRefused } from '@tradewind/adapters/archive/import-file';
import { QueryRefused } from '@tradewind/adapters/archive/query';
import { silentLog } from '@tradewind/adapters/telemetry/log';
import type { Origin } from '@tradewind/core/market/market';
import type { Answer } from '../cli/answer.ts';
import { Fault } from '../lib/fault.ts';

export type Place = {
  readonly archive?: string;
  /** Whose rows are meant; real ones where it is left out. */
  readonly origin?: Origin;
};

const ROOT = join(import.meta.dirname, '..', '..', '..');

/** npm changes into the repository: paths are meant from where the person stands. */
export const fromHere = (path: string): string =>
  resolve(process.env['TRADEWIND_CWD'] ?? process.cwd(), path);

function rootOf({ archive }: Place): string {
  const chosen = archive ?? process.env['TRADEWIND_ARCHIVE'];
  if (chosen === undefined || chosen === '') return join(ROOT, '.tradewind', 'archive');
  return chosen.startsWith('gs://') ? chosen : fromHere(chosen);
}

/** Where the archive of an origin is: as asked for, else `TRADEWIND_ARCHIVE`, else the local desk's. */
export const placeOf = (place: Place): string => archiveAt(rootOf(place), place.origin ?? 'live');

const LABELS: Readonly<Record<Origin, string>> = {
  live: '',
  recorded: 'Recorded: a replay, or trades that a local exchange relayed and numbered anew.',
  synthetic: 'SIMULATED: none of this was ever traded.',
};

/** An answer that says so when what it tells is not real (ARC-26); `isBare` where programs read the text. */
export function labelled({ origin = 'live' }: Place, told: Answer, isBare = false): Answer {
  const data = { ...told.data, origin };
  if (origin === 'live') return { ...told, data };
  if (!isBare) return { ...told, text: `${LABELS[origin]}\n${told.text}`, data };
  process.stderr.write(`${LABELS[origin]}\n`);
  return { ...told, data };
}

/** Faults of the archive that are the person's to mend are printed without a stack. */
function inWords(error: unknown): unknown {
  const isTheirs =
    error instanceof QueryRefused || error instanceof ImportRefused || error instanceof RangeError;
  return isTheirs ? new Fault(error.message) : error;
}

/** False where certainly nothing was ever kept. */
export function isThere(place: Place): boolean {
  const location = placeOf(place);
  return location.startsWith('gs://') || existsSync(location);
}

/** Where there is something instead, when the archive that was asked has nothing: a sentence, or nothing. */
export async function elsewhere(place: Place): Promise<string> {
  const others = ORIGINS.filter((origin) => origin !== (place.origin ?? 'live'));
  const filled: Origin[] = [];
  for (const origin of others) {
    const other = { ...place, origin };
    if (!isThere(other)) continue;
    const files = await withArchive(other, {}, (archive) => archive.find({}));
    if (files.length > 0) filled.push(origin);
  }
  return filled
    .map((origin) => `\nThere is ${origin} data: see it with --origin ${origin}`)
    .join('');
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
  if (!isNew && !isThere(place))
    throw new Fault(
      `There is no archive at ${location} yet.${await elsewhere(place)}\n` +
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
