import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aSeries } from './testing/market.ts';

const MAIN = join(import.meta.dirname, '..', 'cli', 'main.ts');
const TIMEOUT_MS = 300_000;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tradewind-optimise-'));
  const { openAt, open, high, low, close, volume } = aSeries(3_000);
  const lines = Array.from(openAt, (at, row) =>
    [at, open[row], high[row], low[row], close[row], volume[row]].join(','),
  );
  writeFileSync(
    join(folder, 'bars.csv'),
    ['ts,open,high,low,close,volume', ...lines, ''].join('\n'),
  );
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Runs `tw …` as a person would, and keeps what it keeps in the test's own folder. */
function tw(
  ...args: readonly string[]
): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN, ...args], {
    cwd: folder,
    env: {
      ...process.env,
      TRADEWIND_OPTIMISATIONS: join(folder, 'kept'),
      TRADEWIND_BACKTESTS: join(folder, 'backtests'),
      TRADEWIND_CWD: folder,
      NO_COLOR: '1',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  return new Promise((resolve) => {
    child.once('close', (code) => {
      resolve({ code, out, err });
    });
  });
}
const json = async (...args: readonly string[]): Promise<Record<string, unknown>> => {
  const { out } = await tw(...args, '--json');
  return JSON.parse(out.trim().split('\n').at(-1) ?? '') as Record<string, unknown>;
};

const DATA = ['--data', 'BTC-USDT=bars.csv', '--limits', 'none', '--conventions', 'next-open'];
const SPACE = [
  '--space',
  'fast=5..15:5',
  'slow=20..60:20',
  '--min-trades',
  '1',
  '--objective',
  'return',
];

type Best = { readonly params: object; readonly figures: { readonly totalReturnPct: number } };

test(
  'a search is kept, listed and shown, and its best run again comes to the same, with a warning of how it was found',
  async () => {
    const found = await json('optimise', 'sma-cross', ...DATA, ...SPACE, '--threads', '2');
    expect(found).toMatchObject({ ok: true, tried: 9, refused: 0, failed: [] });
    const [best] = found['best'] as readonly Best[];
    const again = await json(
      'backtest',
      'sma-cross',
      ...DATA,
      '--params',
      JSON.stringify(best?.params),
    );
    expect(again['figures']).toMatchObject({ totalReturnPct: best?.figures.totalReturnPct });
    expect(again).toMatchObject({ selection: { tried: 9, isInSample: true } });
    expect(again['warnings']).toContainEqual(expect.stringMatching(/chosen among 9 .*by chance/));
    expect(again['warnings']).toContainEqual(expect.stringContaining('In-sample'));
    const listed = await json('optimise', 'list');
    expect(listed['optimisations']).toMatchObject([{ id: found['id'], kind: 'search' }]);
    const shown = await tw('optimise', 'show', String(found['id']).slice(0, 6));
    expect(shown.out).toContain('Tried 9 of 9 combinations');
  },
  TIMEOUT_MS,
);

test(
  'STR-95 a walk forward is the same on one thread and on two',
  async () => {
    const args = ['walk-forward', 'sma-cross', ...DATA, ...SPACE, '--windows', '2', '--ratio', '2'];
    const one = await json(...args, '--threads', '1');
    const two = await json(...args, '--threads', '2');
    expect(one).toMatchObject({ ok: true, windowsDone: 2 });
    expect(two).toEqual(one);
  },
  TIMEOUT_MS,
);

test(
  'a validation says what each check found',
  async () => {
    const { out } = await tw(
      'validate',
      'sma-cross',
      ...DATA,
      '--params',
      '{"fast": 5, "slow": 30}',
      '--runs',
      '200',
    );
    for (const name of ['Look-ahead', 'Warm-up', 'Monte Carlo', 'Entries'])
      expect(out).toContain(name);
  },
  TIMEOUT_MS,
);

test(
  'what cannot be searched is refused in words',
  async () => {
    const wrong = await tw('optimise', 'sma-cross', ...DATA, '--space', 'fast=1..30', 'quick=1..2');
    expect(wrong.code).toBe(1);
    expect(wrong.err).toContain('fast: 1..30 goes beyond its limits');
    expect(wrong.err).toContain('quick is no parameter that can be searched');
    const endless = await tw('optimise', 'weighted', ...DATA, '--space', 'minConfidence=0.2..0.8');
    expect(endless.code).toBe(1);
  },
  TIMEOUT_MS,
);
