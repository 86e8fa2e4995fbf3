import { Option, type Command } from 'commander';
import { answer, jsonOption, offsetOption, projectOption, type Json } from '../cli/command.ts';
import { parseOnly } from './arguments.ts';
import type { Desk } from './desk-store.ts';
import type { DownloadCommand } from './download.ts';
import type { ImportCommand } from './import.ts';
import type { exportMarket, prune } from './keep.ts';
import type { QueryCommand, Window } from './look.ts';
import type { Place } from './open-data.ts';
import type { StartCommand, StopCommand } from './record.ts';

// What a command needs is loaded when it is used: DuckDB, Firestore and the venues' client take most of a second.
const look = () => import('./look.ts');
const keep = () => import('./keep.ts');
const recordings = () => import('./record.ts');

const archiveOption = (): Option =>
  new Option(
    '--archive <place>',
    'a folder or gs://bucket/prefix; by default TRADEWIND_ARCHIVE, else the local desk’s',
  );
const originOption = (): Option =>
  new Option(
    '--origin <origin>',
    'whose rows are meant: live, or what a desk recorded or made up; live, or the desk’s where one is asked',
  ).choices(['live', 'recorded', 'synthetic']);
const examples = (...lines: readonly string[]): string =>
  `\nExample${lines.length > 1 ? 's' : ''}:\n${lines.map((line) => `  npm run tw -- data ${line}`).join('\n')}`;

/** A command over the archive that answers people and programs. */
const command = (data: Command, name: string, about: string): Command =>
  data
    .command(name)
    .description(about)
    .addOption(archiveOption())
    .addOption(originOption())
    .addOption(jsonOption());

const windowed = (made: Command): Command =>
  made
    .option('--from <time>', 'a date, or how long ago: 2026-11-01, 7d')
    .option('--until <time>', 'the first moment that is left out');

function registerSources(data: Command): void {
  command(
    data,
    'download <venue> <symbol>',
    'fetch the history of any ccxt venue; goes on where the archive ends',
  )
    .addOption(new Option('--market <kind>', 'spot or futures').default('spot'))
    .addOption(new Option('--timeframe <length>', 'candles of 1m, 5m, 15m or 1h').default('1m'))
    .option('--trades', 'trades instead of candles', false)
    .addOption(new Option('--from <time>', 'a date, or how long ago').default('7d'))
    .addOption(new Option('--to <time>', 'the first moment that is left out').default('now'))
    .addOption(
      new Option('--sandbox-port <n>', 'ask a sandbox on this port instead').argParser(Number),
    )
    .addHelpText(
      'after',
      examples(
        'download binance BTC-USDT --from 90d',
        'download kraken ETH/USD --timeframe 1h --from 2026-01-01',
        'download binance BTC-USDT --trades --from 2h',
      ),
    )
    .action((venue: string, symbol: string, options: DownloadCommand & Json) =>
      answer(options, async () => (await import('./download.ts')).download(options, venue, symbol)),
    );
  command(data, 'import <file>', 'store trades or candles of a CSV, gzipped CSV or Parquet file')
    .requiredOption('--symbol <symbol>', 'which market it is of, such as BTC-USDT')
    .addOption(new Option('--venue <name>', 'whose market').default('binance'))
    .addOption(
      new Option('--market <kind>', 'what kind of market')
        .choices(['spot', 'futures', 'equity', 'option', 'forex', 'dex'])
        .default('spot'),
    )
    .option('--timeframe <length>', 'length of its candles; found out where it is left out')
    .option('--trades', 'it holds trades; found out where it is left out', false)
    .addOption(
      new Option('--only <column=value>', 'only rows whose column has the value; may be repeated')
        .argParser(parseOnly)
        .default({}, 'all of the market and symbol'),
    )
    .option('--name <text>', 'what its session is called')
    .option('--no-session', 'store the rows without naming them as a session')
    .option('--bad-rows <file>', 'write every bad row’s line and reason there')
    .addOption(projectOption())
    .addOption(offsetOption())
    .addHelpText(
      'after',
      examples(
        'import trades.csv.gz --symbol BTC-USDT',
        'import all.csv --symbol ETH-USDT --market futures --only market=usdm',
        'import spy.csv --venue us --market equity --symbol SPY-USD --timeframe 1d',
      ),
    )
    .action((file: string, options: ImportCommand & Json) =>
      answer(options, async () => (await import('./import.ts')).importData(options, file)),
    );
}

