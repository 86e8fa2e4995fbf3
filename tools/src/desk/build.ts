import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What is built before the desk can run: its sources, its product, and the command that makes it. */
export type BuildTarget = {
  readonly name: 'functions' | 'hosting';
  readonly sources: readonly string[];
  readonly product: string;
  readonly args: readonly string[];
};

const SHARED = ['core/src', 'contracts/src', 'package-lock.json', 'tsconfig.base.json'];

/** Paths relative to the repository. */
export const BUILD_TARGETS: readonly BuildTarget[] = [
  {
    name: 'functions',
    sources: [...SHARED, 'adapters/src', 'functions/src', 'functions/build.ts'],
    product: 'functions/dist/index.js',
    args: ['build.ts'],
  },
  {
    name: 'hosting',
    sources: [
      ...SHARED,
      'hosting/src',
      'hosting/public',
      'hosting/index.html',
      'hosting/vite.config.ts',
    ],
    product: 'hosting/dist/index.html',
    args: ['../node_modules/vite/bin/vite.js', 'build', '--logLevel', 'warn'],
  },
];

function files(path: string): readonly string[] {
  if (!existsSync(path)) return [];
  const entries = readdirSync(path, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** SHA-256 over names and contents of a target's sources: equal sources, equal stamp. */
export function sourceStamp(root: string, target: BuildTarget): string {
  const hash = createHash('sha256').update(process.version);
  for (const source of target.sources) {
    const path = join(root, source);
    const all = /\.[a-z]+$/.test(source) ? [path].filter((file) => existsSync(file)) : files(path);
    for (const file of all) hash.update(file.slice(root.length)).update(readFileSync(file));
  }
  return hash.digest('hex');
}

const stampFile = (root: string, target: BuildTarget): string =>
  join(root, 'node_modules/.cache/tradewind', `${target.name}.stamp`);

/** True when the product exists and was made of just these sources. */
export function isFresh(root: string, target: BuildTarget): boolean {
  const file = stampFile(root, target);
  if (!existsSync(join(root, target.product)) || !existsSync(file)) return false;
  return readFileSync(file, 'utf8') === sourceStamp(root, target);
}

/** Records that the product was made of `stamp`. */
export function markBuilt(root: string, target: BuildTarget, stamp: string): void {
  const file = stampFile(root, target);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, stamp);
}
