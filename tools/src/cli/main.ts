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
import { registerGates } from './register-gates.ts';

const root = resolve(import.meta.dirname, '../../..');
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
  .command('rebuild-ledger <book>')
  .description("build a book anew from the venue's fills; it must not be able to enter meanwhile")
  .addOption(new Option('--dry-run', 'only tell what would change').default(false))
  .addOption(
    new Option('--days-back <n>', 'how many days of fills are read')
      .default(30)
      .argParser(wholeNumber),
  )
  .addOption(
    new Option(
      '--backup <name>',
      'name of the copy that is kept of the old book; a rebuild that was cut short goes on by its name',
    ),
  )
  .addOption(projectOption())
  .addOption(offsetOption())
  .addOption(jsonOption())
  .addHelpText(
    'after',
    '\nExamples:\n  npm run tw -- rebuild-ledger paper --dry-run\n  npm run tw -- rebuild-ledger paper --days-back 90 --json',
  )
  .action(
    (
      bookId: string,
      options: Json & {
        project?: string;
        portOffset: number;
        dryRun: boolean;
        daysBack: number;
        backup?: string;
      },
    ) =>
      answer(options, async () =>
        (await import('./rebuild-ledger.ts')).rebuildBook(options, {
          ...{ bookId, dryRun: options.dryRun, daysBack: options.daysBack, root },
          backupId: options.backup ?? `tw-${Date.now()}`,
        }),
      ),
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

registerGates(program);
registerCost(program, { root, answer });
registerData(program);
registerOptimise(program);
registerStrategy(program);
registerBacktest(program);
registerReplay(program, { root });

await program.parseAsync();
