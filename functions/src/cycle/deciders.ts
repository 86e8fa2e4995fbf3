import type { ExecutionPorts } from '@tradewind/adapters/execution/ports';
import {
  activeBotOf,
  activeMarkets,
  activeVersionOf,
  marketsInUse,
} from '@tradewind/adapters/strategies/active-version';
import {
  strategyStateDoc,
  type BotDoc,
  type StrategyStateDoc,
} from '@tradewind/contracts/documents/bot';
import { marketDoc } from '@tradewind/contracts/documents/market';
import {
  symbolOf,
  type StrategyDoc,
  type StrategyVersionDoc,
} from '@tradewind/contracts/documents/strategy';
import { paths } from '@tradewind/contracts/paths';
import { createEngine, type Engine } from '@tradewind/core/engine/decide';
import { toNumber, type Money } from '@tradewind/core/lib/units';
import { weightedFields } from '@tradewind/core/strategy/weighted/params';
import { strategyById } from '@tradewind/strategies/registry';
import * as z from 'zod';
import { named } from '../bots/named.ts';
import type { BookFacts } from './book-facts.ts';

/** Parameters as documents hold them. */
type Params = Readonly<Record<string, z.core.util.JSONType>>;

/** What decides on one market by one version of its settings: a bot, or a strategy on one of its markets. */
export type Decider = {
  /** `null` for a strategy. */
  readonly bot: BotDoc | null;
  readonly strategyId: string;
  readonly bookId: string;
  readonly name: string;
  readonly marketKey: string;
  readonly symbol: string;
  /** Of the settings that decide (STR-07). */
  readonly version: number;
  /** Entries are to stop; exits go on (STR-91). */
  readonly isPaused: boolean;
  readonly params: Params;
  readonly engine: Engine;
  readonly positionSizeQuote: Money;
};

/** Where a decider's evaluations go on from. */
export type Known = { readonly decider: Decider; readonly stored: StrategyStateDoc | undefined };

/** A market has no document: nobody can trade there, and no decider is to blame. */
export class MarketUnknown extends Error {
  constructor(marketKey: string) {
    super(`Market ${marketKey} is not known: its instrument has not been stored`);
    this.name = 'MarketUnknown';
  }
}

type Choice = { readonly id: string; readonly params: Params };
type Settings = Omit<Decider, 'engine' | 'params'>;

/** What is read for several deciders at once. */
export type Sources = {
  readonly facts: () => Promise<BookFacts>;
};

async function decider(
  { store }: ExecutionPorts,
  settings: Settings,
  { id, params }: Choice,
): Promise<Decider> {
  const { bookId, strategyId, marketKey, symbol, positionSizeQuote } = settings;
  const market = await store.get(paths.market(marketKey), marketDoc);
  if (market === undefined) throw new MarketUnknown(marketKey);
  const definition = strategyById(id);
  if (definition === undefined)
    throw new Error(`There is no strategy "${id}" in this desk's code.`);
  const strategy = definition.prepare(params);
  if (!strategy.ok) throw new Error(`Its parameters are not those of "${id}": ${strategy.error}`);
  const engine = createEngine({
    ...{ bookId, strategyId, marketKey, symbol, positionSizeQuote },
    grid: { tickSize: toNumber(market.tickSize), lotSize: toNumber(market.lotSize) },
    base: '1m',
    strategy: strategy.value,
  });
  return { ...settings, params, engine };
}

const paramsOf = z.object(weightedFields);

/** A bot as what decides: the version in use, on its one market. */
export async function ofBot(
  ports: ExecutionPorts,
  newest: BotDoc,
  sources: Sources,
): Promise<Known> {
  const { botId, marketKey } = newest;
  const stored = await ports.store.get(paths.strategyState(botId, marketKey), strategyStateDoc);
  // What is in use matters only to one that has changed since it last decided.
  const isChanged = stored !== undefined && stored.botVersion !== newest.version;
  const isInUse = isChanged && marketsInUse(await sources.facts(), botId).has(marketKey);
  const bot = await activeBotOf(ports.store, newest, { isInUse, stored });
  const { bookId, name, symbol, version, positionSizeQuote } = bot;
  const settings: Settings = {
    ...{ bot, strategyId: botId, bookId, name, marketKey, symbol, version, positionSizeQuote },
    isPaused: false,
  };
  const choice = { id: 'weighted', params: named(paramsOf.parse(bot)) };
  return { decider: await decider(ports, settings, choice), stored };
}

const ofVersion = (
  strategy: StrategyDoc,
  marketKey: string,
  used: StrategyVersionDoc,
): Settings => ({
  bot: null,
  strategyId: strategy.strategyId,
  bookId: strategy.bookId,
  name: used.name,
  marketKey,
  symbol: symbolOf(marketKey),
  version: used.version,
  isPaused: strategy.status === 'PAUSED' || !strategy.marketKeys.includes(marketKey),
  positionSizeQuote: used.positionSizeQuote,
});

/** The markets that a strategy decides on now, also those it was taken off while it holds something there. */
export async function marketsOf(
  strategy: StrategyDoc,
  sources: Sources,
): Promise<readonly string[]> {
  return activeMarkets(strategy, marketsInUse(await sources.facts(), strategy.strategyId));
}

/** A strategy as what decides on one market, by the version in use there. */
export async function ofStrategy(
  ports: ExecutionPorts,
  { strategy, marketKey }: { readonly strategy: StrategyDoc; readonly marketKey: string },
  sources: Sources,
): Promise<Known> {
  const { strategyId } = strategy;
  const stored = await ports.store.get(
    paths.strategyState(strategyId, marketKey),
    strategyStateDoc,
  );
  const isInUse = marketsInUse(await sources.facts(), strategyId).has(marketKey);
  const used = await activeVersionOf(ports.store, strategy, { isInUse, stored });
  return {
    decider: await decider(ports, ofVersion(strategy, marketKey, used), used.strategy),
    stored,
  };
}
