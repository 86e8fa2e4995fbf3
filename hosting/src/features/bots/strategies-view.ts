import type { StrategyStatusDoc } from '@tradewind/contracts/documents/bot';
import { symbolOf, type StrategyDoc } from '@tradewind/contracts/documents/strategy';
import type { EpochMs } from '@tradewind/core/lib/time';
import { BLOCKING_TEXT } from '../../lib/blocking-text.ts';
import { freshness, type Freshness } from '../../lib/freshness.ts';
import type { Fault, Loaded } from '../../lib/loaded.ts';

/** A strategy on one of its markets: ready, or why not (UI-41). */
type MarketLine = {
  readonly marketKey: string;
  readonly symbol: string;
  readonly readiness: string;
  readonly detail: string;
  readonly evaluated: Freshness;
};

export type StrategyCard = {
  readonly strategyId: string;
  readonly name: string;
  /** Which strategy it is, and the version of its settings. */
  readonly family: string;
  readonly status: StrategyDoc['status'];
  readonly lines: readonly MarketLine[];
};

export type StrategiesView = {
  readonly cards: readonly StrategyCard[];
  readonly faults: readonly Fault[];
};

type Facts = {
  readonly strategies: Loaded<StrategyDoc>;
  readonly statuses: Loaded<StrategyStatusDoc>;
  readonly now: EpochMs;
};

function readiness(
  strategy: StrategyDoc,
  status: StrategyStatusDoc | undefined,
): Pick<MarketLine, 'readiness' | 'detail'> {
  if (strategy.status === 'STOPPED') return { readiness: 'Stopped', detail: '' };
  if (status === undefined) return { readiness: 'Not evaluated yet', detail: '' };
  if (status.block !== null)
    return { readiness: BLOCKING_TEXT[status.block.reason].what, detail: status.block.detail };
  return { readiness: status.canTrade ? 'Ready to trade' : 'Not known', detail: '' };
}

/** Strategies of the book, each with a line for every market; a status that cannot be read leaves "not evaluated". */
export function strategiesView({ strategies, statuses, now }: Facts): StrategiesView {
  if (strategies.status !== 'ready') return { cards: [], faults: [] };
  const known = statuses.status === 'ready' ? statuses.data : [];
  const lineOf = (strategy: StrategyDoc, marketKey: string): MarketLine => {
    const status = known.find(
      (one) => one.strategyId === strategy.strategyId && one.marketKey === marketKey,
    );
    const seen =
      status === undefined ? undefined : { at: status.evaluatedAt, maxAgeMs: status.maxAgeMs };
    return {
      marketKey,
      symbol: symbolOf(marketKey),
      ...readiness(strategy, status),
      evaluated: freshness(seen, now),
    };
  };
  return {
    cards: strategies.data.map((strategy) => ({
      strategyId: strategy.strategyId,
      name: strategy.name,
      family: `${strategy.strategy.id}, version ${strategy.version}`,
      status: strategy.status,
      lines: strategy.marketKeys.map((marketKey) => lineOf(strategy, marketKey)),
    })),
    faults: [...strategies.faults, ...(statuses.status === 'ready' ? statuses.faults : [])],
  };
}
