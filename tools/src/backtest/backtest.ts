import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { TIMEFRAMES } from '@tradewind/core/market/market';
import type { Answer } from '../cli/answer.ts';
import { fromHere } from '../data/open-data.ts';
import { Fault } from '../lib/fault.ts';
import { chooseStrategy, type Chosen, type Given } from './chosen-strategy.ts';
import { loadData, type DataOptions } from './load-data.ts';
import { makeBacktest } from './make-backtest.ts';
import type { Source } from './record.ts';
import { htmlReport } from './report/html-report.ts';
import { markdownReport } from './report/markdown-report.ts';
import type { Report } from './report/report.ts';
import type { Loaded } from './series.ts';
import { rulesOf, settingsOf, type SettingOptions } from './settings.ts';
import { backtestFolder, keepBacktest, writeWhole } from './store.ts';
import { summaryOf } from './summary.ts';

export type BacktestOptions = Given &
  DataOptions &
  SettingOptions & {
    readonly name?: string;
    readonly allowGaps: boolean;
    readonly strictCoverage: boolean;
    /** A path, or true for the place where backtests are kept. */
    readonly html?: string | true;
    readonly markdown?: string | true;
  };

/** Below this a person has to ask for a backtest (MD-92). */
const COVERAGE_PCT = 99;

function assertCovered(sources: readonly Source[], options: BacktestOptions): void {
  const { allowGaps, strictCoverage } = options;
  if (allowGaps && strictCoverage)
    throw new Fault('Give --allow-gaps or --strict-coverage, not both.');
  const least = allowGaps ? 0 : strictCoverage ? 100 : COVERAGE_PCT;
  const poor = sources.filter(({ coveragePct }) => coveragePct < least);
  if (poor.length === 0) return;
  const list = poor.map(
    ({ symbol, coveragePct, missing }) =>
      `  ${symbol}: ${coveragePct.toFixed(2)} % covered, ${missing} bars missing`,
  );
  const fill = 'Or fill them: npm run tw -- data download';
  throw new Fault(
    `The data have gaps:\n${list.join('\n')}\n` +
      (strictCoverage
        ? `With --strict-coverage there may be none: leave it out. ${fill}`
        : `Under ${COVERAGE_PCT} % a backtest has to be asked for: --allow-gaps. ${fill}`),
  );
}

/** Bars of the data have to make up the bars that the strategy decides on. */
function assertTimeframes({ definition, params }: Chosen, loaded: readonly Loaded[]): void {
  const prepared = definition.prepare(params);
  if (!prepared.ok) return;
  const { timeframe } = prepared.value.needs;
  for (const { series } of loaded)
    if (TIMEFRAMES[timeframe] < TIMEFRAMES[series.timeframe])
      throw new Fault(
        `${definition.title} decides on bars of ${timeframe}, and those of ${series.symbol} are of ${series.timeframe}.\n` +
          `Give finer data, or let it decide on longer bars: --params '{"timeframe": "${series.timeframe}"}'`,
      );
}

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
  const chosen = chooseStrategy(what, options);
  const settings = settingsOf(options);
  // Before minutes of work, what would make them vain.
  pathOf(options.html, '');
  pathOf(options.markdown, '');
  const loaded = await loadData(options, rulesOf(options));
  assertCovered(
    loaded.map(({ source }) => source),
    options,
  );
  assertTimeframes(chosen, loaded);
  const began = performance.now();
  const report = makeBacktest({
    name: options.name ?? chosen.name,
    chosen,
    settings,
    loaded,
    now: Date.now(),
  });
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
