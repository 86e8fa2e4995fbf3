import { Option, type Command } from 'commander';
import { answer, jsonOption, offsetOption, projectOption, type Json } from './command.ts';

type OnDesk = Json & { readonly project?: string; readonly portOffset: number };
type Showing = OnDesk & {
  readonly evidence: string;
  readonly by: string;
  readonly failed: boolean;
};

/** `tw gates` and `tw gate`: what a book has to show before it trades as `full`. */
export function registerGates(program: Command): void {
  program
    .command('gates')
    .description('the go / no-go gates of the code that runs; fails unless all have passed')
    .addOption(projectOption())
    .addOption(offsetOption())
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  npm run tw -- gates --json')
    .action((options: OnDesk) =>
      answer(options, async () => (await import('./gates.ts')).readGates(options)),
    );
  program
    .command('gate <id>')
    .description('keep evidence that one gate has passed, or has not')
    .requiredOption('--evidence <text>', 'where it can be looked up: a run, a report, a record')
    .requiredOption('--by <name>', 'who says so')
    .addOption(new Option('--failed', 'it has not passed').default(false))
    .addOption(projectOption())
    .addOption(offsetOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nExample:\n  npm run tw -- gate G01 --evidence "CI run 812" --by me@example.com',
    )
    .action((gate: string, options: Showing) =>
      answer(options, async () =>
        (await import('./gates.ts')).showGate(options, { gate, ...options }),
      ),
    );
}
