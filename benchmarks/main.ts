import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { measureBacktest } from './backtest.ts';
import { measureCold } from './cold.ts';
import { measureExecution } from './execution.ts';
import { measureMarket } from './market.ts';
import { measureSoak, SOAK, type Soak } from './soak.ts';

/** A number, or one for each of some names. */
type Value = number | Readonly<Record<string, number>>;

/** What a bench reports: `docs/figures.md`. */
export type Measured = {
  readonly figures: Readonly<Record<string, Value>>;
  readonly ratios: Readonly<Record<string, Value>>;
  readonly peers: Readonly<Record<string, number>>;
};
type Bench = {
  readonly about: string;
  readonly run: (say: (text: string) => void, soak: Soak) => Promise<Measured>;
};

const BENCHES: Readonly<Record<string, Bench>> = {
  backtest: {
    about:
      'a crossover, a weighted bot and a million bars through the backtester; beside a bare loop and a peer',
    run: measureBacktest,
  },
  cold: {
    about:
      'cold import of the functions bundle: the SDKs alone, functions that do not trade, that do',
    run: measureCold,
  },
  execution: {
    about:
      'verdicts a second; signal to venue on the emulators beside a bare call; the fast path; a burst',
    run: measureExecution,
  },
  market: {
    about: 'trades through candles, indicators and order flow; beside a bare loop, peers, a socket',
    run: measureMarket,
  },
  soak: {
    about: 'a worker under a steady load of trades over a real socket: lost ticks, latency, memory',
    run: (say, soak) => measureSoak(soak, say),
  },
};

const list = (): string =>
  Object.entries(BENCHES)
    .map(([name, { about }]) => `  ${name.padEnd(11)}${about}`)
    .join('\n');

const machine = (): string => {
  const [cpu] = cpus();
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  return `${cpus().length} × ${cpu?.model ?? 'unknown'}, ${gigabytes} GB, Node ${process.versions.node}, ${process.platform}`;
};

function print(values: Readonly<Record<string, Value>>, indent = '  '): void {
  for (const [name, value] of Object.entries(values))
    if (typeof value === 'number') process.stdout.write(`${indent}${name.padEnd(32)}${value}\n`);
    else {
      process.stdout.write(`${indent}${name}\n`);
      print(value, `${indent}  `);
    }
}

type Options = { readonly json: boolean; readonly soak: Soak };

async function run(name: string | undefined, { json, soak }: Options): Promise<void> {
  if (name === undefined) {
    process.stdout.write(`Benches (npm run bench -- NAME [--json]):\n${list()}\n`);
    return;
  }
  const bench = BENCHES[name];
  if (bench === undefined) {
    process.stderr.write(`There is no bench "${name}". There are:\n${list()}\n`);
    process.exitCode = 1;
    return;
  }
  const measured = await bench.run((text) => process.stderr.write(`${text}\n`), soak);
  const result = { name, machine: machine(), ...measured };
  if (json) process.stdout.write(`${JSON.stringify(result)}\n`);
  else {
    process.stdout.write(`${name} on ${result.machine}\n`);
    print(measured.figures);
    print(measured.ratios);
  }
}

const HELP = `npm run bench -- [NAME] [--json]

Measures what the documentation claims. Without a name: lists the benches.

Benches:
${list()}

Options of soak:
  --minutes N   how long (${SOAK.minutes})
  --symbols N   markets (${SOAK.symbols})
  --rate N      trades per second of each (${SOAK.rate})

Examples:
  npm run bench -- cold --json
  npm run bench -- soak --minutes 0.5 --symbols 20
`;

/** A positive number from the command line, or the default. @throws RangeError that names the option. */
function positive(name: keyof Soak, text: string | undefined): number {
  if (text === undefined) return SOAK[name];
  const value = Number(text);
  if (!(value > 0 && Number.isFinite(value)))
    throw new RangeError(`--${name} wants a number above 0, was "${text}"`);
  return value;
}

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
      minutes: { type: 'string' },
      symbols: { type: 'string' },
      rate: { type: 'string' },
    },
  });
  const soak = {
    minutes: positive('minutes', values.minutes),
    symbols: positive('symbols', values.symbols),
    rate: positive('rate', values.rate),
  };
  if (values.help) process.stdout.write(HELP);
  else await run(positionals[0], { json: values.json, soak });
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
