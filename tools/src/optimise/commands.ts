import { availableParallelism } from 'node:os';
import { OBJECTIVES } from '@tradewind/core/optimise/objective';
import { SEARCH_METHODS } from '@tradewind/core/optimise/search';
import { Option, type Command } from 'commander';
import type { InputOptions } from '../backtest/inputs.ts';
import { withInputs } from '../backtest/commands.ts';
import { answer, jsonOption, type Json } from '../cli/command.ts';
import type { SearchOptions, ValidateOptions } from './run-command.ts';
import type { WalkOptions } from './walk-run.ts';

const OPTIMISE = `
Examples:
  npm run tw -- optimise sma-cross --data BTC-USDT=candles.csv.gz --space 'fast=5..30:5' 'slow=20..120:10'
  npm run tw -- optimise sma-cross --market binance_spot_BTC-USDT --from 90d --search bayes --trials 200 --objective sharpe
  npm run tw -- optimise list
  npm run tw -- optimise show 3f9c

A space is PARAMETER=FROM..TO:STEP, PARAMETER=FROM..TO or PARAMETER=A,B,C; without one, all that the strategy sets
limits to is searched. How to read what comes out, and why the best of many proves little: docs/optimising.md.`;
const WALK = `
Example:
  npm run tw -- walk-forward sma-cross --data BTC-USDT=candles.csv.gz --space 'fast=5..30:5' 'slow=20..120:10' --windows 6`;
const VALIDATE = `
Example:
  npm run tw -- validate sma-cross --params '{"fast": 20, "slow": 50}' --data BTC-USDT=candles.csv.gz`;

const number = (flags: string, about: string, preset: number): Option =>
  new Option(flags, about).argParser(Number).default(preset);

const withSearch = (command: Command): Command =>
  command
    .option('--space <range...>', "what is searched, such as 'fast=5..30:5' 'timeframe=1m,5m'")
    .option('--space-file <file>', 'the same from a file: {"fast": "5..30:5", "timeframe": ["1m"]}')
    .addOption(
      new Option('--search <method>', 'every combination, at random, or learning')
        .choices(SEARCH_METHODS)
        .default('grid'),
    )
    .addOption(number('--trials <n>', 'combinations to try at most', 1_000))
    .addOption(
      new Option('--objective <name>', 'what is made as large as it can be')
        .choices(OBJECTIVES)
        .default('sharpe'),
    )
    .addOption(number('--min-trades <n>', 'with fewer trades a combination is not judged', 20))
    .addOption(
      number('--threads <n>', 'the result is the same on any number', availableParallelism()),
    )
    .addOption(number('--deadline <seconds>', 'a combination that takes longer is given up', 120));

/** `tw optimise`, `tw walk-forward` and `tw validate`. */
export function registerOptimise(program: Command): void {
  const optimise = program
    .command('optimise')
    .description(
      'search the parameters of a strategy, and say what is left of the best after so many tries',
    );
  withSearch(withInputs(optimise))
    .addOption(jsonOption())
    .addHelpText('after', OPTIMISE)
    .action((what: string, options: InputOptions & SearchOptions & Json) =>
      answer(options, async () => {
        const { optimise: run } = await import('./run-command.ts');
        const { readProblem } = await import('./read-problem.ts');
        return run(await readProblem(options, what), options);
      }),
    );
  optimise
    .command('list')
    .description('searches, walk forwards and validations that are kept, the newest first')
    .addOption(jsonOption())
    .action((options: Json) =>
      answer(options, async () => (await import('./kept.ts')).listOptimisations()),
    );
  optimise
    .command('show <id>')
    .description('one of them; the beginning of its id will do')
    .addOption(jsonOption())
    .action((id: string, options: Json) =>
      answer(options, async () => (await import('./kept.ts')).showOptimisation(id)),
    );
  registerProofs(program);
}

function registerProofs(program: Command): void {
  const walk = program
    .command('walk-forward')
    .description(
      'search on one piece of the data and prove the choice on the next, again and again',
    );
  withSearch(withInputs(walk))
    .addOption(number('--windows <n>', 'pieces that are proven on', 5))
    .addOption(number('--ratio <n>', 'length of a search in lengths of a proof', 3))
    .addOption(
      new Option(
        '--windowing <kind>',
        'search spans of one length, or all from the begin of the data',
      )
        .choices(['rolling', 'anchored'])
        .default('rolling'),
    )
    .addOption(jsonOption())
    .addHelpText('after', WALK)
    .action((what: string, options: InputOptions & SearchOptions & WalkOptions & Json) =>
      answer(options, async () => {
        const { walk: run } = await import('./run-command.ts');
        const { readProblem } = await import('./read-problem.ts');
        return run(await readProblem(options, what), options);
      }),
    );
  const validate = program
    .command('validate')
    .description(
      'look-ahead, warm-up, other orders of the trades, random entries: what speaks against a strategy',
    );
  withInputs(validate)
    .addOption(number('--runs <n>', 'resamples of trades and of entries', 2_000))
    .addOption(number('--ruin <pct>', 'loss that counts as ruin, percent', 50))
    .addOption(number('--tolerance <share>', 'difference of a value that is taken for none', 0.001))
    .addOption(jsonOption())
    .addHelpText('after', VALIDATE)
    .action((what: string, options: InputOptions & ValidateOptions & Json) =>
      answer(options, async () => {
        const { validateProblem } = await import('./run-command.ts');
        const { readProblem } = await import('./read-problem.ts');
        return validateProblem(await readProblem(options, what), options);
      }),
    );
}
