import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import { registerBacktest } from '../backtest/commands.ts';
import { registerCost } from '../cost/register-cost.ts';
import { registerData } from '../data/commands.ts';
import { registerOptimise } from '../optimise/commands.ts';
import { registerReplay } from '../parity/register-replay.ts';
import { registerStrategy } from '../strategy/commands.ts';
import {
  answer,
  jsonOption,
  offsetOption,
  projectOption,
  wholeNumber,
  type Json,
} from './command.ts';
import { checkConfig } from './config-check.ts';

const program = new Command('npm run tw --')
  .description('Tradewind from the command line.')
  // What follows a subcommand is its own, also where its parent has an option of that name.
  .enablePositionalOptions();

program
  .command('role <email> <role>')
  .description('give a user the role viewer, trader or admin; this makes the first admin')
  .addOption(projectOption())
  .addOption(offsetOption())
  .addOption(jsonOption())
  .addHelpText(
    'after',
    '\nExamples:\n  npm run tw -- role viewer@tradewind.local trader\n  npm run tw -- role me@example.com admin --project my-desk',
  )
  .action((email: string, role: string, options: Json & { project?: string; portOffset: number }) =>
    answer(options, async () => (await import('./give-role.ts')).giveRole(options, email, role)),
  );

program
  .command('status')
  .description('what the book is worth, what is open, and whether it may trade')
  .addOption(new Option('--book <id>', 'which book').default('paper'))
  .addOption(projectOption())
  .addOption(offsetOption())
  .addOption(jsonOption())
  .addHelpText('after', '\nExample:\n  npm run tw -- status --json')
  .action((options: Json & { project?: string; portOffset: number; book: string }) =>
    answer(options, async () => (await import('./status.ts')).readStatus(options, options.book)),
  );

program
  .command('check-ledger <book>')
  .description('check all that a book ever recorded against itself')
  .addOption(projectOption())
  .addOption(offsetOption())
  .addOption(jsonOption())
  .addHelpText('after', '\nExample:\n  npm run tw -- check-ledger paper --json')
  .action((bookId: string, options: Json & { project?: string; portOffset: number }) =>
    answer(options, async () => (await import('./check-ledger.ts')).checkLedger(options, bookId)),
  );

program
  .command('why <bot>')
  .description(
    'why a bot or strategy does not trade, and the least that would have had to be otherwise',
  )
  .addOption(new Option('--book <id>', 'its book').default('paper'))
  .addOption(
    new Option('--last <n>', 'how many changes to show').default(10).argParser(wholeNumber),
  )
  .addOption(projectOption())
  .addOption(offsetOption())
  .addOption(jsonOption())
  .addHelpText('after', '\nExample:\n  npm run tw -- why trend --last 20')
  .action(
    (
      strategyId: string,
      options: Json & { project?: string; portOffset: number; book: string; last: number },
    ) =>
      answer(options, async () =>
        (await import('./why.ts')).readWhy(options, {
          ...{ strategyId, bookId: options.book, last: options.last },
        }),
      ),
  );

program
  .command('config')
  .description('work with configuration files')
  .command('check <file>')
  .description("check a bot's settings (JSON) and print every fault")
  .addOption(jsonOption())
  .addHelpText('after', '\nExample:\n  npm run tw -- config check my-bot.json')
  .action((file: string, options: Json) => answer(options, () => checkConfig(file)));

const root = resolve(import.meta.dirname, '../../..');
registerCost(program, { root, answer });
registerData(program);
registerOptimise(program);
registerStrategy(program);
registerBacktest(program);
registerReplay(program, { root });

await program.parseAsync();
