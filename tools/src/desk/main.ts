import { Command, InvalidArgumentError, Option } from 'commander';
import { describe } from '../lib/fault.ts';
import { DEFAULT_FOR, runDesk, type DeskCommand } from './run-desk.ts';
import { parseDuration, parseFeed, parseSymbols } from './feed.ts';
import type { Result } from '@tradewind/core/lib/result';

const orRefuse = <T>(parsed: Result<T, string>): T => {
  if (!parsed.ok) throw new InvalidArgumentError(parsed.error);
  return parsed.value;
};

function parseOffset(text: string): number {
  const offset = Number(text);
  if (!/^\d+$/.test(text) || offset > 50_000)
    throw new InvalidArgumentError('Give a whole number from 0 to 50000, such as 3000.');
  return offset;
}

const program = new Command('npm start --')
  .description(
    'Starts the local desk: emulators, sandbox exchange, worker, clock, mailbox and dashboard.',
  )
  .addOption(
    new Option('--feed <feed>', 'where prices come from: sandbox, file:PATH[@SPEED] or live:VENUE')
      .argParser((text) => orRefuse(parseFeed(text)))
      .default(orRefuse(parseFeed('sandbox')), 'sandbox'),
  )
  .option(
    '--symbol <symbols>',
    'BASE-QUOTE, or several with commas; needed for a file without a symbol column',
    (text) => orRefuse(parseSymbols(text)),
  )
  .addOption(
    new Option('--market <kind>', 'what the paper book trades: spot, or perpetuals with margin')
      .choices(['spot', 'futures'])
      .default('spot'),
  )
  .option('--fresh', 'forget the former desk and start over', false)
  .option('--no-worker', 'run without the streaming worker: candles come over REST')
  .option('--headless', 'run without a person and report', false)
  .option(
    '--for <time>',
    `how long a headless run lasts, from the first trade: 90s, 2m, 1h`,
    (text) => orRefuse(parseDuration(text)),
  )
  .option('--json', 'print the report as one JSON object, as the last line', false)
  .option('--port-offset <n>', 'move all ports by this much', parseOffset)
  .addHelpText(
    'after',
    `
Examples:
  npm start                                         simulated market, three bots, a dashboard
  npm start -- --fresh                              the same, from the beginning
  npm start -- --feed live:binance --symbol BTC-USDT
                                                    real public trades, paper orders
  npm start -- --feed file:trades.csv.gz@60 --symbol BTC-USDT
                                                    a recording, an hour a minute
  npm start -- --market futures --fresh             perpetuals: long and short, with leverage
  npm start -- --headless --for ${DEFAULT_FOR / 1000}s --json          figures, see docs/figures.md

The desk is kept in .tradewind/ and goes on where it was left; logs are in .tradewind/logs/.`,
  );

program.showHelpAfterError('(npm start -- --help shows what there is)');
const command = program.parse().opts<DeskCommand>();
if (!command.headless && (command.for !== undefined || command.json))
  program.error(
    'error: --for and --json belong to a run without a person: add --headless, or leave them out',
  );
try {
  process.exitCode = await runDesk(command);
} catch (error) {
  process.stderr.write(`\n${describe(error)}\n`);
  process.exitCode = 1;
}
// What still holds the process open has been told to end; a desk that has stopped is gone.
process.exit();
