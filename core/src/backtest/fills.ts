import type { Instrument } from '../instrument/instrument.ts';
import { epochMs, type EpochMs } from '../lib/time.ts';
import {
  addMoney,
  addQty,
  amountOf,
  averagePrice,
  maxPrice,
  minPrice,
  minQty,
  movePrice,
  notional,
  qtyFor,
  roundQty,
  subMoney,
  subQty,
  ZERO_QTY,
  type Money,
  type Price,
  type Qty,
} from '../lib/units.ts';
import type { Fill } from '../order/order.ts';
import { applyFill } from '../portfolio/apply-fill.ts';
import { addDust } from '../portfolio/dust.ts';
import type { FilledOrder, FillEffect } from '../portfolio/fill-effect.ts';
import type { ProtectionPlan } from '../portfolio/protection.ts';
import { settleOrderEnd } from '../portfolio/settle.ts';
import { boundMargin } from '../portfolio/margin.ts';
import { protectionPctsFor } from '../portfolio/trailing.ts';
import { closedAs, remembersFills, riskAfterFill } from '../risk/after-fill.ts';
import { commission } from '../simulation/fill.ts';
import { fillLimit, takerPrice } from '../simulation/pricing.ts';
import { isEntry, openPositions } from './book.ts';
import { armGuards } from './guards.ts';
import { minuteVolume } from './market.ts';
import type { Lane, Run, VenueOrder } from './state.ts';
import { beginStay, tradeOf } from './stay.ts';
import { tellOrder, tellPosition } from './tell.ts';

/** What an order meets: a price that somebody trades at, and whether it has rested on the book until then. */
export type Meeting = {
  readonly last: Price;
  readonly at: number;
  readonly liquidity: 'maker' | 'taker';
};

/** A resting order is filled at its own price, any other at one worse than the last by its slippage. */
function fillPrice(run: Run, lane: Lane, { order, meeting }: Attempt): Price {
  const { side, limitPrice, quantity } = order.instruction;
  const { last, at, liquidity } = meeting;
  if (limitPrice !== null && liquidity === 'maker') return limitPrice;
  const { slippage } = run.config;
  const taken = takerPrice(
    { side, size: subQty(quantity, order.filled) },
    { last, volume: slippage.impactPct === 0 ? ZERO_QTY : minuteVolume(lane.market, at) },
    { slippage, tick: lane.market.series.instrument.tickSize },
  );
  if (limitPrice === null) return taken;
  return side === 'BUY' ? minPrice(limitPrice, taken) : maxPrice(limitPrice, taken);
}

const feeIsInQuote = ({ config }: Run, { market }: Instrument): boolean =>
  market === 'futures' || config.fees.takenIn === 'quote';

/** The most that the book can pay for: an entry may have become dearer since it was approved. */
function affordable(run: Run, instrument: Instrument, price: Price): Qty {
  const { cash } = run.book;
  const isFuture = instrument.market === 'futures';
  const free = isFuture ? subMoney(cash, boundMargin(openPositions(run))) : cash;
  if (free <= 0n) return ZERO_QTY;
  const feePct = feeIsInQuote(run, instrument) ? 100 * run.config.fees.taker : 0;
  return roundQty(
    qtyFor(free, movePrice(price, feePct, 'ceil'), 'floor'),
    instrument.lotSize,
    'floor',
  );
}

/** How much of an order is filled at once, and whether the rest of it is given up. */
function takenOf(
  run: Run,
  lane: Lane,
  { order, price, at }: { readonly order: VenueOrder; readonly price: Price; readonly at: number },
): { readonly quantity: Qty; readonly isCut: boolean } {
  const { instruction } = order;
  const { instrument } = lane.market.series;
  const { participationPct } = run.config;
  const rest = subQty(instruction.quantity, order.filled);
  const most =
    participationPct === null
      ? rest
      : minQty(rest, fillLimit(minuteVolume(lane.market, at), instrument, participationPct));
  if (!isEntry(instruction.action)) return { quantity: most, isCut: false };
  const quantity = minQty(most, affordable(run, instrument, price));
  return { quantity, isCut: quantity < most };
}

