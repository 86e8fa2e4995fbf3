import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runPool } from './fast/pool.ts';
import { runScenario } from './fast/scenario.ts';
import { addOutcome, emptyBatch, type Failed } from './fast/summary.ts';

/** How many deliberate bugs there are, and how many the lab has caught. */
export type MutantCheck = { readonly total: number; readonly caught: number };

/** A deliberate bug: a patch of the sources, with a line that says what is wrong then. */
export type Mutant = { readonly name: string; readonly about: string; readonly file: string };

const FOLDER = join(import.meta.dirname, 'mutants');
/** What a scenario runs. */
const SOURCES = ['core', 'contracts', 'adapters', 'strategies', 'tools'];
const THREAD = 'tools/src/faults/fast/thread.ts';
/** A bug that has not shown by then has escaped. */
const BOUND = 6_000;

/** Every deliberate bug, by name. */
export function listMutants(): readonly Mutant[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.patch'))
    .sort()
    .map((name) => {
      const file = join(FOLDER, name);
      const [about = ''] = readFileSync(file, 'utf8').split('\n');
      return { name: name.slice(0, -'.patch'.length), about, file };
    });
}

/** Applies a patch to the sources below `folder`. @throws Error with git's words when it does not fit. */
export function applyPatch(folder: string, { name, file }: Mutant, options: readonly string[]) {
  const run = spawnSync('git', ['apply', ...options, file], {
    cwd: folder,
    encoding: 'utf8',
    // A copy within another repository's folders is not that repository's.
    env: { ...process.env, GIT_CEILING_DIRECTORIES: join(folder, '..') },
  });
  if (run.status !== 0) throw new Error(`Mutant ${name} does not apply:\n${run.stderr}`);
}

/** A copy of the sources that finds its packages where the original does. */
function copySources(root: string): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'tw-mutants-')));
  for (const name of SOURCES)
    for (const part of ['package.json', 'src']) {
      const from = join(root, name, part);
      if (existsSync(from)) cpSync(from, join(folder, name, part), { recursive: true });
    }
  const packages = join(folder, 'node_modules');
  mkdirSync(join(packages, '@tradewind'), { recursive: true });
  for (const name of readdirSync(join(root, 'node_modules')))
    if (name !== '@tradewind' && !name.startsWith('.'))
      symlinkSync(join(root, 'node_modules', name), join(packages, name), 'junction');
  for (const name of SOURCES)
    symlinkSync(join(folder, name), join(packages, '@tradewind', name), 'junction');
  return folder;
}

/** Whether a seed fails without any deliberate bug as well: then it catches none. */
async function failsAnyway(seed: number): Promise<boolean> {
  const batch = emptyBatch();
  addOutcome(batch, await runScenario(seed));
  return batch.failed.length > 0;
}

/** The first seed that fails with the bug in `thread`'s sources, and would not without it. */
async function firstCaught(
  { seed, threads }: { readonly seed: number; readonly threads: number },
  thread: URL,
): Promise<Failed | undefined> {
  const end = seed + BOUND;
  for (let from = seed; from < end;) {
    const wanted = { seed: from, scenarios: end - from, threads, stopAtFirst: true };
    const { failed, scenarios } = await runPool(wanted, thread);
    for (const each of failed) if (!(await failsAnyway(each.seed))) return each;
    from += scenarios;
  }
  return undefined;
}

/**
 * Puts one deliberate bug after the other into a copy of the sources, and runs scenarios until one
 * fails that would not fail without it. The product itself has no switches for this, and the original is not touched.
 */
export async function checkMutants({
  root,
  seed,
  threads,
  say,
  only,
}: {
  readonly root: string;
  readonly seed: number;
  readonly threads: number;
  readonly say: (text: string) => void;
  /** Names; left out, all. */
  readonly only?: readonly string[];
}): Promise<MutantCheck> {
  const mutants = listMutants().filter(({ name }) => only?.includes(name) ?? true);
  const folder = copySources(root);
  const thread = pathToFileURL(join(folder, THREAD));
  let caught = 0;
  try {
    for (const mutant of mutants) {
      applyPatch(folder, mutant, []);
      const first = await firstCaught({ seed, threads }, thread);
      applyPatch(folder, mutant, ['-R']);
      if (first !== undefined) caught += 1;
      say(
        first === undefined
          ? `mutant ${mutant.name} ESCAPED ${BOUND} scenarios: ${mutant.about}`
          : `mutant ${mutant.name} was caught by seed ${first.seed} (${first.words[0] ?? ''})`,
      );
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return { total: mutants.length, caught };
}
