import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const bootstrap = join(import.meta.dirname, 'bootstrap.mjs');
const onPosix = process.platform === 'win32' ? test.skip : test;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tw-bootstrap-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Runs the front door with nothing on the PATH but the Java that says `version`. */
function knock(version: string | undefined, mode = 'desk') {
  if (version !== undefined) {
    const java = join(folder, 'java');
    writeFileSync(java, `#!/bin/sh\necho 'openjdk version "${version}" 2025-01-01' >&2\n`);
    chmodSync(java, 0o755);
  }
  const run = spawnSync(process.execPath, [bootstrap, mode, '--no-such-option'], {
    encoding: 'utf8',
    env: { PATH: folder },
  });
  return { code: run.status, words: run.stderr };
}

onPosix.each(['1.8.0_392', '11.0.2', '16'])(
  'Java %s is too old, and says what to install',
  (version) => {
    const { code, words } = knock(version);
    expect(code).toBe(1);
    expect(words).toContain('is too old');
    expect(words).toMatch(/Install it with/);
  },
);

onPosix('without Java the door stays shut, and says what to install', () => {
  const { code, words } = knock(undefined);
  expect(code).toBe(1);
  expect(words).toContain('Java was not found');
  expect(words).toContain('17');
});

onPosix.each(['17.0.15', '21', '25-ea'])('Java %s opens it', (version) => {
  expect(knock(version).words).not.toContain('Java');
});

onPosix('a mode that does not exist is named', () => {
  expect(knock('17', 'sail').words).toContain('Unknown mode "sail"');
});
