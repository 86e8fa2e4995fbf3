const forbid = (name, from, to, comment) => ({ name, severity: 'error', from, to, comment });

/** Which folder may import which; see docs/architecture.md. `npm run check:imports` plants a violation of each rule. */
export default {
  forbidden: [
    forbid(
      'no-cycles',
      {},
      { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
      'Cycles hide the layer order.',
    ),
    forbid(
      'core-is-pure',
      { path: '^core/src', pathNot: '[.]test[.]ts$' },
      { pathNot: ['^core/src', 'node_modules/(technicalindicators|zod)/'] },
      'core imports nothing but core: no npm, no node:, no other workspace.',
    ),
    forbid(
      'core-zod-for-parameters',
      { path: '^core/src', pathNot: ['^core/src/strategy/', '[.]test[.]ts$', '/testing[.]ts$'] },
      { path: 'node_modules/zod/' },
      'In core only strategies have schemas, of their parameters.',
    ),
    forbid(
      'strategies-only-core',
      { path: '^strategies/src', pathNot: '[.]test[.]ts$' },
      { pathNot: ['^strategies/src', '^core/src', 'node_modules/zod/'] },
      'A strategy is pure: core and a schema, nothing else.',
    ),
    forbid(
      'contracts-only-zod',
      { path: '^contracts/src', pathNot: '[.]test[.]ts$' },
      { pathNot: ['^contracts/src', '^core/src', 'node_modules/zod/'] },
      'contracts: zod and core only.',
    ),
    forbid(
      'adapters-below-apps',
      { path: '^adapters/' },
      { path: '^(functions|worker|hosting|sandbox|tools)/' },
      'Adapters serve the apps, not the reverse.',
    ),
    forbid(
      'apps-apart',
      { path: '^(functions|worker|hosting|sandbox|tools)/', pathNot: '[.]test[.]tsx?$' },
      { path: '^(functions|worker|hosting|sandbox|tools)/', pathNot: '^$1/' },
      'Apps talk through Firestore and contracts, never by import.',
    ),
    forbid(
      'hosting-no-server',
      { path: '^hosting/' },
      { path: ['^adapters/', 'node_modules/firebase-(admin|functions)/'] },
      'Server code and its secrets stay out of the bundle.',
    ),
    forbid(
      'sandbox-independent',
      { path: '^sandbox/src', pathNot: '[.]test[.]ts$' },
      { path: ['^adapters/', 'node_modules/(ccxt|firebase-admin)/'] },
      'The sandbox is the other side of the wire: it shares no client code with us.',
    ),
    forbid(
      'features-apart',
      { path: '^hosting/src/features/([^/]+)/' },
      { path: '^hosting/src/features/', pathNot: '^hosting/src/features/$1/' },
      'Compose features in hosting/src/app.',
    ),
    forbid(
      'not-to-test',
      { pathNot: '[.]test[.]tsx?$' },
      { path: '[.]test[.]tsx?$' },
      'Tests are leaves.',
    ),
    forbid('not-unresolvable', {}, { couldNotResolve: true }, 'Import does not resolve.'),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.js', '.mjs'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node'],
    },
  },
};
