import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import type { Feed } from '../desk/feed.ts';
import { SHORT_WAITS } from '../desk/short-waits.ts';
import { withDrillDesk } from '../drill/drill-desk.ts';
import { describe, Fault } from '../lib/fault.ts';
import { prepareDesk, runOnDesk } from './emulator/run-emulator.ts';
import { runPool } from './fast/pool.ts';
import { runScenario } from './fast/scenario.ts';
import { addOutcome, emptyBatch, toSummary, type Failed, type Summary } from './fast/summary.ts';
import { checkMutants, type MutantCheck } from './mutants.ts';

const root = join(import.meta.dirname, '../../..');
const say = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

type Options = {
  readonly fast: boolean;
  readonly emulator: boolean;
  readonly scenarios: number;
  readonly seed: number;
  readonly threads: number;
  readonly mutants: boolean;
  readonly json: boolean;
};

const THREAD = new URL('fast/thread.ts', import.meta.url);
const PROGRESS_MS = 5_000;
/** Failures that are told in words. */
const SHOWN = 5;

function whole(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0)
    throw new InvalidArgumentError('Give a whole number.');
  return value;
}

function tell(failed: readonly Failed[], mode: '--fast' | '--emulator'): void {
  for (const { seed, words } of failed.slice(0, SHOWN)) {
    say(`seed ${seed}:`);
    for (const line of words) say(`  ${line}`);
    say(`  Replay it: npm run faults -- ${mode} --scenarios 1 --seed ${seed}`);
  }
}

/** `docs/figures.md`. */
const figuresOf = (
  mode: 'fast' | 'emulator',
  summary: Summary,
  { seconds, mutants }: { readonly seconds: number; readonly mutants: MutantCheck | null },
) => {
  const { failed, steps, scenarios, ...counts } = summary;
  return {
    mode,
    scenarios,
    steps: steps.length,
    ...counts,
    failedSeeds: failed.map(({ seed }) => seed),
    scenariosPerSecond: Number((scenarios / seconds).toPrecision(3)),
    mutants,
  };
};

/** One scenario, step by step. */
async function replay(seed: number): Promise<void> {
  const { lines } = await runScenario(seed, true);
  for (const line of lines) say(line);
}

async function runFast(options: Options): Promise<boolean> {
  const { seed, scenarios, threads, json } = options;
  if (scenarios === 1) await replay(seed);
  const started = performance.now();
  let told = started;
  const summary = await runPool({ seed, scenarios, threads }, THREAD, (done) => {
    if (performance.now() - told < PROGRESS_MS) return;
    told = performance.now();
    say(`${done} of ${scenarios} scenarios`);
  });
  const seconds = (performance.now() - started) / 1_000;
  tell(summary.failed, '--fast');
  // Whoever replays one seed wants that one.
  const mutants =
    options.mutants && scenarios > 1 ? await checkMutants({ root, seed, threads, say }) : null;
  const figures = figuresOf('fast', summary, { seconds, mutants });
  process.stdout.write(`${json ? JSON.stringify(figures) : JSON.stringify(figures, null, 2)}\n`);
  return summary.failed.length === 0 && mutants?.caught === mutants?.total;
}

/** Away from the desks of people, tests, recordings and drills. */
const FIRST_OFFSET = 15_000;
const SYMBOLS = ['BTC-USDT', 'ETH-USDT', 'SOL-USDT'];

async function runEmulator({ seed, scenarios, json }: Options): Promise<boolean> {
  const plan = {
    name: 'faults',
    feed: (): Feed => ({ kind: 'sandbox', name: 'sandbox' }),
    symbols: SYMBOLS,
    firstOffset: FIRST_OFFSET,
    env: SHORT_WAITS,
  };
  return withDrillDesk({ root, say }, plan, async ({ plan: { ports }, store, marketNow }) => {
    const desk = { ports, store, marketNow };
    await prepareDesk(desk);
    const batch = emptyBatch();
    const run = Date.now().toString(36);
    const started = performance.now();
    for (let at = seed; at < seed + scenarios; at += 1) {
      const outcome = await runOnDesk(desk, at, run);
      addOutcome(batch, outcome);
      say(`${at - seed + 1} of ${scenarios}, seed ${at}: ${['harm', ...outcome.lines].join('; ')}`);
    }
    const seconds = (performance.now() - started) / 1_000;
    const summary = toSummary([batch]);
    tell(summary.failed, '--emulator');
    const figures = figuresOf('emulator', summary, { seconds, mutants: null });
    process.stdout.write(`${json ? JSON.stringify(figures) : JSON.stringify(figures, null, 2)}\n`);
    return summary.failed.length === 0;
  });
}

const program = new Command('npm run faults --')
  .description('Does harm to the desk at every step and compares venue and ledger afterwards.')
  .option('--fast', 'in memory, on simulated time', false)
  .option('--emulator', 'a whole desk on the emulators, with the sandbox over HTTP', false)
  .option('--scenarios <n>', 'how many', whole, 1_000)
  .option('--seed <n>', 'the first scenario; the others follow', whole, 1)
  .option('--threads <n>', 'worker threads', whole, Math.min(2, availableParallelism()))
  .option('--no-mutants', 'leave out the check that deliberate bugs are caught')
  .option('--json', 'print the figures as one JSON object, as the last line', false)
  .addHelpText(
    'after',
    `
Examples:
  $ npm run faults -- --fast --scenarios 100000 --json
  $ npm run faults -- --fast --scenarios 1 --seed 2176 --no-mutants    told step by step
  $ npm run faults -- --emulator --scenarios 20

docs/faults.md says what is done.`,
  )
  .parse();

try {
  const options = program.opts<Options>();
  if (options.fast === options.emulator) throw new Fault('Choose one of --fast and --emulator.');
  const isWhole = options.fast ? await runFast(options) : await runEmulator(options);
  process.exitCode = isWhole ? 0 : 1;
} catch (error) {
  say(describe(error));
  process.exitCode = 1;
}
// What still holds the process open has been told to end.
process.exit();
