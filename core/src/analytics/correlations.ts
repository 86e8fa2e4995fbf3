import type { Bar } from '../market/bar.ts';
import { TIMEFRAMES } from '../market/market.ts';
import {
  correlationInit,
  correlationNext,
  correlationOf as pairCorrelation,
  type CorrelationState,
} from '../orderflow/correlation.ts';

const STEP = TIMEFRAMES['5m'];
/** Slots of five minutes that closes are kept of: the 288 returns of a day. */
const KEPT = 289;
/** Slots that one market may be ahead of the other before what both say is too old: an hour. */
const MOST_APART = 12;

/** The last closes of one market. */
type Closes = {
  /** Start of the newest bar. */
  lastAt: number;
  /** Start of the first bar; nothing is known before it. */
  readonly firstAt: number;
  /** By the slot's number modulo its length; `null` where there was no bar. */
  readonly ring: (number | null)[];
};

/** Markets that are compared with leaders of their own venue and kind (IND-98). JSON-able. */
export type CorrelationsState = {
  /** Symbols, such as `BTC-USDT`. */
  readonly leaders: readonly string[];
  markets: Record<string, Closes>;
  /** By market, then by leader's symbol. */
  pairs: Record<string, Record<string, CorrelationState>>;
};

/** Nothing heard yet. @param leaders Symbols that every market is compared with, such as `BTC-USDT`. */
export const correlationsInit = (leaders: readonly string[]): CorrelationsState => ({
  leaders: [...leaders],
  markets: {},
  pairs: {},
});

/** The leader's market of the same venue and kind: `binance_spot_BTC-USDT` leads `binance_spot_SOL-USDT`. */
function leaderKey(marketKey: string, leader: string): string {
  const [venue = '', kind = ''] = marketKey.split('_');
  return `${venue}_${kind}_${leader}`;
}

const slotOf = (openAt: number): number => (openAt / STEP) % KEPT;

/** The close of a slot that ended by `lastAt`; `null` where there is none, or it is too long ago. */
function closeAt({ ring, firstAt, lastAt }: Closes, openAt: number): number | null {
  const isKept = openAt >= firstAt && openAt > lastAt - KEPT * STEP;
  return isKept ? (ring[slotOf(openAt)] ?? null) : null;
}

/** Puts a close into its slot, in place, and nothing into those that were skipped. */
function keep(closes: Closes, openAt: number, close: number): void {
  const next = closes.lastAt < 0 ? openAt : closes.lastAt + STEP;
  for (let skipped = Math.max(next, openAt - (KEPT - 1) * STEP); skipped < openAt; skipped += STEP)
    closes.ring[slotOf(skipped)] = null;
  closes.ring[slotOf(openAt)] = close;
  closes.lastAt = openAt;
}

/** Takes what both markets know by now, and nothing twice, in place. */
function follow(pair: CorrelationState, a: Closes, b: Closes): void {
  const until = Math.min(a.lastAt, b.lastAt);
  // What the one that is ahead has forgotten already cannot be compared any more.
  const kept = Math.max(a.lastAt, b.lastAt) - (KEPT - 1) * STEP;
  const begun = pair.lastAt < 0 ? Math.max(a.firstAt, b.firstAt) : pair.lastAt + STEP;
  for (let openAt = Math.max(begun, kept); openAt <= until; openAt += STEP)
    correlationNext(pair, { openAt, a: closeAt(a, openAt), b: closeAt(b, openAt) });
}

/** Takes what is new of a market and one of its leaders into their pair, if both are known. */
function followPair(state: CorrelationsState, marketKey: string, leader: string): void {
  const market = state.markets[marketKey];
  const leading = state.markets[leaderKey(marketKey, leader)];
  if (market === undefined || leading === undefined || market === leading) return;
  const pairs = (state.pairs[marketKey] ??= {});
  follow((pairs[leader] ??= correlationInit()), market, leading);
}

/**
 * Takes a closed five-minute bar of a market, changing `state` in place; also from history, so that a market need
 * not be watched for a day. O(1) for each pair that the market is part of.
 *
 * The bars of one market come oldest first; those of two in any order: what one has and the other has not yet
 * waits for it, for up to a day. A bar that is not newer than the last one is left out: history may be told again.
 *
 * @param bar Its close in any unit that stays the same.
 * @throws RangeError unless it begins at a multiple of five minutes.
 */
export function correlationsBar(
  state: CorrelationsState,
  marketKey: string,
  { openAt, close }: Pick<Bar, 'openAt' | 'close'>,
): void {
  if (!Number.isInteger(openAt / STEP))
    throw new RangeError(
      `Invariant: a five-minute bar begins at a multiple of five minutes, this of ${marketKey} at ${openAt}`,
    );
  const closes = (state.markets[marketKey] ??= {
    lastAt: -1,
    firstAt: openAt,
    ring: Array.from({ length: KEPT }, () => null),
  });
  if (openAt <= closes.lastAt) return;
  keep(closes, openAt, close);
  for (const leader of state.leaders) {
    followPair(state, marketKey, leader);
    // A leader's bar is news for all that follow it, and for the other leaders.
    if (marketKey !== leaderKey(marketKey, leader)) continue;
    for (const follower of Object.keys(state.markets))
      if (leaderKey(follower, leader) === marketKey) followPair(state, follower, leader);
  }
}

/** Forgets a market that is not followed any more, in place. */
export function correlationsForget(state: CorrelationsState, marketKey: string): void {
  const without = <T>(all: Record<string, T>): Record<string, T> =>
    Object.fromEntries(Object.entries(all).filter(([key]) => key !== marketKey));
  state.markets = without(state.markets);
  state.pairs = without(state.pairs);
}

/**
 * The correlation of a market with a leader of its venue and kind, of the last 24 hours that both are known of.
 *
 * @param leader Symbol.
 * @returns -1 to 1; `undefined`, which stands for unknown, below 144 pairs of returns, where one price never moved,
 *   and where one of the two has not been heard of for an hour longer than the other. 1 for the leader itself.
 */
export function correlationOf(
  state: CorrelationsState,
  marketKey: string,
  leader: string,
): number | undefined {
  const market = state.markets[marketKey];
  const leading = state.markets[leaderKey(marketKey, leader)];
  const pair = state.pairs[marketKey]?.[leader];
  if (market === undefined || leading === undefined) return undefined;
  if (market === leading) return 1;
  const isCurrent = Math.abs(market.lastAt - leading.lastAt) <= MOST_APART * STEP;
  return pair !== undefined && isCurrent ? pairCorrelation(pair) : undefined;
}
