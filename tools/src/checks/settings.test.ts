import { EnvironmentError, parseEnvironment } from '@tradewind/adapters/config/environment';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(fileURLToPath(import.meta.url), '../../../..');
const SOURCES =
  '{core,strategies,contracts,adapters,functions,worker,hosting,sandbox,tools,e2e,benchmarks}/**/*.{ts,tsx,mjs}';

const namesIn = (text: string): readonly string[] => text.match(/\bTRADEWIND_[A-Z\d_]+\b/g) ?? [];

/** Names that no process would start with. */
const unknownOf = (names: Iterable<string>): readonly string[] =>
  [...new Set(names)].filter((name) => {
    try {
      parseEnvironment({ [name]: 'set' });
      return false;
    } catch (error) {
      if (!(error instanceof EnvironmentError)) throw error;
      return error.faults.includes(`${name}: there is no such setting`);
    }
  });

test('ARC-70 a process starts with every variable that another part of Tradewind may have set', () => {
  const files = globSync(SOURCES, { cwd: root, exclude: (name) => name === 'node_modules' });
  const read = files
    .filter((file) => !file.endsWith('.test.ts'))
    .flatMap((file) => namesIn(readFileSync(join(root, file), 'utf8')));
  expect(read).toContain('TRADEWIND_E2E');
  expect(unknownOf(read)).toEqual([]);
});

test('ARC-71 the page of settings names none that is not there', () => {
  const told = namesIn(readFileSync(join(root, 'docs/settings.md'), 'utf8'));
  expect(told).toContain('TRADEWIND_GATE_LEASE_MS');
  expect(unknownOf(told)).toEqual([]);
});
