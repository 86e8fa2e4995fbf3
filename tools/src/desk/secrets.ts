import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import * as z from 'zod';

const schema = z.object({
  BINANCE_API_KEY: z.string().min(16),
  BINANCE_API_SECRET: z.string().min(16),
  SENDGRID_API_KEY: z.string().startsWith('SG.'),
});

/** Keys of the local sandbox and mailbox: random, and of use nowhere else. */
export type DeskSecrets = z.infer<typeof schema>;

/**
 * Secrets of this checkout's desks, from `functions/.secret.local`, which the emulator reads.
 * Missing or incomplete, they are generated. All desks of a checkout share them.
 */
export function ensureSecrets(root: string): DeskSecrets {
  const path = join(root, 'functions/.secret.local');
  const stored = schema.safeParse(existsSync(path) ? parseEnv(readFileSync(path, 'utf8')) : {});
  if (stored.success) return stored.data;
  const text = (bytes: number): string => randomBytes(bytes).toString('base64url');
  const made: DeskSecrets = {
    BINANCE_API_KEY: text(36),
    BINANCE_API_SECRET: text(36),
    SENDGRID_API_KEY: `SG.${text(16)}.${text(32)}`,
  };
  const lines = Object.entries(made).map(([name, value]) => `${name}=${value}\n`);
  writeFileSync(path, lines.join(''), { mode: 0o600 });
  return made;
}
