import { mkdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createLimiter } from '@tradewind/adapters/archive/limiter';
import { Command, InvalidArgumentError, Option } from 'commander';
import color from 'picocolors';
import { describe } from '../lib/fault.ts';
import { findChromium, INSTALL_BROWSER } from '../lib/browser.ts';
import { CHECKS, runCheck, type Check } from './checks.ts';
import { runJest } from './run-jest.ts';
import { withDesk, withEmulators } from './stages.ts';
import { add, NOTHING, totalLine, type Tally } from './tally.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const STAGES = ['check', 'unit', 'emulator', 'desk', 'browser'] as const;
type Stage = (typeof STAGES)[number];

const say = (text: string): void => {
  process.stderr.write(`${text}\n`);
};
const title = (text: string): void => {
  say(`\n${color.bold(text)}`);
};

async function checkOne(one: Check): Promise<Tally> {
  const { ok, output, ms } = await runCheck(root, one);
  const seconds = color.dim(`${(ms / 1000).toFixed(1)} s`);
  say(`${ok ? color.green('✔') : color.red('✘')} ${one.name} ${seconds}`);
  if (!ok) say(output.trimEnd());
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 };
}

/** Side by side, one for each core: none of them uses more. */
async function check(): Promise<Tally> {
  const inLane = createLimiter(availableParallelism());
  const tallies = await Promise.all(CHECKS.map((one) => inLane(() => checkOne(one))));
  return tallies.reduce(add, NOTHING);
}

/** Tests that need the whole desk; the ones for a browser are skipped, loudly, where there is none. */
async function withWholeDesk(stages: ReadonlySet<Stage>, args: readonly string[]): Promise<Tally> {
  const chromium = findChromium();
  const projects = (['desk', 'browser'] as const).filter((name) => stages.has(name));
  if (chromium === undefined && stages.has('browser'))
    say(
      color.yellow(
        `\nNO BROWSER WAS FOUND: the end-to-end tests in it are SKIPPED.\n` +
          `Install one with:  ${INSTALL_BROWSER}\nor set CHROMIUM_PATH to a Chromium that you have.\n`,
      ),
    );
  return withDesk({ root, chromium, say }, async (env) => {
    let tally = NOTHING;
    for (const project of projects)
      tally = add(
        tally,
        await runJest({ root, projects: [project], args: ['--runInBand', ...args], env }),
      );
    return tally;
  });
}

/** A stage that breaks down is one failure; the others still run. */
async function stage(name: string, body: () => Promise<Tally>): Promise<Tally> {
  title(name);
  try {
    return await body();
  } catch (error) {
    say(`${color.red('✘')} ${describe(error)}`);
    return { ...NOTHING, failed: 1 };
  }
}

async function run(stages: ReadonlySet<Stage>, args: readonly string[]): Promise<Tally> {
  let tally = NOTHING;
  const take = async (name: string, body: () => Promise<Tally>): Promise<void> => {
    tally = add(tally, await stage(name, body));
  };
  if (stages.has('check')) await take('Checks', check);
  if (stages.has('unit'))
    await take('Unit, property, contract and component tests', () =>
      // Left to itself, jest keeps a core free, which on two cores is half of them.
      runJest({ root, projects: ['unit', 'dom'], args: ['--maxWorkers=100%', ...args] }),
    );
  if (stages.has('emulator'))
    await take('Rules and integration tests on the emulators', () =>
      withEmulators({ root, say }, (env) =>
        runJest({ root, projects: ['emulator'], args: ['--runInBand', ...args], env }),
      ),
    );
  if (stages.has('desk') || stages.has('browser'))
    await take('End-to-end tests on a whole desk', () => withWholeDesk(stages, args));
  return tally;
}

function parseStages(text: string): readonly Stage[] {
  return text.split(',').map((name) => {
    const found = STAGES.find((stage) => stage === name);
    if (found === undefined) throw new InvalidArgumentError(`Choose from ${STAGES.join(', ')}.`);
    return found;
  });
}

const program = new Command('npm test --')
  .description('Runs everything there is and ends with "N passed, N failed".')
  .addOption(
    new Option('--only <stages>', `run only these stages, of ${STAGES.join(', ')}`).argParser(
      parseStages,
    ),
  )
  .argument('[pattern]', 'only test files whose path matches')
  .addHelpText(
    'after',
    `
Examples:
  npm test                              everything
  npm test -- --only check              format, types, lint, imports, unused code
  npm test -- --only unit core/src/risk one folder's unit tests
  npm test -- --only browser            end to end in Chromium (CHROMIUM_PATH chooses which)

TRADEWIND_DATA names a folder of recorded market data (default ./data); tests that need
a recording which is not there are skipped.`,
  )
  .parse();

const { only } = program.opts<{ only?: readonly Stage[] }>();
const pattern = program.args.slice(0, 1);
mkdirSync(join(root, '.tradewind'), { recursive: true });
process.env['TRADEWIND_DATA'] = resolve(root, process.env['TRADEWIND_DATA'] ?? 'data');
const tally = await run(new Set(only ?? STAGES), pattern);
say('');
process.stdout.write(`${totalLine(tally)}\n`);
process.exitCode = tally.failed === 0 ? 0 : 1;
