import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sourcesVersion } from './code-version.ts';

let root: string;
const write = (file: string, text: string): void => {
  writeFileSync(join(root, file), text);
};
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tw-code-'));
  for (const folder of ['core/src/engine', 'strategies/src'])
    mkdirSync(join(root, folder), { recursive: true });
  write('core/src/engine/decide.ts', 'export const decide = 1;');
  write('strategies/src/mine.ts', 'export const mine = 1;');
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

test('the same sources have the same version, other ones another', () => {
  const before = sourcesVersion(root);
  expect(sourcesVersion(root)).toBe(before);
  write('strategies/src/mine.ts', 'export const mine = 2;');
  expect(sourcesVersion(root)).not.toBe(before);
});

test('a test decides nothing, and changes no version', () => {
  const before = sourcesVersion(root);
  write('core/src/engine/decide.test.ts', 'test');
  expect(sourcesVersion(root)).toBe(before);
});
