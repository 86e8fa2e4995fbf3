import { EnvironmentError, parseEnvironment, requireSecrets, tellable } from './environment.ts';

const faultsOf = (act: () => unknown): readonly string[] => {
  try {
    act();
  } catch (error) {
    if (error instanceof EnvironmentError) return error.faults;
    throw error;
  }
  return [];
};

test('an empty environment is production with the documented settings', () => {
  expect(parseEnvironment({})).toMatchObject({
    emulated: false,
    sandboxPort: undefined,
    claimLeaseMs: 30_000,
    gateLeaseMs: 15_000,
    workerLeaseMs: 15_000,
    priceMaxAgeMs: 300_000,
    breakerOpenMs: 60_000,
    lostAfterMs: 10_000,
    callsPerSecond: undefined,
    resetMinMs: 300_000,
    archive: undefined,
    workerShards: 1,
    shardsPerWorker: 1,
    port: 8_080,
  });
});

test('variables of the desk are read, and those of others ignored', () => {
  const environment = parseEnvironment({
    PATH: '/usr/bin',
    GCLOUD_PROJECT: 'demo-tradewind',
    FIRESTORE_EMULATOR_HOST: '127.0.0.1:8080',
    TRADEWIND_SANDBOX_PORT: '8700',
    TRADEWIND_WORKER_LEASE_MS: '2000',
    SENDGRID_BASE_URL: 'http://127.0.0.1:2525',
  });
  expect(environment).toMatchObject({
    projectId: 'demo-tradewind',
    emulated: true,
    sandboxPort: 8_700,
    workerLeaseMs: 2_000,
    mail: { baseUrl: 'http://127.0.0.1:2525' },
  });
});

test('all faults are reported at once, by variable, without the values', () => {
  const faults = faultsOf(() =>
    parseEnvironment({
      TRADEWIND_SANDBOX_PORT: 'eight-thousand',
      MAIL_TO: 'sk-secret-pasted-here',
      TRADEWIND_CLAIM_LEASE_MS: '0',
    }),
  );
  expect(faults).toEqual([
    'TRADEWIND_SANDBOX_PORT: expected a whole number',
    'MAIL_TO: expected an e-mail address',
    'TRADEWIND_CLAIM_LEASE_MS: expected at least 1',
  ]);
});

test.each(['0', '65536', '-1', '80.5', '1e3'])('port %s is refused', (port) => {
  expect(faultsOf(() => parseEnvironment({ TRADEWIND_SANDBOX_PORT: port }))).toHaveLength(1);
});

test('a variable set to nothing counts as not set', () => {
  expect(parseEnvironment({ TRADEWIND_SANDBOX_PORT: '', MAIL_TO: ' ' }).sandboxPort).toBe(
    undefined,
  );
});

test('every missing secret is named with the way to set it', () => {
  const environment = parseEnvironment({ BINANCE_API_KEY: 'key' });
  expect(requireSecrets(environment, ['BINANCE_API_KEY'])).toEqual(['key']);
  const faults = faultsOf(() =>
    requireSecrets(environment, ['BINANCE_API_KEY', 'BINANCE_API_SECRET', 'SENDGRID_API_KEY']),
  );
  expect(faults).toHaveLength(2);
  expect(faults[0]).toContain('firebase functions:secrets:set BINANCE_API_SECRET');
});

test.each(['.tradewind/archive', '/var/archive', 'gs://bucket-1/some/prefix', 'gs://bucket'])(
  'the archive may be at %s',
  (archive) => {
    expect(parseEnvironment({ TRADEWIND_ARCHIVE: archive }).archive).toBe(archive);
  },
);

test.each(['s3://bucket/prefix', 'gs://B', 'http://somewhere'])('it cannot be at %s', (archive) => {
  expect(faultsOf(() => parseEnvironment({ TRADEWIND_ARCHIVE: archive }))).toEqual([
    'TRADEWIND_ARCHIVE: expected a folder or gs://bucket/prefix',
  ]);
});

test('a worker takes all shards unless it is told how many', () => {
  const shards = (env: Readonly<Record<string, string>>) => {
    const { workerShards, shardsPerWorker } = parseEnvironment(env);
    return [workerShards, shardsPerWorker];
  };
  expect(shards({ TRADEWIND_WORKER_SHARDS: '4' })).toEqual([4, 4]);
  expect(shards({ TRADEWIND_WORKER_SHARDS: '4', TRADEWIND_SHARDS_PER_WORKER: '2' })).toEqual([
    4, 2,
  ]);
});

test('MD-T09 keys of enrichment sources may be absent, without error', () => {
  expect(parseEnvironment({}).secrets).toMatchObject({
    ALPHA_VANTAGE_KEY: undefined,
    FINNHUB_KEY: undefined,
  });
  expect(parseEnvironment({ FINNHUB_KEY: 'key' }).secrets.FINNHUB_KEY).toBe('key');
});

test('a pace of its own is for the sandbox: a real venue would ban it', () => {
  const pace = { TRADEWIND_CALLS_PER_SECOND: '100' };
  expect(() => parseEnvironment(pace)).toThrow('is for the sandbox alone');
  expect(parseEnvironment({ ...pace, TRADEWIND_SANDBOX_PORT: '4000' }).callsPerSecond).toBe(100);
});

test('ARC-70 a misspelt setting is refused with every other fault; those of other programs are not', () => {
  expect(
    faultsOf(() =>
      parseEnvironment({ TRADEWIND_PRICE_MAXAGE_MS: '1000', TRADEWIND_GATE_LEASE_MS: 'soon' }),
    ),
  ).toEqual([
    'TRADEWIND_GATE_LEASE_MS: expected a whole number',
    'TRADEWIND_PRICE_MAXAGE_MS: there is no such setting',
  ]);
  expect(faultsOf(() => parseEnvironment({ TRADEWIND_DATA: '/data', TRADEWIND_CWD: '/' }))).toEqual(
    [],
  );
});

test('ARC-70 settings are told as they are, and of secrets only which are there', () => {
  const told = tellable(
    parseEnvironment({ BINANCE_API_KEY: 'kept-to-oneself', TRADEWIND_GATE_LEASE_MS: '4000' }),
  );
  expect(told).toMatchObject({
    gateLeaseMs: 4_000,
    claimLeaseMs: 30_000,
    given: ['BINANCE_API_KEY'],
  });
  expect(JSON.stringify(told)).not.toContain('kept-to-oneself');
});