type Attempt = { readonly order: VenueOrder; readonly meeting: Meeting };

/**
 * Lets the order of a lane trade as much as it may; without volume it waits, without cash it ends. One that does not
 * rest on the book (IOC, FOK) ends here in any case, and FOK trades all or nothing.
 */
export function execute(run: Run, lane: Lane, meeting: Meeting): void {
  trade(run, lane, meeting);
  dropUnlessResting(run, lane, meeting.at);
}

/** Whether an order stays at the venue until the market comes to it. */
const rests = ({ instruction }: VenueOrder): boolean =>
  instruction.type !== 'LIMIT' || instruction.timeInForce === 'GTC';

/** An order that was to be filled at once or not at all, and was not, is gone. */
export function dropUnlessResting(run: Run, lane: Lane, at: number): void {
  if (lane.order !== null && !rests(lane.order))
    endOrder(run, lane, { status: 'expired', reason: NOT_FILLED, at: epochMs(at) });
}

/** What a strategy is told of an order that found nobody to trade with at its price. */
const NOT_FILLED = 'nobody traded at its price';

function trade(run: Run, lane: Lane, meeting: Meeting): void {
  const { order } = lane;
  if (order === null) return;
  const at = epochMs(meeting.at);
  const price = fillPrice(run, lane, { order, meeting });
  const { quantity, isCut } = takenOf(run, lane, { order, price, at });
  if (order.instruction.timeInForce === 'FOK' && quantity < order.instruction.quantity) return;
  if (quantity === 0n) {
    if (isCut) endOrder(run, lane, { status: 'expired', reason: 'insufficient_balance', at });
    return;
  }
  const filled = addQty(order.filled, quantity);
  const rest = isCut ? ZERO_QTY : subQty(order.instruction.quantity, filled);
  const value = notional(price, quantity, 'floor');
  const fill = fillOf(run, lane, { order, meeting, price, quantity, value });
  const effect = applyFill({
    position: lane.position,
    fill,
    order: filledOrder(order, rest),
    instrument: lane.market.series.instrument,
    protection: planOf(lane, order),
  });
  if (!effect.ok)
    throw new Error(`Invariant: the venue's fill can be booked, but: ${effect.error.kind}`);
  const filledQuote = addMoney(order.filledQuote, value);
  lane.order = rest === 0n ? null : { ...order, filled, filledQuote };
  lane.lastFill = { at, side: fill.side, price: averagePrice(filledQuote, filled, 'floor') };
  bookEffect(run, lane, { fill, effect: effect.value, order });
  const { intentId, action } = order.instruction;
  const status = rest > 0n ? 'partial' : isCut ? 'expired' : 'filled';
  tellOrder(lane, { intentId, action, status, reason: isCut ? 'insufficient_balance' : null }, at);
  tellPosition(lane, positionStatus(lane, order, effect.value), at);
}

/** So far away that nothing gets there: what protects a position is then what its strategy names, if anything. */
const NO_STOP = { LONG: 100, SHORT: 1_000_000 };
const NO_TARGET = { LONG: 1_000_000, SHORT: 100 };

function planOf({ settings }: Lane, { instruction }: VenueOrder): ProtectionPlan {
  const { direction, suggestedStop: stopAt, suggestedTarget: targetAt } = instruction;
  const pcts =
    settings.protection === null
      ? {
          stopLossPct: NO_STOP[direction],
          takeProfitPct: NO_TARGET[direction],
          trailingStopPct: null,
        }
      : protectionPctsFor(settings.protection, instruction);
  return { ...pcts, stopAt, targetAt };
}

type Priced = Attempt & {
  readonly price: Price;
  readonly quantity: Qty;
  /** Of what is filled, in quote and rounded down. */
  readonly value: Money;
};

