import { parseArgs } from 'node:util';
import { z } from 'zod';
import { clockSchema } from './admin/schemas.ts';
import { createSandbox } from './create-sandbox.ts';
import { symbol } from '@tradewind/contracts/wire';
import { parseQty, type Qty } from '@tradewind/core/lib/units';

const USAGE =
  'node sandbox/src/main.ts --port N --symbols BTC-USDT,… --feed sandbox|push|file:PATH --seed N ' +
  '--api-key K --api-secret S --initial USDT=10000 [--clock JSON] [--state FILE] [--symbol BTC-USDT] ' +
  '[--market spot] [--latency 50-300]';

/** `USDT=10000,BTC=0.5` as amounts. */
const balances = z.string().transform((text, context) => {
  const result: Record<string, Qty> = {};
  for (const pair of text.split(',')) {
    const [asset = '', amount = ''] = pair.split('=');
    const parsed = parseQty(amount);
    if (/^[A-Z0-9]+$/.test(asset) && parsed.ok) result[asset] = parsed.value;
    else context.addIssue(`"${pair}" is not of the form USDT=10000`);
  }
  return result;
});

const json = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue('is not JSON');
    return z.NEVER;
  }
});

const latency = z
  .string()
  .regex(/^\d+-\d+$/, 'expected MIN-MAX in milliseconds')
  .transform((text) => {
    const [min = 0, max = 0] = text.split('-').map(Number);
    return { min, max };
  });

const settings = z.object({
  port: z.coerce.number().int().min(0).max(65_535),
  symbols: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(symbol).min(1)),
  feed: z.string(),
  seed: z.coerce.number().int(),
  'api-key': z.string().min(8),
  'api-secret': z.string().min(8),
  initial: balances,
  clock: json.pipe(clockSchema).optional(),
  state: z.string().optional(),
  symbol: symbol.optional(),
  market: z.string().default('spot'),
  latency: latency.optional(),
});

/** Reads the command line. @throws RangeError that names each option which is wrong. */
function parseSettings(argv: readonly string[]) {
  const names = Object.keys(settings.shape);
  const { values } = parseArgs({
    args: [...argv],
    options: Object.fromEntries(names.map((name) => [name, { type: 'string' as const }])),
  });
  const defaults = { port: '0', symbols: 'BTC-USDT', feed: 'sandbox', seed: '1' };
  const parsed = settings.safeParse({ ...defaults, ...values });
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(({ path, message }) => `--${path.join('.')}: ${message}`);
  throw new RangeError(`${issues.join('\n')}\n\n${USAGE}`);
}

async function main(): Promise<void> {
  const chosen = parseSettings(process.argv.slice(2));
  const sandbox = await createSandbox({
    port: chosen.port,
    symbols: chosen.symbols,
    feed: chosen.feed,
    seed: chosen.seed,
    apiKey: chosen['api-key'],
    apiSecret: chosen['api-secret'],
    initial: chosen.initial,
    market: chosen.market,
    ...(chosen.clock === undefined ? {} : { clock: chosen.clock }),
    ...(chosen.state === undefined ? {} : { stateFile: chosen.state }),
    ...(chosen.symbol === undefined ? {} : { symbol: chosen.symbol }),
    ...(chosen.latency === undefined ? {} : { config: { latencyMs: chosen.latency } }),
  });
  process.stdout.write(`${JSON.stringify({ listening: sandbox.port })}\n`);
  const stop = (): void => {
    void sandbox.close().then(() => {
      process.exit(0);
    });
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
