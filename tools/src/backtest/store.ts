import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { BacktestResult } from '@tradewind/core/backtest/result';
import { formatDecimal } from '@tradewind/core/lib/units';
import { Fault, messageOf } from '../lib/fault.ts';
import { backtestRecord, type BacktestRecord } from './record.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');

/** Where backtests are kept: `TRADEWIND_BACKTESTS`, else with the local desk's files. */
export const backtestFolder = (): string => {
  const chosen = process.env['TRADEWIND_BACKTESTS'];
  return chosen === undefined || chosen === '' ? join(ROOT, '.tradewind', 'backtests') : chosen;
};

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Writes a file whole or not at all: who stops half way leaves no half of it. */
export function writeWhole(path: string, text: string): void {
  const part = `${path}.${process.pid}.part`;
  writeFileSync(part, text);
  renameSync(part, path);
}

const COLUMNS = [
  'tradeId',
  'strategyId',
  'symbol',
  'side',
  'openedAt',
  'closedAt',
  'entryPrice',
  'exitPrice',
  'quantity',
  'fees',
  'funding',
  'netPnl',
  'netPnlPct',
  'maePct',
  'mfePct',
  'rMultiple',
  'slippageInPct',
  'slippageOutPct',
  'efficiency',
  'exitReason',
  'outcome',
] as const;

const tradesCsv = ({ trades }: BacktestResult): string => {
  const cell = (value: string | number | null): string => String(value ?? '');
  const rows = trades.map((trade) =>
    COLUMNS.map((name) => {
      const value = trade[name];
      return typeof value === 'bigint' ? formatDecimal(value) : cell(value);
    }).join(','),
  );
  return [COLUMNS.join(','), ...rows, ''].join('\n');
};

/** Keeps a backtest: its record, and all its trades beside it. @returns the record's path. */
export function keepBacktest(record: BacktestRecord, result: BacktestResult): string {
  const folder = backtestFolder();
  mkdirSync(folder, { recursive: true });
  writeWhole(join(folder, `${record.id}.trades.csv`), tradesCsv(result));
  const path = join(folder, `${record.id}.json`);
  writeWhole(path, `${JSON.stringify(record, null, 2)}\n`);
  return path;
}

/** Every backtest that is kept, the newest first; a file that is none is left out and named. */
export function readBacktests(): {
  readonly records: readonly BacktestRecord[];
  readonly unreadable: readonly string[];
} {
  const folder = backtestFolder();
  if (!existsSync(folder)) return { records: [], unreadable: [] };
  const records: BacktestRecord[] = [];
  const unreadable: string[] = [];
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.json')))
    try {
      records.push(backtestRecord.parse(JSON.parse(readFileSync(join(folder, name), 'utf8'))));
    } catch (error) {
      unreadable.push(`${name}: ${messageOf(error).split('\n')[0] ?? ''}`);
    }
  return { records: records.sort((a, b) => b.createdAt - a.createdAt), unreadable };
}

/** The one kept backtest whose id begins so. @throws Fault where there is none, or several. */
export function findBacktest(id: string): BacktestRecord {
  const { records } = readBacktests();
  const found = records.filter((record) => record.id.startsWith(id));
  const [first] = found;
  if (first === undefined)
    throw new Fault(`There is no backtest ${id}. See which there are: npm run tw -- backtest list`);
  if (found.length > 1)
    throw new Fault(
      `${id} begins the ids of ${found.length} backtests: ${found.map((one) => one.id).join(', ')}. Write more of it.`,
    );
  return first;
}
