import { spawn } from 'node:child_process';
import { join } from 'node:path';

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

export type Outcome = { readonly code: number | null; readonly out: string; readonly err: string };

/** Runs `tw …` as a person would, with everything that it keeps in `folder`. */
export function runTw(folder: string, args: readonly string[]): Promise<Outcome> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN, ...args], {
    cwd: folder,
    env: {
      ...process.env,
      TRADEWIND_ARCHIVE: join(folder, 'archive'),
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
