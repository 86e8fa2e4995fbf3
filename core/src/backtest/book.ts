import type { Facts, Holding } from '../engine/facts.ts';
import { dayStart, type EpochMs } from '../lib/time.ts';
import { notional, subMoney, ZERO_MONEY, type Money, type Price } from '../lib/units.ts';
import type { WorkingIntent } from '../order/gate-context.ts';
import type { Position } from '../portfolio/position.ts';
import { boundMargin, requiredMargin } from '../portfolio/margin.ts';
import { bookValue, type BookValue } from '../portfolio/valuation.ts';
import { revalue } from '../risk/day.ts';
import type { Action } from '../strategy/decision.ts';
import { lastPrice } from './market.ts';
import type { Book, Lane, Run } from './state.ts';

/** A book that holds nothing but its cash. */
export const bookInit = (cash: Money, at: EpochMs): Book => ({
  cash,
  fees: ZERO_MONEY,
  funding: ZERO_MONEY,
  dust: {},
  risk: {
    executionEnabled: true,
    emergencyStop: false,
    dayAt: dayStart(at),
    openingEquity: cash,
    peakEquity: cash,
    equity: cash,
    equityAt: at,
    recentOrders: [],
    tradesToday: 0,
    symbolEntries: {},
    symbols: {},
    traders: {},
    ladder: 'none',
    healthStop: false,
  },
  version: 1,
});

export function openPositions({ lanes }: Run): readonly Position[] {
  const positions: Position[] = [];
  for (const { position } of lanes) if (position !== null) positions.push(position);
  return positions;
}

export function workingIntents({ lanes }: Run): readonly WorkingIntent[] {
  const intents: WorkingIntent[] = [];
  for (const { order } of lanes) if (order !== null) intents.push(order.instruction);
  return intents;
}

/** Cash that neither working entries will take nor futures have bound; it falls below zero with their losses. */
export function availableQuote(run: Run): Money {
  let left = subMoney(run.book.cash, boundMargin(openPositions(run)));
  for (const { order } of run.lanes) {
    if (order === null || !isEntry(order.instruction.action)) continue;
    const { expectedPrice, quantity, leverage = 1 } = order.instruction;
    left = subMoney(left, requiredMargin(notional(expectedPrice, quantity, 'ceil'), leverage));
  }
  return left > 0n ? left : ZERO_MONEY;
}

/** Whether an order opens or enlarges a position; everything else reduces one. */
export const isEntry = (action: Action): boolean => action === 'ENTER' || action === 'ADD';

/** The book at the last prices, to the last decimal. @throws Error when a market of it has no price yet. */
export function valueNow(run: Run): BookValue {
  const { cash, dust } = run.book;
  const positions = openPositions(run);
  const prices: Record<string, Price> = {};
  for (const market of run.markets) {
    const { marketKey } = market.series;
    const isHeld =
      dust[marketKey] !== undefined || positions.some((held) => held.marketKey === marketKey);
    if (isHeld && market.lastAt > 0) prices[marketKey] = lastPrice(market);
  }
  const value = bookValue({ cash, positions, dust, prices });
  if (value === undefined) throw new Error('Invariant: what is held has a last price');
  return value;
}

/** Values the book for the gate and, past midnight UTC, begins a new day (RSK-32, RSK-33). */
export function revalueBook(run: Run, now: EpochMs): void {
  run.book.risk = revalue(run.book.risk, { equity: valueNow(run).equity, now });
}

const holdingOf = ({ side, quantity, averageEntry, openedAt, lastFillAt }: Position): Holding => ({
  side,
  quantity,
  averageEntry,
  openedAt,
  lastFillAt,
});

/** What the strategy of a lane is told of the book; made anew only when something has changed. */
export function factsFor(run: Run, lane: Lane, at: number): Facts {
  const { decideFrom } = run.config;
  const warmup = decideFrom !== null && at <= decideFrom;
  if (lane.factsOf === run.book.version && lane.facts.warmup === warmup) return lane.facts;
  lane.factsOf = run.book.version;
  lane.facts = {
    position: lane.position === null ? null : holdingOf(lane.position),
    pendingOrder: lane.order !== null || lane.waiting !== null,
    lastFill: lane.lastFill,
    availableQuote: availableQuote(run),
    entryBlock: null,
    stale: false,
    dataQuality: 1,
    warmup,
  };
  return lane.facts;
}
