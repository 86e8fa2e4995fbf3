import { Command, Option } from 'commander';
import { describe } from '../lib/fault.ts';
import { checkConfig } from './config-check.ts';
import { giveRole } from './give-role.ts';
import type { Answer } from './answer.ts';
import { readStatus } from './status.ts';

type Json = { readonly json: boolean };

/** Prints an answer for people, or as one JSON object as the last line; its `ok` is the exit code. */
async function answer({ json }: Json, work: () => Promise<Answer> | Answer): Promise<void> {
  try {
    const { ok, text, data } = await work();
    process.stdout.write(json ? `${JSON.stringify({ ok, ...data })}\n` : `${text}\n`);
    process.exitCode = ok ? 0 : 1;
  } catch (error) {
    if (json) process.stdout.write(`${JSON.stringify({ ok: false, error: describe(error) })}\n`);
    else process.stderr.write(`${describe(error)}\n`);
    process.exitCode = 1;
  }
}

const json = (): Option => new Option('--json', 'print one JSON object').default(false);
const project = (): Option =>
  new Option(
    '--project <id>',
    'a Firebase project in the cloud, with the credentials of this machine; without it the local desk',
  );
const offset = (): Option =>
  new Option('--port-offset <n>', 'ports of the local desk').argParser(Number).default(0);

const program = new Command('npm run tw --').description('Tradewind from the command line.');

program
  .command('role <email> <role>')
  .description('give a user the role viewer, trader or admin; this makes the first admin')
  .addOption(project())
  .addOption(offset())
  .addOption(json())
  .addHelpText(
    'after',
    '\nExamples:\n  npm run tw -- role viewer@tradewind.local trader\n  npm run tw -- role me@example.com admin --project my-desk',
  )
  .action((email: string, role: string, options: Json & { project?: string; portOffset: number }) =>
    answer(options, () => giveRole(options, email, role)),
  );

program
  .command('status')
  .description('what the book is worth, what is open, and whether it may trade')
  .addOption(new Option('--book <id>', 'which book').default('paper'))
  .addOption(project())
  .addOption(offset())
  .addOption(json())
  .addHelpText('after', '\nExample:\n  npm run tw -- status --json')
  .action((options: Json & { project?: string; portOffset: number; book: string }) =>
    answer(options, () => readStatus(options, options.book)),
  );

program
  .command('config')
  .description('work with configuration files')
  .command('check <file>')
  .description("check a bot's settings (JSON) and print every fault")
  .addOption(json())
  .addHelpText('after', '\nExample:\n  npm run tw -- config check my-bot.json')
  .action((file: string, options: Json) => answer(options, () => checkConfig(file)));

await program.parseAsync();
