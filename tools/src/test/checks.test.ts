import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { CHECKS } from './checks.ts';

const root = join(import.meta.dirname, '../../..');
const { scripts } = z
  .looseObject({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));

test('npm test runs every check that npm run check does, in its order', () => {
  const named = (scripts['check'] ?? '')
    .split(' && ')
    .map((part) => part.replace('npm run check:', ''));
  expect(CHECKS.map(({ name }) => name)).toEqual(named);
});

test.each(CHECKS)('the check $name runs programs that are installed', ({ commands }) => {
  for (const [script = ''] of commands)
    expect(existsSync(join(root, 'node_modules', script))).toBe(true);
});
