import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { qty } from '@tradewind/core/lib/units';
import { Fault } from '../lib/fault.ts';
import { download } from './download.ts';
import { importData } from './import.ts';
import { exportMarket, prune } from './keep.ts';
import { inspect, query } from './look.ts';
import { createSandbox, type Sandbox } from '../../../sandbox/src/create-sandbox.ts';

const MAIN = join(import.meta.dirname, '..', 'cli', 'main.ts');
const TIMEOUT_MS = 120_000;
/** Where no desk runs, so that a developer's own does not hear of what tests do. */
const ALONE = ['--port-offset', '9000'];

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tradewind-cli-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

type Outcome = { readonly code: number | null; readonly out: string; readonly err: string };

/** Runs `tw data …` as a person would, with an archive of the test's own. */
function tw(...args: readonly string[]): Promise<Outcome> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN, 'data', ...args], {
    cwd: folder,
    env: { ...process.env, TRADEWIND_ARCHIVE: join(folder, 'archive'), TRADEWIND_CWD: folder, NO_COLOR: '1' },
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
/** The one object that `--json` prints. */
const json = async (...args: readonly string[]) => {
  const { out } = await tw(...args, '--json');
  return JSON.parse(out.trim().split('\n').at(-1) ?? '') as Record<string, unknown>;
};
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return name;
};

const TRADES = `ts,trade_id,price,qty,side
1723161255000,11,61000.10,0.5,buy
oops,99,61000.10,0.25,sell
1723161256500,12,61000.20,1,buy
1723161257500,16,61000.20,1,buy
`;

test(
  'a file goes in, is looked at, asked, exported, and comes out as it was',
  async () => {
    const imported = await tw('import', file('t.csv', TRADES), '--symbol', 'btc/usdt', ...ALONE);
    expect(imported.err).toBe('');
    expect(imported.code).toBe(0);
    expect(imported.out).toContain('3 of 4 rows stored as binance_spot_BTC-USDT ticks');
    expect(imported.out).toContain('line 3: no usable time: "oops"');

    const listed = await json('list');
    expect(listed).toMatchObject({ ok: true, markets: [{ marketKey: 'binance_spot_BTC-USDT', rows: 3 }] });
    const inspected = await tw('inspect', 'binance_spot_BTC-USDT');
    expect(inspected.out).toContain('Gaps          0 (by time)');

    const asked = await tw('query', 'SELECT id, price FROM ticks ORDER BY id', '--csv');
    expect(asked.out).toBe('id,price\n11,61000.1\n12,61000.2\n16,61000.2\n');
    expect((await tw('export', 'binance_spot_BTC-USDT', '--to', 'out.csv')).code).toBe(0);
    expect(readFileSync(join(folder, 'out.csv'), 'utf8').split('\n')).toHaveLength(5);
    const again = await json('import', 'out.csv', '--symbol', 'BTC-USDT', '--no-session');
    expect(again).toMatchObject({ ok: true, stored: 0, known: 3, bad: 0 });
    expect(await json('compact', '--all')).toMatchObject({ ok: true });
    const dry = await tw('prune', '--dry-run');
    expect(dry.out).toContain('0 files, 0 B, would be removed.');
    // The import's session holds its files, though they are old.
    expect(dry.out).toContain('sessions refer to them');
    expect((await json('record', 'list', ...ALONE))['sessions']).toMatchObject([{ granularity: 'ticks' }]);
  },
  TIMEOUT_MS,
);

test(
  'MD-94 imported candles are a session that says its granularity',
  async () => {
    const rows = [0, 1, 2, 4].map((n) => `${1723161240000 + n * 60_000},10,12,9,11,5`);
    const name = file('c.csv', ['time,open,high,low,close,volume', ...rows, ''].join('\n'));
    const imported = await json('import', name, '--symbol', 'BTC-USDT', '--bad-rows', 'bad.csv', ...ALONE);
    expect(imported).toMatchObject({ ok: true, kind: '1m', stored: 4 });
    expect(readFileSync(join(folder, 'bad.csv'), 'utf8')).toBe('line,reason\n');
    const { sessions } = await json('record', 'list', ...ALONE);
    expect(sessions).toMatchObject([
      { name: 'c.csv', granularity: '1m', status: 'COMPLETED', coveragePct: { 'binance_spot_BTC-USDT': 80 } },
    ]);
  },
  TIMEOUT_MS,
);

