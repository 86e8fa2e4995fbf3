/** One deliberate fault: `rule` must report `file` once all `files` exist. */
export type Plant = {
  readonly rule: string;
  readonly file: string;
  readonly files: Readonly<Record<string, string>>;
};

/** A file with one import, and what it needs beside it. */
const plant = (
  rule: string,
  [file, imports]: readonly [file: string, imports: string],
  others: Readonly<Record<string, string>> = {},
): Plant => ({
  rule,
  file,
  files: { [file]: `import '${imports}';\nexport {};\n`, ...others },
});

const EMPTY = 'export {};\n';

/** At least one violation of every rule in `.dependency-cruiser.mjs`. */
export const PLANTS: readonly Plant[] = [
  plant('no-cycles', ['core/src/cycle-a.ts', './cycle-b.ts'], {
    'core/src/cycle-b.ts': "import './cycle-a.ts';\nexport {};\n",
  }),
  plant('core-is-pure', ['core/src/reads-files.ts', 'node:fs']),
  plant('core-is-pure', ['core/src/uses-npm.ts', 'ccxt']),
  plant('core-zod-for-parameters', ['core/src/risk/uses-zod.ts', 'zod']),
  plant('strategies-only-core', ['strategies/src/reads-files.ts', 'node:fs']),
  plant('strategies-only-core', ['strategies/src/uses-adapters.ts', '@tradewind/adapters/store'], {
    'adapters/src/store.ts': EMPTY,
  }),
  plant('core-is-pure', ['core/src/looks-up.ts', '@tradewind/contracts/paths'], {
    'contracts/src/paths.ts': EMPTY,
  }),
  plant('contracts-only-zod', ['contracts/src/uses-react.ts', 'react']),
  plant('contracts-only-zod', ['contracts/src/uses-adapters.ts', '@tradewind/adapters/store'], {
    'adapters/src/store.ts': EMPTY,
  }),
  plant('adapters-below-apps', ['adapters/src/uses-worker.ts', '@tradewind/worker/main'], {
    'worker/src/main.ts': EMPTY,
  }),
  plant('apps-apart', ['functions/src/uses-worker.ts', '../../worker/src/main.ts'], {
    'worker/src/main.ts': EMPTY,
  }),
  plant('apps-apart', ['tools/src/uses-sandbox.ts', '@tradewind/sandbox/main'], {
    'sandbox/src/main.ts': EMPTY,
  }),
  plant('hosting-no-server', ['hosting/src/uses-adapters.tsx', '@tradewind/adapters/store'], {
    'adapters/src/store.ts': EMPTY,
  }),
  plant('hosting-no-server', ['hosting/src/uses-admin.ts', 'firebase-admin/app']),
  plant('sandbox-independent', ['sandbox/src/uses-client.ts', 'ccxt']),
  plant('features-apart', ['hosting/src/features/orders/uses-bots.ts', '../bots/bots.ts'], {
    'hosting/src/features/bots/bots.ts': EMPTY,
  }),
  plant('not-to-test', ['core/src/uses-test.ts', './some.test.ts'], {
    'core/src/some.test.ts': EMPTY,
  }),
  plant('not-unresolvable', ['core/src/imports-nothing.ts', './not-there.ts']),
];
