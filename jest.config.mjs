/** Four layers, one runner: `unit` and `dom` need nothing; `emulator` and `browser` are started by `npm test`. */
const swc = (tsx) => [
  '@swc/jest',
  {
    jsc: {
      target: 'es2023',
      parser: { syntax: 'typescript', tsx },
      transform: { react: { runtime: 'automatic' } },
    },
    module: { type: 'es6' },
  },
];
const project = (displayName, testMatch, extra = {}) => ({
  displayName,
  testMatch,
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform: { '\\.ts$': swc(false), '\\.tsx$': swc(true) },
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  modulePathIgnorePatterns: ['<rootDir>/.tradewind/', '<rootDir>/[a-z]+/dist/'],
  ...extra,
});

export default {
  projects: [
    project('unit', [
      '<rootDir>/{core,strategies,contracts,adapters,functions,worker,sandbox,tools,benchmarks}/**/*.test.ts',
      '<rootDir>/hosting/**/*.test.ts',
    ]),
    project('dom', ['<rootDir>/hosting/**/*.test.tsx'], {
      testEnvironment: 'jsdom',
      moduleNameMapper: { '\\.css$': '<rootDir>/hosting/test/css-module.js' },
    }),
    project('emulator', ['<rootDir>/e2e/emulator/**/*.test.ts']),
    project('desk', ['<rootDir>/e2e/desk/**/*.test.ts']),
    project('browser', ['<rootDir>/e2e/browser/**/*.test.ts']),
  ],
};