function registerViews(data: Command): void {
  command(data, 'list', 'what the archive holds')
    .addHelpText('after', examples('list', 'list --origin synthetic'))
    .action((options: Place & Json) => answer(options, async () => (await look()).list(options)));
  windowed(command(data, 'inspect <market>', 'gaps, duplicates, span, and a chart'))
    .option(
      '--kind <kind>',
      'ticks, or a length of candles such as 1m; the finest where it is left out',
    )
    .addHelpText(
      'after',
      examples(
        'inspect binance_spot_BTC-USDT',
        'inspect binance_spot_BTC-USDT --kind 1m --from 7d',
      ),
    )
    .action((market: string, options: Place & Window & Json & { kind?: string }) =>
      answer(options, async () => (await look()).inspect(options, market)),
    );
  windowed(command(data, 'query <sql>', 'ask in SQL; the views are ticks and bars'))
    .option('--market <key>', 'read this market’s files only')
    .option('--csv', 'print CSV', false)
    .addOption(new Option('--limit <n>', 'most rows').argParser(Number).default(1_000))
    .addHelpText(
      'after',
      examples(
        `query "SELECT market_key, count(*) FROM ticks GROUP BY 1"`,
        `query "SELECT time, close FROM bars WHERE timeframe = '1h' ORDER BY time" --csv`,
        'query "DESCRIBE ticks"',
      ),
    )
    .action((sql: string, options: QueryCommand & Json) =>
      answer(options, async () => (await look()).query(options, sql)),
    );
  windowed(command(data, 'export <market>', 'write a market’s rows into a file'))
    .requiredOption('--to <file>', 'a .csv, .csv.gz or .parquet file')
    .option('--kind <kind>', 'ticks, or a length of candles; the finest where it is left out')
    .option('--force', 'overwrite the file', false)
    .addHelpText(
      'after',
      examples(
        'export binance_spot_BTC-USDT --kind 1m --to btc.csv',
        'export binance_spot_BTC-USDT --from 1d --to day.parquet',
      ),
    )
    .action((market: string, options: Parameters<typeof exportMarket>[0] & Json) =>
      answer(options, async () => (await keep()).exportMarket(options, market)),
    );
}

function registerUpkeep(data: Command): void {
  command(data, 'compact', 'merge the files of each hour, day or month into one')
    .option('--all', 'also of the hour that is being written', false)
    .addHelpText('after', examples('compact'))
    .action((options: Place & Json & { all: boolean }) =>
      answer(options, async () => (await keep()).compact(options)),
    );
  command(data, 'prune', 'remove what is older than it is to be kept')
    .option('--dry-run', 'only say what would be removed', false)
    .addOption(
      new Option('--keep-ticks <days>', 'trades and candles under 1m; 90 by default').argParser(
        Number,
      ),
    )
    .addOption(
      new Option('--keep-bars <days>', 'candles from 1m on; 730 by default').argParser(Number),
    )
    .option('--market <key>', 'of this market only')
    .addHelpText('after', examples('prune --dry-run', 'prune --keep-ticks 30'))
    .action((options: Parameters<typeof prune>[0] & Json) =>
      answer(options, async () => (await keep()).prune(options)),
    );
}

function registerRecordings(data: Command): void {
  const record = data
    .command('record')
    .description('recordings for backtests: named spans over the archive');
  const add = (name: string, about: string): Command =>
    command(record, name, about).addOption(projectOption()).addOption(offsetOption());
  add('start <market...>', 'record markets; the worker follows them and closes the recording')
    .option('--name <text>', 'what it is called')
    .addOption(new Option('--purpose <text>', 'what it is for').default(''))
    .addOption(
      new Option('--duration <length>', 'such as 90m, 24h or 7d, at most 30d').default('24h'),
    )
    .addOption(new Option('--channels <list>', 'trades, candles or both').default('trades,candles'))
    .addHelpText(
      'after',
      examples(
        'record start binance_spot_BTC-USDT binance_spot_ETH-USDT --duration 8h --name "CPI day"',
      ),
    )
    .action((markets: string[], options: StartCommand & Json) =>
      answer(options, async () => (await recordings()).startRecording(options, markets)),
    );
  add('stop <session>', 'end a recording now')
    .option('--finish', 'close its files here, where no worker does', false)
    .addHelpText('after', examples('record stop 3f9c…'))
    .action((session: string, options: StopCommand & Json) =>
      answer(options, async () => (await recordings()).stopRecording(options, session)),
    );
  add('list', 'recordings and imports, the newest first')
    .addHelpText('after', examples('record list'))
    .action((options: Desk & Place & Json) =>
      answer(options, async () => (await recordings()).listRecordings(options)),
    );
  add(
    'delete <session>',
    'forget a recording that no backtest needs; its rows stay until their time is over',
  )
    .option('--dry-run', 'only say whether it may be deleted', false)
    .addHelpText('after', examples('record delete 3f9c… --dry-run'))
    .action((session: string, options: Desk & Place & Json & { dryRun: boolean }) =>
      answer(options, async () => (await recordings()).deleteRecording(options, session)),
    );
}

/** Adds `data` and its commands. */
export function registerData(program: Command): void {
  const data = program
    .command('data')
    .description(
      'trades and candles: fetch, import, record, look at, ask and export them (docs/data.md)',
    );
  registerSources(data);
  registerRecordings(data);
  registerViews(data);
  registerUpkeep(data);
}
