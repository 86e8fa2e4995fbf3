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
/** A tool of the repository in the copy; what it says when it is not content. */
const complaint = (script: string, ...args: readonly string[]): string => {
  const { code, out, err } = run(join(ROOT, 'node_modules', script), args);
  return code === 0 ? '' : `${out}${err}`;
};

describe('tw strategy new', () => {
  beforeEach(copyStrategies);

  test(
    'writes a strategy that compiles, lints, is formatted and passes its test, and is in the registry',
    () => {
      const made = tw('new', 'my-first-idea', '--dir', 'strategies/src');
      expect(made).toMatchObject({ code: 0, err: '' });
      expect(made.out).toContain('my-first-idea.test.ts');
      expect(read('strategies/src/registry.ts')).toContain('myFirstIdea');
      tw('new', 'second', '--dir', 'strategies/src');
      const files = ['my-first-idea.ts', 'my-first-idea.test.ts', 'second.ts', 'registry.ts'].map(
        (name) => `strategies/src/${name}`,
      );
      expect(complaint('typescript/bin/tsc', '-p', '.', '--noEmit')).toBe('');
      expect(complaint('eslint/bin/eslint.js', '--max-warnings', '0', ...files)).toBe('');
      expect(complaint('prettier/bin/prettier.cjs', '--check', ...files)).toBe('');
      const jest = ['--config', 'jest.config.json', '--testPathPatterns', 'my-first-idea|second'];
      expect(complaint('jest/bin/jest.js', ...jest)).toBe('');
    },
    5 * MINUTES,
  );

  test.each([
    ['My_Idea', 'use small letters'],
    ['9-lives', 'beginning with a letter'],
    ['a--b', 'single dashes'],
    ['class', 'a word of TypeScript'],
    ['x'.repeat(41), 'at most 40'],
    ['sma-cross', 'already'],
    ['registry', 'already'],
    ['weighted', 'already'],
  ])(
    'refuses the name %s in clear words, and writes nothing',
    (name, words) => {
      const before = read('strategies/src/registry.ts');
      const { code, err } = tw('new', name, '--dir', 'strategies/src');
      expect(code).toBe(1);
      expect(err).toContain(words);
      expect(err).not.toContain('at ');
      expect(read('strategies/src/registry.ts')).toBe(before);
    },
    MINUTES,
  );

  test(
    'says which folder it wants where there is no registry',
    () => {
      const { code, err } = tw('new', 'idea', '--dir', '.');
      expect(code).toBe(1);
      expect(err).toContain('strategies/src');
    },
    MINUTES,
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

describe('tw strategy check', () => {
  const good = {
    name: 'Mine',
    strategy: { id: 'sma-cross', params: { fast: 5, slow: 20 } },
    marketKeys: ['binance_spot_BTC-USDT'],
    positionSizeQuote: '100',
    maxPositions: 1,
    protection: { stopLossPct: 5, takeProfitPct: 10, trailingStopPct: null },
  };
  const check = (document: object, ...args: readonly string[]) => {
    writeFileSync(join(folder, 'mine.json'), JSON.stringify(document));
    return json('check', 'mine.json', ...args);
  };

  test(
    'a good document is named',
    () => {
      expect(check(good)).toMatchObject({ ok: true, name: 'Mine', id: 'sma-cross' });
    },
    MINUTES,
  );

  test(
    'every fault is listed, of the document and of its parameters',
    () => {
      const { faults, ok } = check({
        ...good,
        strategy: { id: 'sma-cross', params: { fast: 1, slow: 'far' } },
        maxPositions: 0,
        more: 1,
      });
      expect(ok).toBe(false);
      const fields = (faults as string[]).map((fault) => fault.split(':')[0]);
      expect(fields).toEqual(
        expect.arrayContaining(['maxPositions', 'strategy.params.fast', 'strategy.params.slow']),
      );
      expect((faults as string[]).join()).toContain('more');
    },
    MINUTES,
  );

  test(
    'STR-14 --live refuses what a paper book takes',
    () => {
      const strategy = { id: 'weighted', params: { temperatureTable: 'sensitive' } };
      expect(check({ ...good, strategy })).toMatchObject({ ok: true });
      expect(check({ ...good, strategy }, '--live')).toMatchObject({ ok: false });
    },
    MINUTES,
  );

  test(
    'a file that is not there, or no JSON, is said so',
    () => {
      expect(json('check', 'missing.json')).toMatchObject({ ok: false });
      writeFileSync(join(folder, 'mine.json'), '{');
      expect(json('check', 'mine.json')).toMatchObject({ ok: false });
    },
    MINUTES,
  );
});
