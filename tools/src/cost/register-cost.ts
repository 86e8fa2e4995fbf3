import { Option, type Command } from 'commander';
import type { Answer } from '../cli/answer.ts';
import { readCost, type CostOptions } from './cost.ts';

type Json = { readonly json: boolean };

/** Adds the command `cost`; `answer` prints what it has to say. */
export function registerCost(
  program: Command,
  {
    root,
    answer,
  }: {
    readonly root: string;
    readonly answer: (options: Json, work: () => Promise<Answer>) => Promise<void>;
  },
): void {
  program
    .command('cost')
    .description('measure what Firestore is asked for, and say what a month costs at list prices')
    .addOption(new Option('--symbols <n>', 'markets followed').argParser(Number).default(50))
    .addOption(new Option('--viewers <n>', 'dashboards open at once').argParser(Number).default(1))
    .addOption(new Option('--bots <n>', 'bots on one-minute bars').argParser(Number).default(3))
    .addOption(
      new Option('--positions <n>', 'positions open on average').argParser(Number).default(3),
    )
    .addOption(new Option('--no-worker', 'a desk without a worker: computed, not measured'))
    .addOption(new Option('--for <time>', 'how long to measure, such as 60s or 5m').default('60s'))
    .addOption(new Option('--json', 'print one JSON object').default(false))
    .addHelpText(
      'after',
      '\nStarts a Firestore emulator, a sandbox market and the worker, watches them for a while with and without a viewer,' +
        '\nand ends them. Needs no running desk.' +
        '\n\nExamples:\n  npm run tw -- cost\n  npm run tw -- cost --symbols 10 --for 2m --json\n  npm run tw -- cost --no-worker',
    )
    .action((options: CostOptions & Json) =>
      answer(options, () =>
        readCost(root, options, (text) => {
          process.stderr.write(`${text}\n`);
        }),
      ),
    );
}
