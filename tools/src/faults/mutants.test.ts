import { join } from 'node:path';
import { applyPatch, listMutants } from './mutants.ts';

const root = join(import.meta.dirname, '../../..');

test('there are ten deliberate bugs and more, each with a line that says what is wrong', () => {
  expect(listMutants().length).toBeGreaterThanOrEqual(10);
  for (const { about } of listMutants()) expect(about).toMatch(/^[A-Z].*\.$/);
});

test.each(listMutants())('the deliberate bug $name still fits the sources', (mutant) => {
  applyPatch(root, mutant, ['--check']);
});