function fillOf(run: Run, lane: Lane, { order, meeting, price, quantity, value }: Priced): Fill {
  const { instrument } = lane.market.series;
  const { side, intentId } = order.instruction;
  const inQuote = side === 'SELL' || feeIsInQuote(run, instrument);
  // What is paid is rounded up, what is received down.
  const received = inQuote
    ? amountOf(side === 'BUY' ? notional(price, quantity, 'ceil') : value)
    : quantity;
  run.tally.fills += 1;
  return {
    fillId: String(run.tally.fills),
    orderId: intentId,
    side,
    price,
    quantity,
    fee: commission(received, run.config.fees[meeting.liquidity]),
    feeCurrency: inQuote ? instrument.quote : instrument.base,
    at: epochMs(meeting.at),
  };
}

const filledOrder = ({ instruction, positionId }: VenueOrder, remaining: Qty): FilledOrder => ({
  intentId: instruction.intentId,
  positionId,
  strategyId: instruction.strategyId,
  bookId: instruction.bookId,
  marketKey: instruction.marketKey,
  symbol: instruction.symbol,
  side: instruction.side,
  closeReason: instruction.closeReason,
  expectedPrice: instruction.expectedPrice,
  remaining,
});

type Filled = {
  readonly fill: Fill;
  readonly effect: FillEffect;
  readonly order: VenueOrder;
};

function bookEffect(run: Run, lane: Lane, { fill, effect, order }: Filled): void {
  const { book, hooks } = run;
  book.cash = addMoney(book.cash, effect.book.cash);
  book.fees = addMoney(book.fees, effect.book.fees);
  const { marketKey } = order.instruction;
  lane.stay ??= beginStay(lane, order, fill);
  if (effect.trade !== null)
    run.trades.push(tradeOf(lane, effect.trade, { stay: lane.stay, order }));
  remember(run, { fill, effect, order });
  hooks.onFill?.({ fill, effect });
  settleLane(run, lane, { position: effect.position, dust: effect.dust, marketKey });
}

/** What the gate remembers of a fill, where any limit asks for it. */
function remember({ book, config }: Run, { fill, effect, order }: Filled): void {
  if (!remembersFills(config.limits)) return;
  const { symbol, action } = order.instruction;
  const { trade } = effect;
  const closed = closedAs(trade);
  const isFirst = order.filled === 0n;
  const filled = {
    symbol,
    side: fill.side,
    isEntry: isEntry(action),
    isFirst,
    at: fill.at,
    closed,
  };
  book.risk = riskAfterFill(book.risk, filled, config.limits).risk;
}

/** Takes over what a fill, or an order's end, has made of the position. */
function settleLane(
  run: Run,
  lane: Lane,
  {
    position,
    dust,
    marketKey,
  }: Pick<FillEffect, 'position' | 'dust'> & { readonly marketKey: string },
): void {
  const { book } = run;
  if (dust !== null) book.dust = addDust(book.dust, { marketKey, left: dust });
  lane.position = position.status === 'CLOSED' ? null : position;
  if (lane.position === null) {
    lane.stay = null;
    lane.waiting ??= lane.followUp;
    lane.followUp = null;
  }
  armGuards(lane);
  book.version += 1;
}

const positionStatus = (lane: Lane, order: VenueOrder, { position }: FillEffect) => {
  if (position.status === 'CLOSED') return 'closed';
  return isEntry(order.instruction.action) && order.filled === 0n ? 'opened' : 'changed';
};

/** Ends an order that is not, or not wholly, filled. */
export function endOrder(
  run: Run,
  lane: Lane,
  end: { readonly status: 'expired' | 'cancelled'; readonly reason: string; readonly at: EpochMs },
): void {
  const { order, position, market } = lane;
  if (order === null) return;
  lane.order = null;
  run.book.version += 1;
  const { intentId, action, side, marketKey, expectedPrice } = order.instruction;
  if (position !== null) {
    const { instrument } = market.series;
    const ended = { position, order: { intentId, side }, instrument, price: expectedPrice };
    settleLane(run, lane, { ...settleOrderEnd({ ...ended, now: end.at }), marketKey });
  }
  const { status, reason, at } = end;
  tellOrder(lane, { intentId, action, status, reason }, at);
}
