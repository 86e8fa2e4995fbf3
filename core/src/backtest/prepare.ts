import { createEngine, type Engine } from '../engine/decide.ts';
import type { Facts } from '../engine/facts.ts';
import { marketKindOf } from '../instrument/instrument.ts';
import { err, ok, type Result } from '../lib/result.ts';
import { epochMs } from '../lib/time.ts';
import { toNumber } from '../lib/units.ts';
import { bookInit } from './book.ts';
import type { BacktestConfig, BacktestStrategy } from './config.ts';
import { checkSeries, type BarSeries } from './data.ts';
import { SHARE_OF_CASH, spendingPrice } from './judge.ts';
import { lastPrice, marketInit, type Market } from './market.ts';
import { recorderInit } from './recorder.ts';
import { canSize } from './sizing-facts.ts';
import type { Lane, Run, RunHooks } from './state.ts';
import { tallyInit } from './tally.ts';

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function engineFor(
  config: BacktestConfig,
  { settings, series }: { readonly settings: BacktestStrategy; readonly series: BarSeries },
  { strategyById }: RunHooks,
): Result<Engine, string> {
  const { strategyId, strategy, positionSize } = settings;
  const prepared = strategyById(strategy.id)?.prepare(strategy.params);
  if (prepared === undefined) return err(`${strategyId}: there is no strategy "${strategy.id}"`);
  if (!prepared.ok) return err(`${strategyId}: ${prepared.error}`);
  const { marketKey, symbol, instrument, timeframe } = series;
  try {
    const engine = createEngine({
      bookId: config.bookId,
      strategyId,
      marketKey,
      symbol,
      grid: { tickSize: toNumber(instrument.tickSize), lotSize: toNumber(instrument.lotSize) },
      base: timeframe,
      strategy: prepared.value,
      positionSizeQuote: positionSize.kind === 'quote' ? positionSize.amount : SHARE_OF_CASH,
    });
    // What it needs is only looked at here.
    engine.init();
    return ok(engine);
  } catch (error) {
    return err(
      `${strategyId} on ${marketKey}: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

const noFacts = (availableQuote: Facts['availableQuote']): Facts => ({
  position: null,
  pendingOrder: false,
  lastFill: null,
  availableQuote,
  entryBlock: null,
  stale: false,
  dataQuality: 1,
  warmup: false,
});

const laneOf = (
  config: BacktestConfig,
  engine: Engine,
  { settings, market }: Pick<Lane, 'settings' | 'market'>,
): Lane => ({
  settings,
  gateSettings: {
    strategyId: settings.strategyId,
    enabled: true,
    maxPositions: settings.maxPositions,
    tranches: settings.tranches,
    sizing: settings.sizing,
    reversal: settings.reversal ?? 'flatten',
  },
  engine,
  state: engine.init(),
  market,
  position: null,
  stay: null,
  order: null,
  waiting: null,
  followUp: null,
  lastFill: null,
  guardLow: -Infinity,
  guardHigh: Infinity,
  leaveAt: Infinity,
  facts: noFacts(config.initialBalance),
  factsOf: 0,
});

const repeated = (names: readonly string[]): string | undefined =>
  names.find((name, index) => names.indexOf(name) !== index);

/** What is wrong with the inputs taken together, in words. */
function faultOf(config: BacktestConfig, series: readonly BarSeries[]): string | null {
  if (config.initialBalance <= 0n) return 'the initial balance is not above 0';
  if (config.strategies.length === 0) return 'there is no strategy to run';
  const twice =
    repeated(series.map(({ marketKey }) => marketKey)) ??
    repeated(config.strategies.map(({ strategyId }) => strategyId));
  if (twice !== undefined) return `${twice} is there twice`;
  for (const each of series) {
    const checked = checkSeries(each);
    if (!checked.ok) return checked.error;
    if (each.length === 0) return `${each.marketKey}: there are no bars`;
    if (each.instrument.market !== marketKindOf(each.marketKey))
      return `${each.marketKey}: its instrument is of another kind, ${each.instrument.market}`;
  }
  return null;
}

/** Everything of a run before its first bar; the error says what is wrong with which input. */
export function prepareRun(
  config: BacktestConfig,
  allSeries: readonly BarSeries[],
  hooks: RunHooks,
): Result<Run, string> {
  const fault = faultOf(config, allSeries);
  if (fault !== null) return err(fault);
  const sorted = allSeries.toSorted((a, b) => byText(a.marketKey, b.marketKey));
  const markets = sorted.map((each) => marketInit(each, config.funding[each.marketKey] ?? null));
  const strategies = config.strategies.toSorted((a, b) => byText(a.strategyId, b.strategyId));
  const known = new Set(sorted.map(({ marketKey }) => marketKey));
  for (const { strategyId, marketKeys } of strategies)
    for (const key of marketKeys)
      if (!known.has(key)) return err(`${strategyId}: there are no bars of ${key}`);
  const lanes: Lane[] = [];
  for (const market of markets)
    for (const settings of strategies) {
      const { series } = market;
      if (!settings.marketKeys.includes(series.marketKey)) continue;
      if (settings.sizing !== undefined && !canSize(series))
        return err(
          `${settings.strategyId}: its sizing goes by the last hour's minutes, and the bars of ${series.marketKey} are of ${series.timeframe}: give bars of a minute, or take "sizing" out of the document`,
        );
      const engine = engineFor(config, { settings, series }, hooks);
      if (!engine.ok) return engine;
      lanes.push(laneOf(config, engine.value, { settings, market }));
    }
  const start = epochMs(Math.min(...markets.map(({ series }) => series.openAt[0] ?? NaN)));
  return ok(runOf(config, { hooks, markets, lanes, start }));
}

type Parts = Pick<Run, 'hooks' | 'lanes'> & {
  readonly markets: readonly Market[];
  readonly start: Run['book']['risk']['dayAt'];
};

const runOf = (config: BacktestConfig, { hooks, markets, lanes, start }: Parts): Run => ({
  config,
  spending: spendingPrice(config.limits),
  hooks,
  markets,
  lanes,
  wanted: [],
  book: bookInit(config.initialBalance, start),
  trades: [],
  recorder: recorderInit(toNumber(config.initialBalance), start),
  tally: tallyInit(),
  ...lookups(config, markets),
  seed: config.seed,
});

/** What the gate asks of all markets and strategies, ready once for the whole run. */
function lookups(
  { strategies }: Pick<BacktestConfig, 'strategies'>,
  markets: readonly Market[],
): Pick<Run, 'priceOf' | 'stopLossPctOf'> {
  const byKey = new Map(markets.map((market) => [market.series.marketKey, market]));
  const stops = new Map(
    strategies.map(({ strategyId, protection }) => [strategyId, protection?.stopLossPct]),
  );
  return {
    priceOf: (marketKey) => {
      const market = byKey.get(marketKey);
      return market === undefined || !(market.last > 0) ? undefined : lastPrice(market);
    },
    stopLossPctOf: (strategyId) => stops.get(strategyId),
  };
}
