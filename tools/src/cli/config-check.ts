import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { botSettings } from '@tradewind/contracts/documents/bot';
import { messageOf } from '../lib/fault.ts';
import type { Answer } from './answer.ts';

const refuse = (file: string, faults: readonly string[]): Answer => ({
  ok: false,
  text: [`${file} is not usable:`, ...faults.map((fault) => `  - ${fault}`)].join('\n'),
  data: { file, faults },
});

/** Checks the settings of a bot in a JSON file against the contract: all faults, not the first. */
export function checkConfig(file: string): Answer {
  let parsed: unknown;
  try {
    // npm changes into the repository: paths are meant from where the person stands.
    const here = process.env['TRADEWIND_CWD'] ?? process.cwd();
    parsed = JSON.parse(readFileSync(resolve(here, file), 'utf8'));
  } catch (error) {
    return refuse(file, [messageOf(error)]);
  }
  const checked = botSettings.safeParse(parsed);
  if (!checked.success)
    return refuse(
      file,
      checked.error.issues.map(({ path, message }) =>
        path.length === 0 ? message : `${path.join('.')}: ${message}`,
      ),
    );
  return {
    ok: true,
    text: `${file} is a usable bot: ${checked.data.name}`,
    data: { file, name: checked.data.name },
  };
}
