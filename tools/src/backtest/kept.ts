import type { Answer } from '../cli/answer.ts';
import { Fault } from '../lib/fault.ts';
import { backtestFolder, findBacktest, readBacktests } from './store.ts';
import { comparisonOf, listOf, summaryOf } from './summary.ts';

/** Which backtests are kept. */
export function listBacktests(): Answer {
  const { records, unreadable } = readBacktests();
  const faults = unreadable.map((fault) => `\nCould not be read: ${fault}`).join('');
  const text =
    records.length === 0
      ? `There are no backtests in ${backtestFolder()} yet. Make one: npm run tw -- backtest sma-cross --data FILE`
      : listOf(records);
  return { ok: true, text: `${text}${faults}`, data: { backtests: records, unreadable } };
}

/** One kept backtest. @throws Fault where there is none. */
export function showBacktest(id: string): Answer {
  const record = findBacktest(id);
  return { ok: true, text: summaryOf(record), data: record };
}

/** Kept backtests side by side. @throws Fault for one that is not there, and for fewer than two. */
export function compareBacktests(ids: readonly string[]): Answer {
  if (ids.length < 2)
    throw new Fault('Name two backtests or more: npm run tw -- backtest compare ID ID');
  const records = ids.map(findBacktest);
  return { ok: true, text: comparisonOf(records), data: { backtests: records } };
}
