import type { PositionDoc } from '@tradewind/contracts/documents/book';
import type { BotDoc, BotStatusDoc } from '@tradewind/contracts/documents/bot';
import type { LivePriceDoc, MarketDoc } from '@tradewind/contracts/documents/market';
import { ageMs, type DurationMs, type EpochMs } from '@tradewind/core/lib/time';
import {
  notional,
  percentRatio,
  toNumber,
  type Money,
  type Price,
} from '@tradewind/core/lib/units';
import { adviseOn, type Recommendation } from '@tradewind/core/portfolio/advice';
import { EXTERNAL } from '@tradewind/core/portfolio/external';
import { freshness } from '../../lib/freshness.ts';
import type { Fault, Loaded } from '../../lib/loaded.ts';
import { isAged, priceMarks, type PriceMark } from '../../lib/price-marks.ts';
import { totalUnrealized, unrealized } from '../../lib/valuation.ts';

/** A protective level and how far the price is from it, in percent of the price. */
export type Level = { readonly price: Price; readonly distancePct: number | undefined };

export type PositionRow = {
  readonly id: string;
  readonly position: PositionDoc;
  readonly tick: Price | undefined;
  readonly current: Price | undefined;
  readonly marks: readonly PriceMark[];
  readonly value: Money | undefined;
  readonly pnl: Money | undefined;
  readonly pnlPct: number | undefined;
  readonly stop: Level;
  readonly target: Level;
  readonly trailing: Level | null;
  /** The stop that rests at the venue; `null` = none does. */
  readonly atVenue: Level | null;
  readonly held: DurationMs;
  readonly closing: boolean;
  /** What could be done, and why (PF-15); `null` = nothing is known that is young enough, or it closes already. */
  readonly advice: Recommendation | null;
};

export type PositionsView =
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly message: string }
  | {
      readonly kind: 'rows';
      readonly rows: readonly PositionRow[];
      readonly faults: readonly Fault[];
      /** Sum of `pnl`; unknown when any position or price is. */
      readonly total: Money | undefined;
      readonly stale: boolean;
    };

export type PositionFacts = {
  readonly positions: Loaded<PositionDoc>;
  readonly prices: readonly LivePriceDoc[];
  readonly markets: readonly MarketDoc[];
  readonly bots: readonly BotDoc[];
  readonly statuses: readonly BotStatusDoc[];
  readonly now: EpochMs;
  readonly marketNow: EpochMs;
};

const level = (at: Price, current: Price | undefined): Level => ({
  price: at,
  distancePct:
    current === undefined || current === 0n
      ? undefined
      : ((toNumber(at) - toNumber(current)) / toNumber(current)) * 100,
});

function atVenue({ stop }: PositionDoc, current: Price | undefined): Level | null {
  return stop.venueStopOrderId === null || stop.stopPrice === null
    ? null
    : level(stop.stopPrice, current);
}

/** Advice goes by a young price, and by a bot's view while that is young. Of strangers' positions nothing is said. */
function adviceOn(
  position: PositionDoc,
  live: LivePriceDoc | undefined,
  { bots, statuses, now }: PositionFacts,
): Recommendation | null {
  const bot = bots.find(({ botId }) => botId === position.strategyId);
  if (live === undefined || isAged(priceMarks(live, now)) || position.closeIntentId !== null)
    return null;
  if (position.strategyId === EXTERNAL) return null;
  const status = statuses.find(({ botId }) => botId === position.strategyId);
  const isYoung =
    status !== undefined &&
    freshness({ at: status.evaluatedAt, maxAgeMs: status.maxAgeMs }, now).kind === 'fresh';
  return adviseOn(position, {
    price: live.price,
    marketScore: isYoung ? status.score : null,
    hasPlan: bot?.tranches !== undefined,
  });
}

function row(position: PositionDoc, facts: PositionFacts): PositionRow {
  const live = facts.prices.find((one) => one.marketKey === position.marketKey);
  const { protection } = position;
  const pnl = live === undefined ? undefined : unrealized(position, live.price);
  return {
    id: position.positionId,
    position,
    tick: facts.markets.find((one) => one.marketKey === position.marketKey)?.tickSize,
    current: live?.price,
    marks: priceMarks(live, facts.now),
    value: live === undefined ? undefined : notional(live.price, position.quantity, 'floor'),
    pnl,
    pnlPct: pnl === undefined ? undefined : percentRatio(pnl, position.cost),
    stop: level(protection.stopLoss, live?.price),
    target: level(protection.takeProfit, live?.price),
    trailing: protection.trailingStop === null ? null : level(protection.trailingStop, live?.price),
    atVenue: atVenue(position, live?.price),
    held: ageMs(position.openedAt, facts.marketNow),
    closing: position.closeIntentId !== null,
    advice: adviceOn(position, live, facts),
  };
}

/** Decides what the panel shows; P&L is computed anew from the last prices (UI-32). */
export function positionsView(facts: PositionFacts): PositionsView {
  const { positions } = facts;
  if (positions.status === 'pending') return { kind: 'loading' };
  if (positions.status === 'error') return { kind: 'failed', message: positions.message };
  const rows = positions.data
    .map((one) => row(one, facts))
    .sort((a, b) => b.position.openedAt - a.position.openedAt);
  const prices = Object.fromEntries(facts.prices.map((live) => [live.marketKey, live.price]));
  return {
    kind: 'rows',
    rows,
    faults: positions.faults,
    total: positions.faults.length > 0 ? undefined : totalUnrealized(positions.data, prices),
    stale: !positions.live || rows.some(({ marks }) => isAged(marks)),
  };
}
