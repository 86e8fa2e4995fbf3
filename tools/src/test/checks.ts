import { spawn } from 'node:child_process';
import { join } from 'node:path';

/** One thing that is checked without running the code; counts as one test. */
export type Check = { readonly name: string; readonly commands: readonly (readonly string[])[] };

/** The same as `npm run check`, which a test compares. Paths are relative to `node_modules`. */
export const CHECKS: readonly Check[] = [
  { name: 'format', commands: [['prettier/bin/prettier.cjs', '--check', '.']] },
  {
    name: 'types',
    commands: [
      ['typescript/bin/tsc', '-p', 'tsconfig.json'],
      ['typescript/bin/tsc', '-p', 'hosting/tsconfig.json'],
      ['typescript/bin/tsc', '-p', 'tools/src/backtest/page/tsconfig.json'],
    ],
  },
  {
    name: 'lint',
    commands: [
      [
        'eslint/bin/eslint.js',
        '--cache',
        ...['--cache-location', 'node_modules/.cache/eslint/'],
        ...['--max-warnings', '0'],
        '.',
      ],
    ],
  },
  { name: 'imports', commands: [['../tools/src/checks/check-imports.ts']] },
  { name: 'unused', commands: [['knip/bin/knip.js']] },
];

export type CheckResult = { readonly ok: boolean; readonly output: string; readonly ms: number };

function run(root: string, [script = '', ...args]: readonly string[]) {
  return new Promise<{ ok: boolean; output: string }>((resolve) => {
    const child = spawn(process.execPath, [join(root, 'node_modules', script), ...args], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, FORCE_COLOR: '0' },
    });
    const output: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => output.push(chunk));
    child.on('error', (error) => {
      resolve({ ok: false, output: error.message });
    });
    child.on('close', (code) => {
      resolve({ ok: code === 0, output: Buffer.concat(output).toString() });
    });
  });
}

/** Runs one check, all of its commands, and keeps what they said. */
export async function runCheck(root: string, check: Check): Promise<CheckResult> {
  const start = Date.now();
  const results = [];
  for (const command of check.commands) results.push(await run(root, command));
  return {
    ok: results.every(({ ok }) => ok),
    output: results.map(({ output }) => output).join(''),
    ms: Date.now() - start,
  };
}
