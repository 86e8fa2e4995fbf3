import type { BookDoc, PositionDoc, RiskStateDoc } from '@tradewind/contracts/documents/book';
import type { OrderDoc } from '@tradewind/contracts/documents/execution';
import type { LivePriceDoc } from '@tradewind/contracts/documents/market';
import { dayStart, type EpochMs } from '@tradewind/core/lib/time';
import { percentRatio, subMoney, sumMoney, type Money } from '@tradewind/core/lib/units';
import { unverifiedOrders, type UnverifiedOrder } from '@tradewind/core/order/unverified';
import { freshness } from '../../lib/freshness.ts';
import { completeOf, type Loaded } from '../../lib/loaded.ts';
import { valueOf } from '../../lib/valuation.ts';

/** Figures of one book; paper and live books are never added up (UI-06). */
export type SummaryView = {
  readonly quote: string;
  readonly equity: Money | undefined;
  readonly total: Money | undefined;
  readonly totalPct: number | undefined;
  readonly today: Money | undefined;
  readonly todayPct: number | undefined;
  readonly unrealized: Money | undefined;
  readonly realized: Money | undefined;
  readonly fees: Money | undefined;
  readonly roundTrips: number | undefined;
  readonly winRatePct: number | undefined;
  readonly wins: number | undefined;
  /** Some price behind it is older than it may be, or the figures are frozen. */
  readonly stale: boolean;
  /** Why the figures stand still (PF-35); `null` = they do not. */
  readonly frozen: { readonly at: EpochMs; readonly reason: string } | null;
  /** Orders that the venue has not confirmed: in none of the figures (PF-34). */
  readonly unverified: { readonly orders: readonly UnverifiedOrder[]; readonly quote: Money };
};

export type SummaryFacts = {
  readonly book: BookDoc | undefined;
  readonly risk: RiskStateDoc | undefined;
  readonly positions: Loaded<PositionDoc>;
  readonly orders: readonly OrderDoc[];
  readonly prices: readonly LivePriceDoc[];
  readonly now: EpochMs;
  readonly marketNow: EpochMs;
};

/** What was sent moments ago is on its way to being confirmed. */
const SETTLED_AFTER_MS = 10_000;

function unverifiedOf(orders: readonly OrderDoc[], now: EpochMs): SummaryView['unverified'] {
  const settled = orders.filter(({ updatedAt }) => now - updatedAt >= SETTLED_AFTER_MS);
  const found = unverifiedOrders(settled);
  return { orders: found, quote: sumMoney(found.map(({ quote }) => quote)) };
}

const less = (a: Money | undefined, b: Money | undefined): Money | undefined =>
  a === undefined || b === undefined ? undefined : subMoney(a, b);
const share = (a: Money | undefined, b: Money | undefined): number | undefined =>
  a === undefined || b === undefined ? undefined : percentRatio(a, b);

/** Values the book at the last prices, exactly; whatever is not known stays unknown (UI-03). */
export function summaryView(facts: SummaryFacts): SummaryView {
  const { book, risk, now, marketNow } = facts;
  const positions = completeOf(facts.positions);
  const prices = Object.fromEntries(facts.prices.map((one) => [one.marketKey, one.price]));
  const value =
    book === undefined || positions === undefined ? undefined : valueOf(book, positions, prices);
  const equity = value?.equity;
  // The opening equity of another day says nothing about today.
  const opening =
    risk !== undefined && dayStart(risk.dayAt) === dayStart(marketNow)
      ? risk.openingEquity
      : undefined;
  const frozen = book?.frozen ?? null;
  const total = less(equity, book?.initialBalance);
  const today = less(equity, opening);
  const held = new Set(positions?.map(({ marketKey }) => marketKey));
  const stale = facts.prices.some(
    ({ marketKey, writtenAt, maxAgeMs }) =>
      held.has(marketKey) && freshness({ at: writtenAt, maxAgeMs }, now).kind !== 'fresh',
  );
  return {
    quote: book?.quote ?? '',
    equity,
    total,
    totalPct: share(total, book?.initialBalance),
    today,
    todayPct: share(today, opening),
    unrealized: value?.unrealized,
    realized: book?.realizedPnl,
    fees: book?.fees,
    roundTrips: book?.roundTrips,
    winRatePct:
      book === undefined || book.roundTrips === 0
        ? undefined
        : (book.winningTrades / book.roundTrips) * 100,
    wins: book?.winningTrades,
    stale:
      stale || frozen !== null || (facts.positions.status === 'ready' && !facts.positions.live),
    frozen,
    unverified: unverifiedOf(facts.orders, now),
  };
}
