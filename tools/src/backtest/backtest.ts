import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Answer } from '../cli/answer.ts';
import { fromHere } from '../data/open-data.ts';
import { Fault } from '../lib/fault.ts';
import { readInputs, type InputOptions } from './inputs.ts';
import { makeBacktest } from './make-backtest.ts';
import { htmlReport } from './report/html-report.ts';
import { markdownReport } from './report/markdown-report.ts';
import type { Report } from './report/report.ts';
import { backtestFolder, keepBacktest, writeWhole } from './store.ts';
import { summaryOf } from './summary.ts';

export type BacktestOptions = InputOptions & {
  /** A path, or true for the place where backtests are kept. */
  readonly html?: string | true;
  readonly markdown?: string | true;
};

/** Where a report is to be written; `undefined` where none was asked for. @throws Fault for a folder that is not there. */
function pathOf(asked: string | true | undefined, fallback: string): string | undefined {
  if (asked === undefined) return undefined;
  if (asked === true) return fallback;
  const path = fromHere(asked);
  if (!existsSync(dirname(path))) throw new Fault(`The folder ${dirname(path)} does not exist.`);
  return path;
}

/** Writes the reports that were asked for. @returns where they are. */
function writeReports(
  report: Report,
  { html, markdown }: BacktestOptions,
): Readonly<Record<string, string>> {
  const at = (suffix: string): string => join(backtestFolder(), `${report.record.id}.${suffix}`);
  const page = pathOf(html, at('html'));
  const text = pathOf(markdown, at('md'));
  if (page !== undefined) writeWhole(page, htmlReport(report));
  if (text !== undefined) writeWhole(text, markdownReport(report));
  return {
    ...(page === undefined ? {} : { html: page }),
    ...(text === undefined ? {} : { markdown: text }),
  };
}

/** Tests a strategy on recorded data, tells how it did, and keeps it. */
export async function backtest(options: BacktestOptions, what: string): Promise<Answer> {
  // Before minutes of work, what would make them vain.
  pathOf(options.html, '');
  pathOf(options.markdown, '');
  const inputs = await readInputs(options, what);
  const began = performance.now();
  const report = makeBacktest(inputs);
  const seconds = (performance.now() - began) / 1_000;
  const { record, result } = report;
  const kept = keepBacktest(record, result);
  const files = { record: kept, ...writeReports(report, options) };
  const written = Object.entries(files).map(([kind, path]) => `  ${kind.padEnd(9)}${path}`);
  return {
    ok: true,
    text: [
      summaryOf(record),
      '',
      `${record.bars} bars in ${seconds.toFixed(2)} s. It is in:`,
      ...written,
    ].join('\n'),
    data: { ...record, counts: result.counts, seconds, files },
  };
}
