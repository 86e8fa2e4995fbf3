import { join } from 'node:path';
import { Argument, Command } from 'commander';
import { describe } from '../lib/fault.ts';
import type { Drill } from './drill.ts';
import { emergency } from './emergency.ts';
import { outage } from './outage.ts';
import { rogue } from './rogue.ts';

const root = join(import.meta.dirname, '../../..');
const say = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

/** Every drill, by the name that starts it. */
const DRILLS: Readonly<Record<string, Drill>> = { emergency, outage, rogue };

const program = new Command('npm run drill --')
  .description('Puts a whole desk in trouble and says whether it came through as promised.')
  .addArgument(new Argument('<name>', 'which trouble').choices(Object.keys(DRILLS)))
  .option('--json', 'print the report as one JSON object, as the last line', false)
  .addHelpText(
    'after',
    `\nDrills:\n${Object.entries(DRILLS)
      .map(([name, { about }]) => `  ${name.padEnd(11)}${about}`)
      .join('\n')}\n\nEach starts a desk of its own and ends it again. Exits 0 only if all held.`,
  )
  .parse();

const { json } = program.opts<{ json: boolean }>();
const name = program.args[0] ?? '';
try {
  const drill = DRILLS[name];
  if (drill === undefined) throw new Error(`Invariant: ${name} is one of the choices`);
  const { ok, faults, measured } = await drill.run({ root, say });
  if (json) process.stdout.write(`${JSON.stringify({ name, ok, faults, ...measured })}\n`);
  else
    process.stdout.write(
      `${[`${name}: ${ok ? 'held' : 'did NOT hold'}`, ...faults, JSON.stringify(measured, null, 2)].join('\n')}\n`,
    );
  process.exitCode = ok ? 0 : 1;
} catch (error) {
  say(describe(error));
  if (json)
    process.stdout.write(`${JSON.stringify({ name, ok: false, faults: [describe(error)] })}\n`);
  process.exitCode = 1;
}
// What still holds the process open has been told to end.
process.exit();
