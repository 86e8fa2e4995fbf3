import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { Fault } from '../lib/fault.ts';

/** Grows when stored documents change so that an earlier desk cannot be read. */
const VERSION = 2;

const schema = z.strictObject({
  version: z.literal(VERSION),
  feed: z.string(),
  symbols: z.array(z.string()),
  market: z.enum(['spot', 'futures']).default('spot'),
  /** Market time when the desk was left, in a replay; a wall clock needs none. */
  marketAt: z.int().nullable(),
  savedAt: z.int(),
});

/** What a desk leaves behind beside its data: what it was made with. */
export type DeskRecord = z.infer<typeof schema>;

/** Where a desk's folder keeps what: the ledger, the sandbox and this record are saved as one. */
export const deskPaths = (folder: string) => ({
  saved: join(folder, 'saved'),
  savedData: join(folder, 'saved/emulators'),
  savedSandbox: join(folder, 'saved/sandbox.json'),
  /** The sandbox's running state, ahead of the saved one. */
  sandbox: join(folder, 'sandbox.json'),
});

class EarlierDesk extends Fault {
  constructor(saved: string) {
    super(
      `The desk in ${saved} was left by an earlier release, whose documents this one can not read.\nStart over with: npm start -- --fresh`,
    );
  }
}

const isEarlier = (stored: unknown): boolean =>
  typeof stored === 'object' &&
  stored !== null &&
  'version' in stored &&
  typeof stored.version === 'number' &&
  stored.version < VERSION;

/** The desk that was left in `folder`; `undefined` when there is none to resume. @throws Fault when damaged. */
export function readDeskRecord(folder: string): DeskRecord | undefined {
  const { saved, savedSandbox, sandbox } = deskPaths(folder);
  const path = join(saved, 'desk.json');
  // A running state without a saved one is of a desk that was killed: its ledger is gone, so is it.
  rmSync(sandbox, { force: true });
  if (!existsSync(path)) return undefined;
  try {
    const stored: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (isEarlier(stored)) throw new EarlierDesk(saved);
    const record = schema.parse(stored);
    copyFileSync(savedSandbox, sandbox);
    return record;
  } catch (error) {
    if (error instanceof EarlierDesk) throw error;
    throw new Fault(
      `What the former desk saved in ${saved} is damaged, so it can not be resumed.\nStart over with: npm start -- --fresh`,
    );
  }
}

/**
 * Keeps a desk. `exportLedger` writes the emulators' data, `stopSandbox` makes the sandbox save;
 * all is written beside the former save and then moved, so that a crash leaves one of them whole.
 */
export async function saveDesk(
  folder: string,
  record: Omit<DeskRecord, 'version'>,
  parts: {
    readonly exportLedger: (path: string) => Promise<void>;
    readonly stopSandbox: () => Promise<void>;
  },
): Promise<void> {
  const { saved, sandbox } = deskPaths(folder);
  const fresh = `${saved}.new`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true });
  await parts.exportLedger(join(fresh, 'emulators'));
  await parts.stopSandbox();
  copyFileSync(sandbox, join(fresh, 'sandbox.json'));
  writeFileSync(join(fresh, 'desk.json'), JSON.stringify({ version: VERSION, ...record }, null, 2));
  rmSync(saved, { recursive: true, force: true });
  renameSync(fresh, saved);
}

/** Forgets the desk in `folder` but its logs. True when there was one. */
export function forgetDesk(folder: string): boolean {
  const { saved, sandbox } = deskPaths(folder);
  const existed = existsSync(saved);
  for (const path of [saved, `${saved}.new`, sandbox])
    rmSync(path, { recursive: true, force: true });
  return existed;
}

/** @throws Fault unless the desk that was left is one that these options continue. */
export function assertSameDesk(
  record: DeskRecord,
  wanted: Pick<DeskRecord, 'feed' | 'market'> & { readonly symbols: readonly string[] },
): void {
  const cure = 'Start over with --fresh, or leave --feed, --symbol and --market as they were.';
  if (record.feed !== wanted.feed)
    throw new Fault(
      `The desk in .tradewind/ was made with --feed ${record.feed}, not ${wanted.feed}: its ledger can not go on with another market.\n${cure}`,
    );
  if (record.market !== wanted.market)
    throw new Fault(
      `The desk in .tradewind/ was made with --market ${record.market}, not ${wanted.market}: another account is another book.\n${cure}`,
    );
  if (record.symbols.join(',') !== wanted.symbols.join(','))
    throw new Fault(
      `The desk in .tradewind/ trades ${record.symbols.join(', ')}, not ${wanted.symbols.join(', ')}.\n${cure}`,
    );
}