describe('used wrongly, it says what was wrong and what to do', () => {
  test.each([
    [['list'], 'There is no archive at'],
    [['import', 'x.csv'], "required option '--symbol <symbol>'"],
    [['import', 'x.csv', '--symbol', 'A-B', '--market', 'moon'], 'Allowed choices are spot'],
    [['download', 'nowhere', 'BTC-USDT'], 'is not a venue that ccxt knows'],
    [['record', 'start', 'binance_spot_BTC-USDT', ...ALONE], 'No desk runs here'],
    [['frobnicate'], "unknown command 'frobnicate'"],
  ])(
    '%j',
    async (args, words) => {
      const { code, out, err } = await tw(...args);
      expect(code).toBe(1);
      expect(err).toContain(words);
      expect(err).not.toContain('    at ');
      expect(out).toBe('');
    },
    TIMEOUT_MS,
  );

  const alone = { portOffset: 9_000, archive: '' };
  const importing = {
    ...alone,
    venue: 'binance',
    market: 'spot',
    symbol: 'BTC-USDT',
    trades: false,
    only: {},
    session: false,
  } as const;
  const fetching = { market: 'spot', timeframe: '1m', trades: false, from: '1d', to: 'now' };
  const asking = { csv: false, limit: 10 };
  const pruning = { dryRun: true };
  type Use = readonly [string, (archive: string) => Promise<unknown> | undefined, string];
  const uses: readonly Use[] = [
    ['a file that is not there', (archive) => importData({ ...importing, archive }, '/nowhere.csv'), 'nowhere.csv cannot be read'],
    ['a symbol without two parts', async (archive) => importData({ ...importing, archive, symbol: 'BTCUSDT' }, 'x'), 'Write base and quote'],
    ['trades and candles at once', async (archive) => importData({ ...importing, archive, trades: true, timeframe: '1m' }, 'x'), 'not both'],
    ['a length that no venue has', (archive) => download({ ...fetching, archive, timeframe: '2m' }, 'binance', 'BTC-USDT'), 'Choose one of ticks, 1s'],
    ['a time that is none', (archive) => download({ ...fetching, archive, from: 'soon' }, 'binance', 'BTC-USDT'), '"soon" is no time'],
    ['an empty span', (archive) => download({ ...fetching, archive, to: '2d' }, 'binance', 'BTC-USDT'), 'The span is empty'],
    ['a market kind of no venue', (archive) => download({ ...fetching, archive, market: 'equity' }, 'binance', 'BTC-USDT'), 'choose spot or futures'],
    ['SQL that writes', (archive) => query({ ...asking, archive }, 'DROP TABLE ticks'), 'answers questions only'],
    ['SQL with a slip', (archive) => query({ ...asking, archive }, 'SELECT pric FROM ticks'), 'Candidate bindings'],
    ['no number of rows', (archive) => query({ ...asking, archive, limit: Number.NaN }, 'SELECT 1'), '--limit takes a whole number'],
    ['a market that is not there', (archive) => inspect({ archive }, 'binance_spot_ETH-USDT'), 'has no rows of binance_spot_ETH-USDT'],
    ['a kind that is not there', (archive) => inspect({ archive, kind: '1h' }, 'binance_spot_BTC-USDT'), 'no 1h of binance_spot_BTC-USDT, only ticks'],
    ['a format that is none', (archive) => exportMarket({ archive, to: join(archive, 'x.xlsx'), force: false }, 'binance_spot_BTC-USDT'), 'end it in .csv'],
    ['a file that is there', (archive) => exportMarket({ archive, to: join(archive, '..', 't.csv'), force: false }, 'binance_spot_BTC-USDT'), 'is there already'],
    ['no day to keep', (archive) => prune({ ...pruning, archive, keepTicks: 0 }), 'Keep at least 1 day'],
  ];
  test.each(uses)('%s', async (_, use, words) => {
    const archive = join(folder, 'archive');
    const trades = join(folder, file('t.csv', TRADES));
    await importData({ ...importing, archive }, trades);
    const fault: unknown = await use(archive)?.catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(Fault);
    expect(String(fault)).toContain(words);
  });

  test(
    'and says it to programs as well',
    async () => {
      await importData({ ...importing, archive: join(folder, 'archive') }, join(folder, file('t.csv', TRADES)));
      const reply = await json('query', 'nonsense');
      expect(reply['ok']).toBe(false);
      expect(reply['error']).toContain('syntax error');
    },
    TIMEOUT_MS,
  );
});

