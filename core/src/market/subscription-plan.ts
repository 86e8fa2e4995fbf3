import { err, ok, type Result } from '../lib/result.ts';

/** What a broker's market data plan buys (MD-13). */
export type PlanTier = 'basic' | 'plus';

/** Stock feeds; `delayed_sip` is the consolidated one, fifteen minutes late. */
export type StockFeed = 'iex' | 'sip' | 'delayed_sip';

export type PlanLimits = {
  readonly stockFeed: StockFeed;
  /** How old the newest history is that may be asked for, milliseconds. */
  readonly historyDelayMs: number;
  /** Symbols that may be streamed at once; `null` without a limit. */
  readonly streamedSymbols: number | null;
  readonly historyCallsPerMinute: number;
  /** `null` where options' quotes are a subscription of their own. */
  readonly optionsFeed: 'indicative' | 'opra';
};

/** Caps of each plan. */
export const PLAN_TIERS: Readonly<Record<PlanTier, PlanLimits>> = {
  basic: {
    stockFeed: 'iex',
    historyDelayMs: 15 * 60_000,
    streamedSymbols: 30,
    historyCallsPerMinute: 200,
    optionsFeed: 'indicative',
  },
  plus: {
    stockFeed: 'sip',
    historyDelayMs: 0,
    streamedSymbols: null,
    historyCallsPerMinute: 10_000,
    optionsFeed: 'opra',
  },
};

/** A feed that may be traded on: the delayed one is for paper and for eyes, and always stale (MD-14). */
export const isTimely = (feed: StockFeed): boolean => feed !== 'delayed_sip';

/** Why a symbol is wanted. */
export type Interest = {
  readonly symbol: string;
  readonly hasPosition: boolean;
  /** When a strategy on it was last active, epoch milliseconds; `null` without a strategy. */
  readonly strategyActiveAt: number | null;
  /** Tier of the watch list, 1 the closest; `null` when it is on none. */
  readonly watchTier: number | null;
};

/** Which symbols are streamed and which are polled; together all that were wanted, each once. */
export type SubscriptionPlan = {
  readonly streamed: readonly string[];
  readonly polled: readonly string[];
};

/** Two reasons to want a symbol are the stronger of each. */
const merge = (a: Interest, b: Interest): Interest => ({
  symbol: a.symbol,
  hasPosition: a.hasPosition || b.hasPosition,
  strategyActiveAt:
    a.strategyActiveAt === null || b.strategyActiveAt === null
      ? (a.strategyActiveAt ?? b.strategyActiveAt)
      : Math.max(a.strategyActiveAt, b.strategyActiveAt),
  watchTier:
    a.watchTier === null || b.watchTier === null
      ? (a.watchTier ?? b.watchTier)
      : Math.min(a.watchTier, b.watchTier),
});

/** Open positions, then the strategies that were active last, then the watch list; names break ties. */
function byImportance(a: Interest, b: Interest): number {
  if (a.hasPosition !== b.hasPosition) return a.hasPosition ? -1 : 1;
  const [activeA, activeB] = [a.strategyActiveAt ?? -1, b.strategyActiveAt ?? -1];
  if (activeA !== activeB) return activeB - activeA;
  const [tierA, tierB] = [a.watchTier ?? Infinity, b.watchTier ?? Infinity];
  if (tierA !== tierB) return tierA < tierB ? -1 : 1;
  return a.symbol < b.symbol ? -1 : a.symbol > b.symbol ? 1 : 0;
}

/**
 * Chooses what to stream where not all of it may be (MD-14): the most important first, as many as the
 * plan carries. The order in which the interests are listed does not matter.
 *
 * @param limit Symbols that may be streamed; `null` without a limit.
 * @throws RangeError unless the limit is a whole number >= 0.
 */
export function planSubscriptions(
  interests: readonly Interest[],
  limit: number | null,
): SubscriptionPlan {
  if (limit !== null && (!Number.isSafeInteger(limit) || limit < 0))
    throw new RangeError(`Invariant: a limit of symbols is a whole number >= 0, was ${limit}`);
  const wanted = new Map<string, Interest>();
  for (const interest of interests) {
    const known = wanted.get(interest.symbol);
    wanted.set(interest.symbol, known === undefined ? interest : merge(known, interest));
  }
  const symbols = [...wanted.values()].sort(byImportance).map(({ symbol }) => symbol);
  const count = limit ?? symbols.length;
  return { streamed: symbols.slice(0, count), polled: symbols.slice(count) };
}

/** A strategy may run on a symbol: in live modes only where it is streamed on a feed in time (MD-14). */
export function checkStrategySymbol(
  plan: SubscriptionPlan,
  symbol: string,
  { mode, feed }: { readonly mode: 'live' | 'paper'; readonly feed: StockFeed },
): Result<void, string> {
  if (!plan.streamed.includes(symbol) && !plan.polled.includes(symbol))
    return err(`${symbol} is not followed: subscribe to it before a strategy trades it`);
  if (mode === 'paper') return ok(undefined);
  if (!isTimely(feed))
    return err(`the feed ${feed} is fifteen minutes late: choose iex or sip to trade live`);
  return plan.streamed.includes(symbol)
    ? ok(undefined)
    : err(
        `${symbol} is polled, not streamed: the plan carries ${plan.streamed.length} symbols. ` +
          'Follow fewer, or choose a plan that carries more, to trade it live',
      );
}
