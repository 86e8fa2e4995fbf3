import { parseArgs } from 'node:util';
import { symbol } from '@tradewind/contracts/wire';
import { parseMoney, parseQty, type Qty } from '@tradewind/core/lib/units';
import * as z from 'zod';
import { clockSchema } from './admin/schemas.ts';

const USAGE = `Usage: node sandbox/src/main.ts OPTIONS
  --port N            0 chooses a free one (default)
  --symbols LIST      such as BTC-USDT,ETH-USDT (default BTC-USDT); a file brings its own
  --feed FEED         sandbox (default), push, rate:TRADES_PER_SECOND, or file:PATH
  --seed N            of the simulated market and of latencies (default 1)
  --clock JSON        {"origin":ms,"startedAt":ms,"speed":n}; default: the wall clock
  --api-key K --api-secret S
                      what callers must sign with
  --initial LIST      balances to start with, such as USDT=10000 (default)
  --futures USDT      what the futures account starts with (default 10000)
  --state FILE        resumes from it and saves to it
  --symbol BTC-USDT   of a file without a symbol column
  --market NAME       rows to take of a file with a market column (default spot)
  --latency MIN-MAX   milliseconds until an order reaches the book (default 5-25)
  --kept-trades N     newest trades of each market that REST can tell (default 20000)
  --inspect file:PATH prints what a recording holds and ends`;

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
  .regex(/^\d+-\d+$/, 'expected MIN-MAX in milliseconds, such as 50-300')
  .transform((text) => {
    const [min = 0, max = 0] = text.split('-').map(Number);
    return { min, max };
  });

const settings = z.object({
  port: z.coerce.number().int().min(0).max(65_535).default(0),
  symbols: z
    .string()
    .default('BTC-USDT')
    .transform((text) => text.split(','))
    .pipe(z.array(symbol).min(1)),
  feed: z.string().default('sandbox'),
  seed: z.coerce.number().int().default(1),
  'api-key': z.string().min(8).default(''),
  'api-secret': z.string().min(8).default(''),
  initial: balances.prefault('USDT=10000'),
  futures: z
    .string()
    .default('10000')
    .transform((text, context) => {
      const parsed = parseMoney(text);
      if (parsed.ok) return parsed.value;
      context.addIssue(parsed.error);
      return z.NEVER;
    }),
  clock: json.pipe(clockSchema).optional(),
  state: z.string().optional(),
  symbol: symbol.optional(),
  market: z.string().default('spot'),
  latency: latency.optional(),
  'kept-trades': z.coerce.number().int().min(1).max(5_000_000).optional(),
  inspect: z.string().optional(),
});
export type Settings = z.output<typeof settings>;

/** Reads the command line. @throws RangeError that names each option which is wrong. */
export function parseSettings(argv: readonly string[]): Settings {
  const names = Object.keys(settings.shape);
  const { values } = parseArgs({
    args: [...argv],
    options: Object.fromEntries(names.map((name) => [name, { type: 'string' as const }])),
  });
  const parsed = settings.safeParse(values);
  const unsigned =
    parsed.success &&
    parsed.data.inspect === undefined &&
    (parsed.data['api-key'] === '' || parsed.data['api-secret'] === '');
  if (parsed.success && !unsigned) return parsed.data;
  const issues = parsed.success
    ? ['--api-key and --api-secret are missing: callers must sign with them']
    : parsed.error.issues.map(({ path, message }) => `--${path.join('.')}: ${message}`);
  throw new RangeError(`${issues.join('\n')}\n\n${USAGE}`);
}
