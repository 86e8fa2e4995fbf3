import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import * as z from 'zod';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const functions = join(root, 'functions');
const run = promisify(execFile);
const ROUNDS = 9;

const sample = z.object({ ms: z.number(), rssMb: z.number() });

const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
};

/** Imports `modules` one after the other in a new process, and says how long it took and how big it is. */
async function importFresh(modules: readonly string[]): Promise<z.infer<typeof sample>> {
  const script = `
    const start = performance.now();
    for (const name of ${JSON.stringify(modules)}) await import(name);
    const ms = performance.now() - start;
    console.log(JSON.stringify({ ms, rssMb: process.memoryUsage.rss() / 2 ** 20 }));
    process.exit(0);`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: functions,
    env: {
      PATH: process.env['PATH'],
      GCLOUD_PROJECT: 'demo-tradewind',
      FUNCTIONS_EMULATOR: 'true',
    },
  });
  return sample.parse(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''));
}

/** The Firebase modules that the bundle leaves out and imports when it starts. */
function sdkModules(): readonly string[] {
  const dist = join(functions, 'dist');
  const texts = readdirSync(dist, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.js'))
    .map((file) => readFileSync(join(dist, file), 'utf8'));
  const names = texts.flatMap((text) =>
    [...text.matchAll(/(?:from|import)\s*"(firebase-(?:admin|functions)[^"]*)"/g)].map(
      ([, name]) => name ?? '',
    ),
  );
  return [...new Set(names)].sort();
}

/** The chunk that holds the venue's client: the one that the bundle's index loads later. */
function tradingChunk(): string {
  const meta = z
    .object({ outputs: z.record(z.string(), z.looseObject({ entryPoint: z.string().optional() })) })
    .parse(JSON.parse(readFileSync(join(functions, 'dist/meta.json'), 'utf8')));
  const found = Object.entries(meta.outputs).find(([, { entryPoint }]) =>
    (entryPoint ?? '').endsWith('venue/create-venue.ts'),
  );
  if (found === undefined) throw new Error('The bundle has no chunk of its own for the venue');
  return join(functions, found[0].slice(found[0].indexOf('dist/')));
}

/**
 * Medians over fresh processes, the three taking turns so that a busy moment hits all alike:
 * the SDKs alone, the bundle's index (what functions that do not trade load), and index with
 * the trading chunk.
 */
export async function measureCold(say: (text: string) => void) {
  if (!existsSync(join(functions, 'dist/index.js'))) {
    say('Building the functions');
    await run(process.execPath, ['build.ts'], { cwd: functions });
  }
  const index = pathToFileURL(join(functions, 'dist/index.js')).href;
  const kinds = {
    sdk: sdkModules(),
    other: [index],
    trading: [index, pathToFileURL(tradingChunk()).href],
  };
  const samples: Record<keyof typeof kinds, z.infer<typeof sample>[]> = {
    sdk: [],
    other: [],
    trading: [],
  };
  // One unmeasured round fills the file system's cache.
  for (const modules of Object.values(kinds)) await importFresh(modules);
  for (let round = 1; round <= ROUNDS; round += 1) {
    say(`Round ${round} of ${ROUNDS}`);
    samples.sdk.push(await importFresh(kinds.sdk));
    samples.other.push(await importFresh(kinds.other));
    samples.trading.push(await importFresh(kinds.trading));
  }
  const ms = (kind: keyof typeof kinds): number =>
    Math.round(median(samples[kind].map((one) => one.ms)) * 10) / 10;
  const mb = (kind: keyof typeof kinds): number =>
    Math.round(median(samples[kind].map(({ rssMb }) => rssMb)) * 10) / 10;
  const figures = {
    sdkMs: ms('sdk'),
    otherMs: ms('other'),
    tradingMs: ms('trading'),
    sdkRssMb: mb('sdk'),
    otherRssMb: mb('other'),
    tradingRssMb: mb('trading'),
  };
  const tenth = (x: number): number => Math.round(x * 10) / 10;
  return {
    figures,
    ratios: {
      otherOverSdkMs: tenth(figures.otherMs - figures.sdkMs),
      tradingOverSdkMs: tenth(figures.tradingMs - figures.sdkMs),
    },
    peers: {},
  };
}
