import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../../..');
const MAIN = join(ROOT, 'tools/src/cli/main.ts');
const MINUTES = 60_000;

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'tw-strategy-')));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function run(script: string, args: readonly string[], cwd = folder) {
  const flags = ['--disable-warning=ExperimentalWarning', '--experimental-vm-modules'];
  const { status, stdout, stderr } = spawnSync(process.execPath, [...flags, script, ...args], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', TRADEWIND_CWD: cwd },
  });
  return { code: status, out: stdout, err: stderr };
}
/** Runs `tw strategy …` as a person would. */
const tw = (...args: readonly string[]) => run(MAIN, ['strategy', ...args]);
const json = (...args: readonly string[]) =>
  JSON.parse(
    tw(...args, '--json')
      .out.trim()
      .split('\n')
      .at(-1) ?? '',
  ) as Record<string, unknown>;
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');

/** A copy of the strategies' workspace, with what checks and tests of it take. */
function copyStrategies(): void {
  for (const name of [
    'strategies',
    'tsconfig.base.json',
    'eslint.config.mjs',
    'package.json',
    '.prettierrc.json',
  ])
    cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'), 'junction');
  const config = {
    extends: './tsconfig.base.json',
    compilerOptions: { types: ['node', 'jest'] },
    include: ['strategies'],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  writeFileSync(
    join(folder, 'jest.config.json'),
    JSON.stringify({
      testMatch: ['<rootDir>/strategies/**/*.test.ts'],
      extensionsToTreatAsEsm: ['.ts'],
      transform: {
        '\\.ts$': [
          '@swc/jest',
          { jsc: { target: 'es2023', parser: { syntax: 'typescript' } }, module: { type: 'es6' } },
        ],
      },
    }),
  );
}
/** The code of the page that teaches writing a strategy, by file. */
function codeOfThePage(): (readonly [name: string, code: string])[] {
  const page = readFileSync(join(ROOT, 'docs/strategies/README.md'), 'utf8');
  return [...page.matchAll(/```ts\n\/\/ (strategies\/src\/\S+)\n(.*?)```/gs)].map(
    ([, name = '', code = '']) => [name, code] as const,
  );
}
/** A tool of the repository in the copy; what it says when it is not content. */
const complaint = (script: string, ...args: readonly string[]): string => {
  const { code, out, err } = run(join(ROOT, 'node_modules', script), args);
  return code === 0 ? '' : `${out}${err}`;
};

describe('tw strategy new', () => {
  beforeEach(copyStrategies);

  test(
    'writes a strategy that compiles, lints, is formatted and passes its test, as the worked example of its page does',
    () => {
      const made = tw('new', 'my-first-idea', '--dir', 'strategies/src');
      expect(made).toMatchObject({ code: 0, err: '' });
      expect(made.out).toContain('my-first-idea.test.ts');
      expect(read('strategies/src/registry.ts')).toContain('myFirstIdea');
      expect(tw('new', 'losing-streak', '--dir', 'strategies/src').code).toBe(0);
      const taught = codeOfThePage();
      expect(taught.map(([name]) => name)).toEqual([
        'strategies/src/losing-streak.ts',
        'strategies/src/losing-streak.test.ts',
      ]);
      for (const [name, code] of taught) writeFileSync(join(folder, name), code);
      const files = [
        ...['my-first-idea.ts', 'my-first-idea.test.ts', 'registry.ts'].map(
          (name) => `strategies/src/${name}`,
        ),
        ...taught.map(([name]) => name),
      ];
      expect(complaint('typescript/bin/tsc', '-p', '.', '--noEmit')).toBe('');
      expect(complaint('eslint/bin/eslint.js', '--max-warnings', '0', ...files)).toBe('');
      expect(complaint('prettier/bin/prettier.cjs', '--check', ...files)).toBe('');
      const jest = [
        '--config',
        'jest.config.json',
        '--testPathPatterns',
        'my-first-idea|losing-streak',
      ];
      expect(complaint('jest/bin/jest.js', ...jest)).toBe('');
    },
    5 * MINUTES,
  );

  test(
    'refuses a name that is taken or none, and a folder without a registry, in clear words, and writes nothing',
    () => {
      const before = read('strategies/src/registry.ts');
      const refusals = [
        ['My_Idea', 'strategies/src', 'use small letters'],
        ['sma-cross', 'strategies/src', 'already'],
        ['idea', '.', 'strategies/src'],
      ] as const;
      for (const [name, dir, words] of refusals) {
        const { code, err } = tw('new', name, '--dir', dir);
        expect(code).toBe(1);
        expect(err).toContain(words);
        expect(err).not.toContain('new-strategy.ts');
      }
      expect(read('strategies/src/registry.ts')).toBe(before);
    },
    2 * MINUTES,
  );
});

describe('tw strategy list and show', () => {
  test(
    'list every strategy, and its parameters as a table',
    () => {
      expect(json('list')['strategies']).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ id: 'channel-breakout', kind: 'module' }),
        ]),
      );
      expect(tw('show', 'channel-breakout').out).toContain(
        [
          'name        type     range            default',
          'timeframe   choice   1m, 5m, 15m, 1h  "15m"',
          'entryBars   integer  from 2 to 500    20',
          'exitBars    integer  from 2 to 500    10',
          'maxRiskPct  number   from 0.1 to 20   5',
        ].join('\n'),
      );
    },
    MINUTES,
  );

  test(
    'a strategy that nobody knows is answered with those there are',
    () => {
      const { code, err } = tw('show', 'no-such');
      expect(code).toBe(1);
      expect(err).toMatch(/no strategy "no-such".*sma-cross/);
    },
    MINUTES,
  );
});

test(
  'tw strategy check refuses a document with its faults, and an exit code for programs',
  () => {
    writeFileSync(join(folder, 'mine.json'), '{"name": "Mine"}');
    const { code, out } = tw('check', 'mine.json');
    expect(code).toBe(1);
    expect(out).toContain('marketKeys');
  },
  MINUTES,
);
