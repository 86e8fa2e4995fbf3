import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isFresh, markBuilt, sourceStamp, type BuildTarget } from './build.ts';

const target: BuildTarget = {
  name: 'functions',
  sources: ['core/src', 'package-lock.json'],
  product: 'functions/dist/index.js',
  args: [],
};

let root: string;
const write = (path: string, text: string): void => {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), text);
};

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tw-build-'));
  write('core/src/a.ts', 'one');
  write('package-lock.json', '{}');
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

test('is stale until built, fresh afterwards, stale again when a source changes', () => {
  expect(isFresh(root, target)).toBe(false);
  markBuilt(root, target, sourceStamp(root, target));
  expect(isFresh(root, target)).toBe(false); // no product yet
  write('functions/dist/index.js', 'built');
  expect(isFresh(root, target)).toBe(true);
  write('core/src/a.ts', 'two');
  expect(isFresh(root, target)).toBe(false);
});

test('a test file changes nothing, a renamed source does', () => {
  const before = sourceStamp(root, target);
  write('core/src/a.test.ts', 'tests');
  expect(sourceStamp(root, target)).toBe(before);
  rmSync(join(root, 'core/src/a.ts'));
  write('core/src/b.ts', 'one');
  expect(sourceStamp(root, target)).not.toBe(before);
});
