import { TIMEFRAMES } from '@tradewind/core/market/market';
import { Fault } from '../lib/fault.ts';
import { chosenBy } from '../optimise/chosen-by.ts';
import { chooseStrategy, type Chosen, type Given } from './chosen-strategy.ts';
import { readFunding } from './funding.ts';
import { loadData, type DataOptions } from './load-data.ts';
import type { Inputs } from './make-backtest.ts';
import type { Source } from './record.ts';
import type { Loaded } from './series.ts';
import { rulesOf, settingsOf, type SettingOptions } from './settings.ts';

/** What says what is to be tested, how, and on which data. */
export type InputOptions = Given &
  DataOptions &
  SettingOptions & {
    readonly name?: string;
    /** Files of funding rates. */
    readonly funding?: readonly string[];
    readonly allowGaps: boolean;
    readonly strictCoverage: boolean;
  };

/** Below this a person has to ask for a backtest (MD-92). */
const COVERAGE_PCT = 99;

function assertCovered(sources: readonly Source[], options: InputOptions): void {
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

/** Reads all that a backtest is made of. @throws Fault in words for whatever is wrong, or does not go together. */
export async function readInputs(options: InputOptions, what: string): Promise<Inputs> {
  const chosen = chooseStrategy(what, options);
  const told = settingsOf(options);
  const loaded = await loadData(options, rulesOf(options));
  const sources = loaded.map(({ source }) => source);
  assertCovered(sources, options);
  assertTimeframes(chosen, loaded);
  const funding = readFunding(options.funding ?? [], loaded);
  const settings = { ...told, config: { ...told.config, funding } };
  const selection = chosenBy(
    chosen,
    loaded.map(({ series }) => series),
  );
  const name = options.name ?? chosen.name;
  return { name, chosen, settings, loaded, selection, now: Date.now() };
}
