import { execFileSync } from 'node:child_process';

/** Code that a backtest's result depends on, from this folder. */
const DECIDING = ['../../../core', '../../../strategies'];

/** Which code this is: the commit, and whether what decides was changed since; `unknown` outside a repository. */
export function codeVersion(): string {
  const git = (...args: readonly string[]): string =>
    execFileSync('git', ['-C', import.meta.dirname, ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  try {
    const changes = git('status', '--porcelain', '--', ...DECIDING);
    return `${git('rev-parse', '--short=12', 'HEAD')}${changes === '' ? '' : '+changes'}`;
  } catch {
    return 'unknown';
  }
}
