import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { writeWhole } from '../backtest/store.ts';
import { Fault, messageOf } from '../lib/fault.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');

/** A search or a proof as it is kept: what was said of it, and the same as data. */
const optimisationRecord = z.strictObject({
  schemaVersion: z.literal(1),
  /** Hash of everything that the result depends on: equal inputs have one record. */
  id: z.string(),
  kind: z.enum(['search', 'walk-forward', 'validation']),
  /** What was searched or proven, and on which data. */
  title: z.string(),
  /** What came out, in a few words. */
  headline: z.string(),
  /** Wall clock, epoch milliseconds. */
  createdAt: z.int(),
  codeVersion: z.string(),
  text: z.string(),
  data: z.record(z.string(), z.json()),
});
export type OptimisationRecord = z.infer<typeof optimisationRecord>;

/** Where they are kept: `TRADEWIND_OPTIMISATIONS`, else with the local desk's files. */
const folder = (): string => {
  const chosen = process.env['TRADEWIND_OPTIMISATIONS'] ?? '';
  return chosen === '' ? join(ROOT, '.tradewind', 'optimisations') : chosen;
};

/** Keeps a result. @returns its path. */
export function keepOptimisation(record: OptimisationRecord): string {
  mkdirSync(folder(), { recursive: true });
  const path = join(folder(), `${record.id}.json`);
  writeWhole(path, `${JSON.stringify(optimisationRecord.parse(record), null, 1)}\n`);
  return path;
}

/** All that are kept, the newest first, and the files that could not be read. */
export function readOptimisations(): {
  readonly records: readonly OptimisationRecord[];
  readonly unreadable: readonly string[];
} {
  const names = existsSync(folder()) ? readdirSync(folder()) : [];
  const records: OptimisationRecord[] = [];
  const unreadable: string[] = [];
  for (const name of names.filter((file) => file.endsWith('.json')))
    try {
      const text = readFileSync(join(folder(), name), 'utf8');
      records.push(optimisationRecord.parse(JSON.parse(text)));
    } catch (error) {
      unreadable.push(`${name}: ${messageOf(error).split('\n')[0] ?? ''}`);
    }
  return { records: records.sort((a, b) => b.createdAt - a.createdAt), unreadable };
}

/** The one whose id begins so. @throws Fault where there is none, or several. */
export function findOptimisation(id: string): OptimisationRecord {
  const found = readOptimisations().records.filter((record) => record.id.startsWith(id));
  const [first] = found;
  if (first === undefined)
    throw new Fault(
      `There is no optimisation ${id}. See which there are: npm run tw -- optimise list`,
    );
  if (found.length > 1)
    throw new Fault(
      `${id} begins the ids of ${found.length} optimisations: ${found.map((one) => one.id).join(', ')}. Write more of it.`,
    );
  return first;
}
