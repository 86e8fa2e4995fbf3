import type { BacktestConfig, BacktestStrategy } from '@tradewind/core/backtest/config';
import { resultJson, type BacktestResult } from '@tradewind/core/backtest/result';
import { runBacktest } from '@tradewind/core/backtest/run';
import { statisticsOf, type Statistics } from '@tradewind/core/backtest/statistics';
import { hashId } from '@tradewind/core/lib/ids';
import { epochMs } from '@tradewind/core/lib/time';
import { formatDecimal, isUnit } from '@tradewind/core/lib/units';
import { strategyById } from '@tradewind/strategies/registry';
import { Fault } from '../lib/fault.ts';
import type { Chosen } from './chosen-strategy.ts';
import { codeVersion } from './code-version.ts';
import { startBars } from './progress.ts';
import { backtestRecord, type BacktestRecord, type Selection } from './record.ts';
import type { Report } from './report/report.ts';
import { NO_VOLUME, type Loaded } from './series.ts';
import type { Settings } from './settings.ts';
import { sha256 } from './store.ts';
import { warningsOf } from './warnings.ts';

export type Inputs = {
  readonly name: string;
  readonly chosen: Chosen;
  readonly settings: Settings;
  readonly loaded: readonly Loaded[];
  /** The search that the parameters come from, where one is kept. */
  readonly selection: Selection | null;
  /** Wall clock, for the record. */
  readonly now: number;
};

/** Where a document names its markets, those of them that there are data of; else all data. */
function marketsOf({ document, name }: Chosen, loaded: readonly Loaded[]): readonly string[] {
  const keys = loaded.map(({ series }) => series.marketKey);
  const named = document?.marketKeys ?? null;
  if (named === null) return keys;
  const wanted = named.filter((key) => keys.includes(key));
  if (wanted.length > 0) return wanted;
  throw new Fault(
    `"${name}" trades ${named.join(', ')}, and the data are of ${keys.join(', ')}.\n` +
      `Say which market a file is of: --data ${named[0] ?? 'MARKET'}=FILE`,
  );
}

function strategyOf({ chosen, settings, loaded }: Inputs): BacktestStrategy {
  const { definition, params, document } = chosen;
  const marketKeys = marketsOf(chosen, loaded);
  return {
    strategyId: definition.id,
    strategy: { id: definition.id, params },
    marketKeys,
    positionSize: document?.size ?? settings.size,
    protection: document === null ? settings.protection : document.protection,
    maxPositions: document?.maxPositions ?? marketKeys.length,
    tranches: document?.tranches,
    sizing: document?.sizing,
    reversal: document?.reversal,
  };
}

const asJson = (value: unknown): string =>
  JSON.stringify(value, (_, each: unknown) => (isUnit(each) ? formatDecimal(each) : each));

/** The configuration; its session is named by a hash of all that the result depends on. */
export function configOf(inputs: Inputs): BacktestConfig {
  const { loaded, now } = inputs;
  const own = inputs.settings.config;
  const hasVolume = !loaded.some(({ source }) => source.supposed.includes(NO_VOLUME));
  const config = {
    ...own,
    ...(hasVolume ? {} : { participationPct: null, slippage: { ...own.slippage, impactPct: 0 } }),
    bookId: 'backtest',
    strategies: [strategyOf(inputs)],
    codeVersion: codeVersion(),
    dataSessionId: null,
  };
  const data = loaded
    .map(({ source, series }) => `${source.digest} ${asJson(series.instrument)}`)
    .sort();
  return {
    ...config,
    sessionId: hashId('backtest', asJson(config), ...data),
    createdAt: epochMs(now),
  };
}

/** The configuration as it is kept: of funding rates only which they were, as of the data. */
function keptConfig(config: BacktestConfig): unknown {
  const funding = Object.entries(config.funding).map(([marketKey, { at, rate }]) => [
    marketKey,
    { rates: at.length, from: at[0], to: at.at(-1), digest: sha256(asJson([at, rate])) },
  ]);
  const kept = { ...config, funding: Object.fromEntries(funding) as unknown };
  return JSON.parse(asJson(kept)) as unknown;
}

function recordOf(
  inputs: Inputs,
  told: { readonly result: BacktestResult; readonly statistics: Statistics },
): BacktestRecord {
  const { result, statistics } = told;
  const { name, loaded, settings, selection } = inputs;
  const sources = loaded.map(({ source }) => source);
  const { parameters } = result;
  const quotes = [...new Set(loaded.map(({ series }) => series.instrument.quote))];
  const hasNoLimits = settings.config.limits.maxConcentrationPct >= 100;
  return backtestRecord.parse({
    schemaVersion: 1,
    id: result.sessionId,
    name,
    createdAt: result.createdAt,
    symbols: result.symbols,
    quote: quotes.join(' and '),
    from: result.start,
    to: result.end,
    bars: result.counts.bars,
    sources,
    config: keptConfig(parameters),
    codeVersion: result.codeVersion,
    seed: result.seed,
    figures: statistics.figures,
    returnBasis: statistics.returnBasis,
    grade: statistics.grade,
    openPositions: result.openPositions.length,
    selection,
    warnings: warningsOf(result, { statistics, sources, selection, hasNoLimits }),
    resultHash: resultHashOf(result),
  });
}

/** A digest of the result that does not depend on when it was made. */
function resultHashOf(result: BacktestResult): string {
  const createdAt = epochMs(0);
  return sha256(
    resultJson({ ...result, createdAt, parameters: { ...result.parameters, createdAt } }),
  );
}

/**
 * Runs a backtest and tells all there is to tell of it.
 *
 * @throws Fault where the inputs do not go together.
 */
export function makeBacktest(inputs: Inputs): Report {
  const series = inputs.loaded.map((one) => one.series);
  const quotes = new Set(series.map(({ instrument }) => instrument.quote));
  if (quotes.size > 1)
    throw new Fault(
      `A book has one currency, and these markets are quoted in ${[...quotes].join(' and ')}. Test them one by one.`,
    );
  const bars = startBars('Backtest');
  try {
    const ran = runBacktest(configOf(inputs), series, { strategyById, onProgress: bars.at });
    if (!ran.ok) throw new Fault(`The backtest cannot be run: ${ran.error}`);
    const result = ran.value;
    const statistics = statisticsOf(result);
    return { record: recordOf(inputs, { result, statistics }), result, statistics, series };
  } finally {
    bars.stop();
  }
}
