import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as z from 'zod';
import { PLANTS } from './planted-violations.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const CONFIG = join(root, '.dependency-cruiser.mjs');
const WORKSPACES = [
  'core',
  'strategies',
  'contracts',
  'adapters',
  'functions',
  'worker',
  'hosting',
  'sandbox',
  'tools',
];
/** Packages that the planted faults import. */
const PACKAGES = ['zod', 'react', 'ccxt', 'firebase-admin'];

const report = z.object({
  summary: z.object({
    totalCruised: z.number(),
    violations: z.array(
      z.object({ from: z.string(), to: z.string(), rule: z.object({ name: z.string() }) }),
    ),
  }),
});
const config = z.object({
  default: z.object({ forbidden: z.array(z.object({ name: z.string(), comment: z.string() })) }),
});

/** Runs dependency-cruiser over the workspaces below `folder`. */
function cruise(folder: string) {
  const folders = [...WORKSPACES, 'e2e', 'benchmarks'].filter((name) =>
    existsSync(join(folder, name)),
  );
  const run = spawnSync(
    process.execPath,
    [
      join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs'),
      ...['--config', CONFIG, '--output-type', 'json'],
      ...['--exclude', '(^|/)dist/'],
      ...folders,
    ],
    { cwd: folder, encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 },
  );
  try {
    return report.parse(JSON.parse(run.stdout)).summary;
  } catch {
    throw new Error(`dependency-cruiser failed:\n${run.stderr}\n${run.stdout.slice(0, 2_000)}`);
  }
}

/** A tree of the same shape that holds nothing but the planted faults. */
function plantTree(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'tw-imports-')));
  const put = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  mkdirSync(join(folder, 'node_modules/@tradewind'), { recursive: true });
  for (const name of ['tsconfig.json', 'tsconfig.base.json', 'package.json'])
    copyFileSync(join(root, name), join(folder, name));
  for (const name of WORKSPACES) {
    put(`${name}/package.json`, readFileSync(join(root, name, 'package.json'), 'utf8'));
    symlinkSync(join(folder, name), join(folder, 'node_modules/@tradewind', name), 'junction');
  }
  for (const name of PACKAGES)
    symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name), 'junction');
  for (const { files } of PLANTS) for (const [path, text] of Object.entries(files)) put(path, text);
  return folder;
}

/** Faults of the rules themselves: a rule without a plant, or a plant that went unseen. */
async function checkRules(): Promise<readonly string[]> {
  const { default: rules } = config.parse(await import(pathToFileURL(CONFIG).href));
  const folder = plantTree();
  try {
    const { violations } = cruise(folder);
    const unplanted = rules.forbidden
      .filter(({ name }) => !PLANTS.some(({ rule }) => rule === name))
      .map(({ name }) => `rule ${name} has no planted violation in planted-violations.ts`);
    const unseen = PLANTS.filter(
      ({ rule, file }) =>
        !violations.some(({ from, rule: seen }) => from === file && seen.name === rule),
    ).map(({ rule, file }) => `rule ${rule} did not catch the violation planted in ${file}`);
    return [...unplanted, ...unseen];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const { violations, totalCruised } = cruise(root);
const faults = [
  ...violations.map(({ from, to, rule }) => `${rule.name}: ${from} → ${to}`),
  ...(await checkRules()),
];
for (const fault of faults) process.stderr.write(`${fault}\n`);
if (faults.length > 0) process.exitCode = 1;
else
  process.stdout.write(
    `${totalCruised} modules keep the import rules; all ${PLANTS.length} planted violations were caught\n`,
  );
