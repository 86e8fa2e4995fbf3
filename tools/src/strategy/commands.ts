import { Option, type Command } from 'commander';
import { answer, jsonOption, offsetOption, type Json } from '../cli/command.ts';

type RunCommand = {
  readonly book: string;
  readonly capital: string;
  readonly portOffset: number;
};

/** What a command needs is loaded when it is used: every strategy with its schema is not nothing. */
const look = () => import('./look.ts');
const running = () => import('./run-strategy.ts');

/** `tw strategy`: writing, listing and checking strategies. */
export function registerStrategy(program: Command): void {
  const strategy = program.command('strategy').description('write, list and check strategies');
  strategy
    .command('new <name>')
    .description(
      'a strategy of your own, with a test, in the registry; it works and is there to be changed',
    )
    .option(
      '--dir <folder>',
      'where the strategies are; by default strategies/src of this repository',
    )
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  npm run tw -- strategy new my-idea')
    .action((name: string, options: Json & { readonly dir?: string }) =>
      answer(options, async () => (await import('./new-strategy.ts')).newStrategy(name, options)),
    );
  strategy
    .command('list')
    .description('every strategy that a document may name')
    .addOption(jsonOption())
    .action((options: Json) => answer(options, async () => (await look()).listStrategies()));
  strategy
    .command('show <id>')
    .description('what can be set of a strategy: names, types, ranges, defaults')
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  npm run tw -- strategy show channel-breakout')
    .action((id: string, options: Json) =>
      answer(options, async () => (await look()).showStrategy(id)),
    );
  strategy
    .command('check <file>')
    .description('check a strategy document (JSON) as saving it would, and print every fault')
    .option('--live', 'as for a book with real money', false)
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  npm run tw -- strategy check my-idea.json')
    .action((file: string, options: Json & { readonly live: boolean }) =>
      answer(options, async () => (await look()).checkStrategyFile(file, options)),
    );
  registerRunning(strategy);
}

/** What goes to the desk on this machine. */
function registerRunning(strategy: Command): void {
  strategy
    .command('run <file>')
    .description('save a strategy document on the local desk, and start a session with it on paper')
    .addOption(new Option('--book <id>', 'which paper book').default('paper'))
    .addOption(
      new Option('--capital <amount>', 'what its results are measured against').default('1000'),
    )
    .addOption(offsetOption())
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  npm run tw -- strategy run my-idea.json')
    .action((file: string, options: Json & RunCommand) =>
      answer(options, async () => (await running()).runStrategy(file, options)),
    );
  strategy
    .command('stop <session>')
    .description('stop a session of the local desk: no entries, and it ends when nothing is held')
    .option('--close', 'sell what is held at once', false)
    .addOption(offsetOption())
    .addOption(jsonOption())
    .action(
      (session: string, options: Json & { readonly close: boolean; readonly portOffset: number }) =>
        answer(options, async () => (await running()).stopSession(session, options)),
    );
}
