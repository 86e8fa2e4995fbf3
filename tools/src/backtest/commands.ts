import { Option, type Command } from 'commander';
import { answer, jsonOption, type Json } from '../cli/command.ts';
import type { BacktestOptions } from './backtest.ts';

const EXAMPLES = `
Examples:
  npm run tw -- backtest sma-cross --data BTC-USDT=candles.csv.gz --html report.html
  npm run tw -- backtest sma-cross --params '{"fast": 20, "slow": 50}' --market binance_spot_BTC-USDT --from 90d
  npm run tw -- backtest my-bot.json --data BTC-USDT=a.csv ETH-USDT=b.csv --balance 25000 --markdown report.md
  npm run tw -- backtest sma-cross --data BTC-USDT=candles.csv --data BTC-USDT=trades.csv   # trades decide the fills
  npm run tw -- backtest sma-cross --data BTC-USDT=1m.csv.gz --finer BTC-USDT=1s.csv.gz   # seconds decide them
  npm run tw -- backtest sma-cross --data binance_futures_BTC-USDT=1m.csv.gz --funding BTC-USDT=fundingRate.csv
  npm run tw -- backtest list
  npm run tw -- backtest compare 3f9c 77ab

Candles and trades may be CSV, gzipped CSV or Parquet, with columns named as exchanges name them (docs/data.md).
What a backtest supposes, and what every figure means: docs/backtesting.md and docs/backtest-report.md.`;

const withData = (command: Command): Command =>
  command
    .option('--data <file...>', 'files of candles or trades: FILE, SYMBOL=FILE or MARKET=FILE')
    .option(
      '--finer <file...>',
      'candles within the bars, which then decide the fills: files as with --data; beside --market a length such as 1s',
    )
    .addOption(
      new Option(
        '--market <key...>',
        'markets of the archive instead, such as binance_spot_BTC-USDT',
      ),
    )
    .option(
      '--archive <place>',
      'a folder or gs://bucket/prefix; by default TRADEWIND_ARCHIVE, else the local desk’s',
    )
    .addOption(
      new Option('--origin <origin>', 'whose rows of the archive are meant').choices([
        'live',
        'recorded',
        'synthetic',
      ]),
    )
    .option('--from <time>', 'a date, or how long ago: 2026-11-01, 90d')
    .option('--to <time>', 'the first moment that is left out')
    .option('--allow-gaps', 'also where less than 99 % of the bars are there', false)
    .option('--strict-coverage', 'only where every bar is there', false);

const withMoney = (command: Command): Command =>
  command
    .addOption(new Option('--balance <amount>', 'cash at the start, in quote').default('10000'))
    .addOption(
      new Option('--limits <profile>', 'limits of which book the gate holds to')
        .choices(['paper', 'small', 'full', 'none'])
        .default('paper'),
    )
    .option(
      '--size <amount>',
      'of an entry: an amount, a share of the free cash such as 10%, or all; by default what the limits allow',
    )
    .option('--stop <pct>', 'stop loss, percent from the entry; none by default')
    .option('--target <pct>', 'take profit, percent from the entry; none by default')
    .option('--trailing <pct>', 'trailing stop, percent from the best price; none by default')
    .option('--tick <step>', 'smallest step of prices; by default the finest in the data')
    .option('--lot <step>', 'smallest step of sizes; by default the finest in the data')
    .option('--min-notional <amount>', 'least value of an order; none by default');

const withFills = (command: Command): Command =>
  command
    .addOption(
      new Option(
        '--conventions <name>',
        'paper: as paper books fill; next-open: at the next open, without slippage, as plain bar backtesters do',
      )
        .choices(['paper', 'next-open'])
        .default('paper'),
    )
    .option('--fees <pct>', 'percent of each fill: one for all, or maker,taker; 0.1 by default')
    .option(
      '--slippage <pct>',
      'how much worse than the last price fills are, or none; the paper venue’s model by default',
    )
    .option(
      '--latency <ms>',
      'from decision to market: 200, or 50-300; the paper venue’s by default',
    )
    .option(
      '--funding <file...>',
      'funding rates of futures: CSV with fundingTime,fundingRate, named as with --data; none by default',
    )
    .addOption(new Option('--seed <n>', 'of what is drawn: latency').default('1'));

/** The options of every command that tests a strategy on data. */
export const withInputs = (command: Command): Command =>
  withFills(
    withMoney(
      withData(
        command
          .argument(
            '<strategy>',
            'id of a strategy, or the file of a strategy’s or a bot’s document (JSON)',
          )
          .option('--params <json>', 'parameters of the strategy; what is left out is its default')
          .option('--params-file <file>', 'the same from a file'),
      ),
    ),
  );

/** `tw backtest …`: test a strategy on recorded data, and look at what was tested. */
export function registerBacktest(program: Command): void {
  const command = program
    .command('backtest')
    .description('test a strategy or a bot on recorded data, with the code of live books');
  withInputs(command)
    .option('--name <text>', 'what it is called in reports')
    .option('--html [file]', 'write a report as one page')
    .option('--markdown [file]', 'write a report as Markdown')
    .addOption(jsonOption())
    .addHelpText('after', EXAMPLES)
    .action((what: string, options: BacktestOptions & Json) =>
      answer(options, async () => (await import('./backtest.ts')).backtest(options, what)),
    );
  command
    .command('list')
    .description('which backtests are kept, the newest first')
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  npm run tw -- backtest list')
    .action((options: Json) =>
      answer(options, async () => (await import('./kept.ts')).listBacktests()),
    );
  command
    .command('show <id>')
    .description('one of them; the beginning of its id will do')
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  npm run tw -- backtest show 3f9c')
    .action((id: string, options: Json) =>
      answer(options, async () => (await import('./kept.ts')).showBacktest(id)),
    );
  command
    .command('compare <id...>')
    .description('two or more side by side')
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  npm run tw -- backtest compare 3f9c 77ab')
    .action((ids: string[], options: Json) =>
      answer(options, async () => (await import('./kept.ts')).compareBacktests(ids)),
    );
}
