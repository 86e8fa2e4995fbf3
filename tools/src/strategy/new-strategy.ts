import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Answer } from '../cli/answer.ts';
import { Fault } from '../lib/fault.ts';
import { namesOf, registered, strategyFile, testFile } from './scaffold.ts';

const OURS = join(import.meta.dirname, '../../../strategies/src');

/** The folder that holds the strategies and their registry; paths are meant from where the person stands. */
function folderOf(dir: string | undefined): string {
  const here = process.env['TRADEWIND_CWD'] ?? process.cwd();
  const folder = dir === undefined ? OURS : resolve(here, dir);
  if (!existsSync(join(folder, 'registry.ts')))
    throw new Fault(
      `${folder} has no registry.ts: name the folder of the strategies, strategies/src`,
    );
  return folder;
}

/**
 * Writes a strategy with its test, and puts it into the registry.
 *
 * @throws Fault for a name that cannot be one or is taken, and where the registry is not as expected; nothing is
 * written then.
 */
export function newStrategy(name: string, { dir }: { readonly dir?: string }): Answer {
  const names = namesOf(name);
  if (typeof names === 'string') throw new Fault(names);
  const folder = folderOf(dir);
  const [file, test, registry] = [`${names.id}.ts`, `${names.id}.test.ts`, 'registry.ts'].map(
    (base) => join(folder, base),
  ) as [string, string, string];
  const known = readFileSync(registry, 'utf8');
  const isTaken = existsSync(file) || existsSync(test);
  if (isTaken || new RegExp(`\\b${names.constant}\\b`).test(known))
    throw new Fault(`there is a strategy or a file "${names.id}" already: choose another name`);
  const next = registered(known, names);
  if (next === undefined)
    throw new Fault(`${registry} has no list STRATEGIES as it came: add ${names.constant} by hand`);
  writeFileSync(file, strategyFile(names));
  writeFileSync(test, testFile(names));
  writeFileSync(registry, next);
  const text = [
    `${file}   the strategy: change it into your idea`,
    `${test}   its test: npm run test:unit -- --testPathPatterns ${names.id}`,
    `${registry}   knows it now`,
    'docs/strategies/README.md goes on from here.',
  ].join('\n');
  return { ok: true, text, data: { id: names.id, file, test, registry } };
}
