import * as z from 'zod';

/** Every fault of an environment, at once: one start tells all that is to be mended. */
export class EnvironmentError extends Error {
  readonly faults: readonly string[];
  constructor(faults: readonly string[]) {
    super(`The environment is not usable:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
    this.name = 'EnvironmentError';
    this.faults = faults;
  }
}

const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,15}$/, 'expected a whole number')
    .transform(Number)
    .pipe(z.number().min(min, `expected at least ${min}`).max(max, `expected at most ${max}`));

const milliseconds = (fallback: number) => wholeNumber(1, 86_400_000).default(fallback);

const variables = z.object({
  GCLOUD_PROJECT: z.string().optional(),
  FIRESTORE_EMULATOR_HOST: z
    .string()
    .regex(/^[^:/\s]+:\d+$/, 'expected host:port, such as 127.0.0.1:8080')
    .optional(),
  TRADEWIND_SANDBOX_PORT: wholeNumber(1, 65_535).optional(),
  BINANCE_API_KEY: z.string().optional(),
  BINANCE_API_SECRET: z.string().optional(),
  SENDGRID_API_KEY: z.string().optional(),
  SENDGRID_BASE_URL: z.url('expected an address such as http://127.0.0.1:2525').optional(),
  MAIL_FROM: z.email('expected an e-mail address').optional(),
  MAIL_TO: z.email('expected an e-mail address').optional(),
  TRADEWIND_CLAIM_LEASE_MS: milliseconds(30_000),
  TRADEWIND_GATE_LEASE_MS: milliseconds(15_000),
  TRADEWIND_WORKER_LEASE_MS: milliseconds(15_000),
  TRADEWIND_PRICE_MAX_AGE_MS: milliseconds(300_000),
  TRADEWIND_BREAKER_OPEN_MS: milliseconds(60_000),
  TRADEWIND_LOST_AFTER_MS: milliseconds(10_000),
  TRADEWIND_CALLS_PER_SECOND: wholeNumber(1, 1_000).optional(),
  TRADEWIND_RESET_MIN_MS: wholeNumber(0, 86_400_000).default(300_000),
  TRADEWIND_ARCHIVE: z
    .string()
    .refine(
      (text) =>
        !text.includes('://') || /^gs:\/\/[a-z0-9][a-z0-9._-]{1,61}[a-z0-9](\/.*)?$/.test(text),
      'expected a folder or gs://bucket/prefix',
    )
    .optional(),
  TRADEWIND_ARCHIVE_BUDGET_GB: wholeNumber(1, 1_000_000).default(50),
  TRADEWIND_WORKER_SHARDS: wholeNumber(1, 100).default(1),
  TRADEWIND_SHARDS_PER_WORKER: wholeNumber(1, 100).optional(),
  ALPHA_VANTAGE_KEY: z.string().optional(),
  FINNHUB_KEY: z.string().optional(),
  PORT: wholeNumber(0, 65_535).default(8_080),
});

type Variables = z.infer<typeof variables>;

const checked = variables.refine(
  (read) =>
    read.TRADEWIND_CALLS_PER_SECOND === undefined || read.TRADEWIND_SANDBOX_PORT !== undefined,
  {
    path: ['TRADEWIND_CALLS_PER_SECOND'],
    message: 'is for the sandbox alone: a real venue bans who calls it faster than it allows',
  },
);

/** What a process may know of its surroundings; only this module reads variables by name. */
export type Environment = {
  readonly projectId: string | undefined;
  /** True where Firestore is an emulator: the local desk and tests. */
  readonly emulated: boolean;
  /** Where the sandbox exchange listens; `undefined` away from the local desk. */
  readonly sandboxPort: number | undefined;
  readonly mail: {
    readonly baseUrl: string | undefined;
    readonly from: string | undefined;
    readonly to: string | undefined;
  };
  readonly claimLeaseMs: number;
  readonly gateLeaseMs: number;
  readonly workerLeaseMs: number;
  /** Market milliseconds (MD-64). */
  readonly priceMaxAgeMs: number;
  /** Wall milliseconds that a venue's breaker stays open before a call may probe (RSK-85). */
  readonly breakerOpenMs: number;
  /** Wall milliseconds after which order sync takes up what waits: it was lost on its way. */
  readonly lostAfterMs: number;
  /** Pace of this process's calls to an account, in tokens; `undefined` = its share of the venue's limits (docs/adr/0044); at the sandbox alone. */
  readonly callsPerSecond: number | undefined;
  /** Where ticks and candles are kept: a folder, or `gs://bucket/prefix`; `undefined` = nowhere. */
  readonly archive: string | undefined;
  /** What it may hold before it is told, bytes (MD-87). */
  readonly archiveBudget: number;
  /** Into how many parts the followed markets are split (docs/adr/0015). */
  readonly workerShards: number;
  /** How many of them this process takes while others may take the rest. */
  readonly shardsPerWorker: number;
  /** Wall milliseconds between an emergency stop and its reset (RSK-94). */
  readonly resetMinMs: number;
  /** Port of the process's own HTTP server. */
  readonly port: number;
  readonly secrets: Readonly<Record<SecretName, string | undefined>>;
};

export type SecretName =
  | 'BINANCE_API_KEY'
  | 'BINANCE_API_SECRET'
  | 'SENDGRID_API_KEY'
  // A source without its key is left out, without error (MD-10).
  | 'ALPHA_VANTAGE_KEY'
  | 'FINNHUB_KEY';

/** Settings of the command line, of tests and of builds, which a process may have inherited. */
const OF_OTHERS: ReadonlySet<string> = new Set([
  'TRADEWIND_BACKTESTS',
  'TRADEWIND_CODE',
  'TRADEWIND_CWD',
  'TRADEWIND_DATA',
  'TRADEWIND_E2E',
  'TRADEWIND_OPTIMISATIONS',
  'TRADEWIND_REFERENCE',
]);

/** Names that look like settings and are none: a misspelt one would silently leave its default in force (ARC-70). */
const unknownSettings = (env: Readonly<Record<string, string | undefined>>): readonly string[] =>
  Object.keys(env).filter(
    (name) =>
      name.startsWith('TRADEWIND_') &&
      !Object.hasOwn(variables.shape, name) &&
      !OF_OTHERS.has(name),
  );

/** A variable that is set to nothing counts as not set, as in most shells' scripts. */
const withoutEmpty = (env: Readonly<Record<string, string | undefined>>) =>
  Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim() !== ''));

