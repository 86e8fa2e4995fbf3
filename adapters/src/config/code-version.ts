import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Folders whose code decides: what is written elsewhere changes no decision. */
const DECIDING = ['core/src', 'strategies/src'];

/** Fingerprint of all sources that decide, below the repository's root; the same wherever they are the same. */
export function sourcesVersion(root: string): string {
  const hash = createHash('sha256');
  for (const folder of DECIDING) {
    const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
      .map((file) => file.replaceAll('\\', '/'))
      .sort();
    for (const file of files)
      hash.update(`${folder}/${file}\n`).update(readFileSync(join(root, folder, file)));
  }
  return hash.digest('hex').slice(0, 12);
}

/** Version of the code that decides in this process; the build of the functions puts it there. */
export const codeVersion = (): string => process.env['TRADEWIND_CODE'] ?? 'local';