describe('download', () => {
  let sandbox: Sandbox;
  const MINUTE = 60_000;
  beforeEach(async () => {
    sandbox = await createSandbox({
      port: 0,
      symbols: ['BTC-USDT'],
      feed: 'push',
      seed: 7,
      apiKey: 'test-key-0123456789',
      apiSecret: 'test-secret-0123456789',
      initial: { USDT: qty('10000') },
    });
  });
  afterEach(() => sandbox.close());

  const print = async (minutes: number, perMinute: number, start: number): Promise<void> => {
    const trades = Array.from({ length: minutes * perMinute }, (_, index) => ({
      symbol: 'BTC-USDT',
      price: String(60_000 + (index % 50)),
      size: '0.5',
      side: index % 3 === 0 ? 'sell' : 'buy',
      at: start + Math.floor((index * MINUTE) / perMinute),
    }));
    const reply = await fetch(`http://127.0.0.1:${sandbox.port}/admin/trades`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ trades }),
    });
    if (!reply.ok) throw new Error(await reply.text());
  };

  test(
    'fetches candles and trades page by page, and goes on where it ended',
    async () => {
      const now = Math.floor(Date.now() / MINUTE) * MINUTE;
      await print(30, 50, now - 40 * MINUTE);
      sandbox.pump();
      const port = String(sandbox.port);
      const from = new Date(now - 40 * MINUTE).toISOString();
      const to = (minutes: number): string => new Date(now - minutes * MINUTE).toISOString();
      const fetchTo = (minutes: number, ...more: readonly string[]) =>
        json('download', 'binance', 'BTC-USDT', '--from', from, '--to', to(minutes), '--sandbox-port', port, ...more);
      expect(await fetchTo(30)).toMatchObject({ ok: true, stored: 10, rows: 10, gaps: 0 });
      expect(await fetchTo(20)).toMatchObject({ ok: true, stored: 10, rows: 20, gaps: 0 });
      expect(await fetchTo(20)).toMatchObject({ ok: true, stored: 0, rows: 20 });
      // More trades than one page holds.
      expect(await fetchTo(10, '--trades')).toMatchObject({ ok: true, stored: 1_500, rows: 1_500, gaps: 0 });
      expect(await fetchTo(10, '--trades')).toMatchObject({ stored: 0, rows: 1_500 });
      const made = ['--origin', 'synthetic'];
      const { rows } = await json('query', 'SELECT sum(size) FROM ticks', ...made);
      expect(rows).toEqual([['750']]);
      const volumes = await json('query', "SELECT sum(volume) FROM bars WHERE timeframe = '1m'", ...made);
      expect(volumes['rows']).toEqual([['500']]);
    },
    TIMEOUT_MS,
  );

  test(
    'ARC-26 what a sandbox tells is never shown as real, and always says what it is',
    async () => {
      const now = Math.floor(Date.now() / MINUTE) * MINUTE;
      await print(5, 10, now - 10 * MINUTE);
      sandbox.pump();
      const from = new Date(now - 10 * MINUTE).toISOString();
      const args = ['download', 'binance', 'BTC-USDT', '--from', from, '--sandbox-port', String(sandbox.port)];
      expect((await tw(...args, '--origin', 'live')).err).toContain('nothing real');
      expect((await tw(...args)).out).toContain('SIMULATED');

      const live = await tw('list');
      expect(live.out).toContain('is empty');
      expect(live.out).toContain('There is synthetic data: see it with --origin synthetic');
      expect((await tw('inspect', 'binance_spot_BTC-USDT')).err).toContain('--origin synthetic');
      expect(await json('query', 'SELECT count(*) FROM bars')).toMatchObject({ origin: 'live', rows: [[0]] });

      const made = await tw('list', '--origin', 'synthetic');
      expect(made.out).toMatch(/^SIMULATED[^]+binance_spot_BTC-USDT/);
      const csv = await tw('query', 'SELECT count(*) AS n FROM bars', '--csv', '--origin', 'synthetic');
      expect(csv.out).toMatch(/^n\n\d+\n$/);
      expect(csv.err).toContain('SIMULATED');
      expect((await tw('list', '--origin', 'recorded')).err).toContain('--origin synthetic');
    },
    TIMEOUT_MS,
  );
});

const SAMPLE = join(process.env['TRADEWIND_DATA'] ?? 'data', 'trades_binance_usdm_btcusdt_20200222.csv.gz');
const whenRecorded = existsSync(SAMPLE) ? test : test.skip;

whenRecorded(
  'recorded trades are imported whole',
  async () => {
    const options = ['--symbol', 'BTC-USDT', '--market', 'futures', ...ALONE];
    expect(await json('import', SAMPLE, ...options)).toMatchObject({ stored: 9_999, bad: 0, kind: 'ticks' });
  },
  TIMEOUT_MS,
);
