import tseslint from 'typescript-eslint';

const pure = 'core is pure: take it as an argument.';
const ban = (selector, message) => ({ selector, message });
const impure = [
  ban('NewExpression[callee.name="Date"][arguments.length=0]', pure),
  ban(':function[async=true]', 'core is synchronous.'),
  ban('ClassDeclaration', 'core is plain data and functions.'),
];
const casts = ban(
  'TSAsExpression > TSTypeReference[typeName.name=/^(Approved|Price|Qty|Money|EpochMs|DurationMs)$/]',
  'Units and approvals come from their constructor, never from `as`.',
);

export default tseslint.config(
  {
    ignores: [
      '**/node_modules/',
      '**/dist/',
      '.tradewind/',
      'data/',
      'coverage/',
      'tools/bootstrap.mjs',
      '*.mjs',
    ],
  },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      'no-restricted-syntax': ['error', casts],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/strict-boolean-expressions': [
        'error',
        { allowNumber: false, allowString: false, allowNullableObject: false },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      'max-params': ['error', 3],
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 60, skipComments: true }],
    },
  },
  {
    files: ['core/src/**/*.ts', 'strategies/src/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        'fetch',
        'process',
        'setTimeout',
        'setInterval',
        'console',
        'crypto',
        'performance',
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: pure },
        { object: 'Math', property: 'random', message: pure },
      ],
      'no-restricted-syntax': ['error', casts, ...impure],
    },
  },
  {
    files: ['core/src/lib/units.ts', 'core/src/lib/time.ts', 'core/src/risk/gate.ts'],
    rules: { 'no-restricted-syntax': ['error', ...impure] },
  },
  {
    // A component is one function that returns its markup; its length is the markup's.
    files: ['hosting/src/**/*.tsx'],
    rules: { 'max-lines-per-function': ['error', { max: 120, skipComments: true }] },
  },
  {
    files: ['**/*.test.{ts,tsx}', 'e2e/**/*.ts'],
    rules: {
      'max-lines-per-function': 'off',
      'max-params': 'off',
      '@typescript-eslint/require-await': 'off',
    },
  },
);