const shaped = (read: Variables): Environment => ({
  projectId: read.GCLOUD_PROJECT,
  emulated: read.FIRESTORE_EMULATOR_HOST !== undefined,
  sandboxPort: read.TRADEWIND_SANDBOX_PORT,
  mail: { baseUrl: read.SENDGRID_BASE_URL, from: read.MAIL_FROM, to: read.MAIL_TO },
  claimLeaseMs: read.TRADEWIND_CLAIM_LEASE_MS,
  gateLeaseMs: read.TRADEWIND_GATE_LEASE_MS,
  workerLeaseMs: read.TRADEWIND_WORKER_LEASE_MS,
  priceMaxAgeMs: read.TRADEWIND_PRICE_MAX_AGE_MS,
  breakerOpenMs: read.TRADEWIND_BREAKER_OPEN_MS,
  lostAfterMs: read.TRADEWIND_LOST_AFTER_MS,
  callsPerSecond: read.TRADEWIND_CALLS_PER_SECOND,
  archive: read.TRADEWIND_ARCHIVE,
  archiveBudget: read.TRADEWIND_ARCHIVE_BUDGET_GB * 1e9,
  workerShards: read.TRADEWIND_WORKER_SHARDS,
  shardsPerWorker: read.TRADEWIND_SHARDS_PER_WORKER ?? read.TRADEWIND_WORKER_SHARDS,
  resetMinMs: read.TRADEWIND_RESET_MIN_MS,
  port: read.PORT,
  secrets: {
    BINANCE_API_KEY: read.BINANCE_API_KEY,
    BINANCE_API_SECRET: read.BINANCE_API_SECRET,
    SENDGRID_API_KEY: read.SENDGRID_API_KEY,
    ALPHA_VANTAGE_KEY: read.ALPHA_VANTAGE_KEY,
    FINNHUB_KEY: read.FINNHUB_KEY,
  },
});

/**
 * Parses a process's environment.
 *
 * @throws EnvironmentError that names every variable that is wrong, and every `TRADEWIND_` one that is no setting.
 * Values are not repeated: any of them might be a secret pasted in the wrong place.
 */
export function parseEnvironment(env: Readonly<Record<string, string | undefined>>): Environment {
  const set = withoutEmpty(env);
  const parsed = checked.safeParse(set);
  const unknown = unknownSettings(set).map((name) => `${name}: there is no such setting`);
  if (parsed.success && unknown.length === 0) return shaped(parsed.data);
  const wrong = parsed.success
    ? []
    : parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new EnvironmentError([...wrong, ...unknown]);
}

/** The settings in force, to be logged at start; of secrets only which are set (ARC-70). */
export const tellable = ({
  secrets,
  ...settings
}: Environment): Readonly<Record<string, unknown>> => ({
  ...settings,
  given: Object.entries(secrets).flatMap(([name, value]) => (value === undefined ? [] : [name])),
});

/**
 * The secrets `names`, in that order.
 *
 * @throws EnvironmentError that names every missing one and how to set it.
 */
export function requireSecrets(
  environment: Environment,
  names: readonly SecretName[],
): readonly string[] {
  const faults = names
    .filter((name) => environment.secrets[name] === undefined)
    .map(
      (name) =>
        `${name} is not set: give the worker the variable ${name}; for functions run ` +
        `\`firebase functions:secrets:set ${name}\``,
    );
  if (faults.length > 0) throw new EnvironmentError(faults);
  return names.map((name) => environment.secrets[name] ?? '');
}
