import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { backtest, type BacktestOptions } from './backtest.ts';

/** What tests of this folder have in common. */

const MAIN = join(import.meta.dirname, '..', 'cli', 'main.ts');
export const START = Date.UTC(2026, 0, 1);
const MINUTE = 60_000;

/** A price that goes up and down in waves, so that moving averages cross. */
const waveAt = (minute: number): number => 100 + 10 * Math.sin(minute / 40) + minute / 1_000;

/** One-minute candles as CSV; `skip` says which are missing. */
export function candlesCsv(
  minutes: number,
  skip: (minute: number) => boolean = () => false,
): string {
  const rows: string[] = [];
  for (let minute = 0; minute < minutes; minute += 1) {
    if (skip(minute)) continue;
    const [open, close] = [waveAt(minute), waveAt(minute + 1)];
    const [high, low] = [Math.max(open, close) + 0.05, Math.min(open, close) - 0.05];
    const prices = [open, high, low, close].map((value) => value.toFixed(2));
    rows.push([START + minute * MINUTE, ...prices, 5_000].join(','));
  }
  return ['ts,open,high,low,close,volume', ...rows, ''].join('\n');
}

/** Candles of fifteen seconds of the same wave, which make up those of a minute but for their wicks. */
export function quartersCsv(minutes: number): string {
  const rows = Array.from({ length: minutes * 4 }, (_, index) => {
    const [open, close] = [waveAt(index / 4), waveAt((index + 1) / 4)];
    const prices = [open, Math.max(open, close), Math.min(open, close), close];
    return [START + index * (MINUTE / 4), ...prices.map((value) => value.toFixed(2)), 1_250].join(
      ',',
    );
  });
  return ['ts,open,high,low,close,volume', ...rows, ''].join('\n');
}

/** Funding every ten minutes, at the same rate. */
export const fundingCsv = (minutes: number, rate = '0.001'): string =>
  [
    'symbol,fundingTime,fundingRate',
    ...Array.from(
      { length: Math.floor(minutes / 10) },
      (_, index) => `BTCUSDT,${START + (index + 1) * 10 * MINUTE},${rate}`,
    ),
    '',
  ].join('\n');

/** Trades of the same wave, four a minute. */
export function tradesCsv(minutes: number): string {
  const rows = Array.from({ length: minutes * 4 }, (_, index) => {
    const at = START + index * (MINUTE / 4);
    return [
      at,
      index + 1,
      waveAt(index / 4).toFixed(2),
      '50',
      index % 3 === 0 ? 'sell' : 'buy',
    ].join(',');
  });
  return ['ts,trade_id,price,qty,side', ...rows, ''].join('\n');
}

const BASE = {
  balance: '10000',
  limits: 'paper',
  conventions: 'paper',
  seed: '1',
  allowGaps: false,
  strictCoverage: false,
} as const;

/** A folder for each test, in which everything that it reads and keeps lies. */
export function inOwnFolder() {
  let folder = '';
  const before = { ...process.env };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tradewind-backtest-'));
    process.env['TRADEWIND_CWD'] = folder;
    process.env['TRADEWIND_BACKTESTS'] = join(folder, 'backtests');
    process.env['TRADEWIND_OPTIMISATIONS'] = join(folder, 'optimisations');
    process.env['TRADEWIND_ARCHIVE'] = join(folder, 'archive');
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
    process.env = { ...before };
  });
  return {
    folder: () => folder,
    file: (name: string, text: string): string => {
      writeFileSync(join(folder, name), text);
      return name;
    },
    /** What `tw backtest <what> …` answers programs. */
    run: async (what: string, options: Partial<BacktestOptions> = {}) =>
      (await backtest({ ...BASE, ...options }, what)).data,
  };
}

export type Outcome = { readonly code: number | null; readonly out: string; readonly err: string };

/** Runs `tw …` as a person would, with everything that it keeps in `folder`. */
export function runTw(folder: string, args: readonly string[]): Promise<Outcome> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN, ...args], {
    cwd: folder,
    env: {
      ...process.env,
      TRADEWIND_ARCHIVE: join(folder, 'archive'),
      TRADEWIND_BACKTESTS: join(folder, 'backtests'),
      TRADEWIND_OPTIMISATIONS: join(folder, 'optimisations'),
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
