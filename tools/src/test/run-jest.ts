import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tallyOf, type Tally } from './tally.ts';

/** Runs jest over `projects` and counts; its own report goes to stderr while it runs. */
export async function runJest(options: {
  readonly root: string;
  readonly projects: readonly string[];
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}): Promise<Tally> {
  const folder = mkdtempSync(join(tmpdir(), 'tw-jest-'));
  const outputFile = join(folder, 'results.json');
  const child = spawn(
    process.execPath,
    [
      '--experimental-vm-modules',
      '--disable-warning=ExperimentalWarning',
      join(options.root, 'node_modules/jest/bin/jest.js'),
      '--selectProjects',
      ...options.projects,
      '--passWithNoTests',
      '--json',
      `--outputFile=${outputFile}`,
      ...(options.args ?? []),
    ],
    {
      cwd: options.root,
      // With --json, results would go to stdout as well: they are read from the file.
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, ...options.env },
    },
  );
  const code = await new Promise<number>((resolve) => {
    child.on('error', () => {
      resolve(127);
    });
    child.on('exit', (exitCode) => {
      resolve(exitCode ?? 1);
    });
  });
  try {
    const tally = tallyOf(readFileSync(outputFile, 'utf8'));
    // Jest may fail for a reason that no test carries, such as a bad configuration.
    return code !== 0 && tally.failed === 0 ? { ...tally, failed: 1 } : tally;
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
