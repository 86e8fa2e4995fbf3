import { exitCauseOf } from '../lib/ids.ts';
import { epochMs } from '../lib/time.ts';
import { priceFromFloat, type Price } from '../lib/units.ts';
import { approveExit } from '../order/approve-exit.ts';
import type { CloseReason } from '../order/intent.ts';
import type { Position, Protection } from '../portfolio/position.ts';
import { isExitHeldBack, isOverstayed } from '../portfolio/hold-time.ts';
import { effectiveStop, onPrice } from '../portfolio/protection.ts';
import { tighten } from '../portfolio/trailing.ts';
import { dropUnlessResting, execute } from './fills.ts';
import { armGuards } from './guards.ts';
import { judge, placeOrder } from './judge.ts';
import { lastPrice, openOf, openTimeOf, seen, type Market } from './market.ts';
import type { Lane, Run, VenueOrder } from './state.ts';
import { sawRange } from './stay.ts';

/** A stretch of time of which only four prices are known: what came first is not. */
type Stretch = {
  readonly at: number;
  readonly until: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
};

const exact = (px: number): Price => priceFromFloat(px, 'floor');

/** The open of the next bar: signals that wait for it are judged, and orders for it are filled. */
export function meetOpen(run: Run, market: Market, lanes: readonly Lane[]): void {
  for (const lane of lanes) {
    const { waiting } = lane;
    if (waiting === null && lane.order === null) continue;
    const at = openTimeOf(market);
    const open = openOf(market);
    seen(market, open, at);
    if (waiting !== null) {
      lane.waiting = null;
      judge(run, lane, { signal: waiting, now: at });
    }
    if (run.config.fills.market === 'nextOpen') meetPrice(run, lane, { px: lastPrice(market), at });
  }
}

/** An order meets the first price of a bar, or a trade: a limit only if it allows it, and at once or never as it asks. */
function meetPrice(run: Run, lane: Lane, { px, at }: { px: Price; at: number }): void {
  if (lane.order === null) return;
  const { limitPrice, side } = lane.order.instruction;
  if (limitPrice !== null && (side === 'BUY' ? px > limitPrice : px < limitPrice))
    dropUnlessResting(run, lane, at);
  else execute(run, lane, { last: px, at, liquidity: 'taker' });
}

const isBusy = ({ order, position }: Lane): boolean => order !== null || position !== null;

/** Whether a bar moves nothing of any lane: no order waits, and no protection is near. Its extremes are noted. */
function isQuiet({ series, row, closeAt }: Market, lanes: readonly Lane[]): boolean {
  for (const { order, position, stay, guardLow, guardHigh, leaveAt } of lanes) {
    if (order !== null) return false;
    if (position === null || stay === null) continue;
    const low = series.low[row] ?? NaN;
    const high = series.high[row] ?? NaN;
    if (!(low > guardLow && high < guardHigh && closeAt < leaveAt)) return false;
    // Where another lane is not quiet this one sees the bar once more, which changes nothing.
    sawRange(stay, low, high);
  }
  return true;
}

/** What happens within the bar that is about to close, from the finest data that there is of it. */
export function walkBar(run: Run, market: Market, lanes: readonly Lane[]): void {
  const { series, row } = market;
  if (series.trades !== null || series.finer !== null) {
    const busy = lanes.some(isBusy) ? lanes : [];
    if (walkTrades(run, market, busy) || walkFiner(run, market, busy)) return;
  }
  if (isQuiet(market, lanes)) return;
  const at = series.openAt[row] ?? NaN;
  const stretch = {
    at,
    until: market.closeAt,
    open: series.open[row] ?? NaN,
    high: series.high[row] ?? NaN,
    low: series.low[row] ?? NaN,
    close: series.close[row] ?? NaN,
  };
  for (const lane of lanes) meetStretch(run, lane, stretch);
}

/** Goes through the trades of a bar; false when there are none. */
function walkTrades(run: Run, market: Market, lanes: readonly Lane[]): boolean {
  const { trades } = market.series;
  if (trades === null) return false;
  const openAt = openTimeOf(market);
  while ((trades.at[market.tradeRow] ?? Infinity) < openAt) market.tradeRow += 1;
  const first = market.tradeRow;
  for (;;) {
    const at = trades.at[market.tradeRow] ?? Infinity;
    if (at >= market.closeAt) break;
    const last = trades.price[market.tradeRow] ?? NaN;
    market.tradeRow += 1;
    for (const lane of lanes) meetTrade(run, lane, { last, at });
  }
  return market.tradeRow > first;
}

/** A trade at a resting limit's own price may have been somebody's who came first. */
const isTouch = ({ instruction }: VenueOrder, last: number): boolean =>
  instruction.limitPrice !== null &&
  instruction.timeInForce === 'GTC' &&
  exact(last) === instruction.limitPrice;

function meetTrade(run: Run, lane: Lane, trade: { last: number; at: number }): void {
  const { last, at } = trade;
  if (lane.order !== null) {
    if (lane.order.dueAt <= at && !isTouch(lane.order, last))
      meetPrice(run, lane, { px: exact(last), at });
    return;
  }
  const { position, stay } = lane;
  if (position === null || stay === null) return;
  sawRange(stay, last, last);
  if (last > lane.guardLow && last < lane.guardHigh && at < lane.leaveAt) return;
  const px = exact(last);
  const { protection, trigger } = onPrice(position.protection, position.side, px);
  protect(lane, position, protection);
  const now = epochMs(at);
  if (trigger !== null && !isExitHeldBack(position, { reason: trigger, now, price: px }))
    exitAt(run, lane, { px, at, reason: trigger, isExact: true });
  else if (isOverstayed({ ...position, protection }, now))
    exitAt(run, lane, { px, at, reason: 'hold_time', isExact: true });
}

/**
 * Goes through the finer bars of a bar; false where they do not cover it wholly: what happened in the rest of it, such as
 * a stop that was reached, would be missed.
 */
function walkFiner(run: Run, market: Market, lanes: readonly Lane[]): boolean {
  const { finer } = market.series;
  if (finer === null) return false;
  const openAt = openTimeOf(market);
  while ((finer.openAt[market.finerRow] ?? Infinity) < openAt) market.finerRow += 1;
  const first = market.finerRow;
  const last = first + market.barMs / finer.barMs - 1;
  if (finer.openAt[last] !== market.closeAt - finer.barMs) return false;
  for (;;) {
    const row = market.finerRow;
    const at = finer.openAt[row] ?? Infinity;
    if (at >= market.closeAt) break;
    const [open = NaN, high = NaN] = [finer.open[row], finer.high[row]];
    const [low = NaN, close = NaN] = [finer.low[row], finer.close[row]];
    for (const lane of lanes)
      meetStretch(run, lane, { at, until: at + finer.barMs, open, high, low, close });
    market.finerRow += 1;
  }
  return true;
}

function meetStretch(run: Run, lane: Lane, stretch: Stretch): void {
  const open = lane.order === null ? stretch.open : enterStretch(run, lane, stretch);
  const { position, stay } = lane;
  if (position === null || stay === null) return;
  const { high, low, until } = stretch;
  const isFar = low > lane.guardLow && high < lane.guardHigh && until < lane.leaveAt;
  if (position.closeIntentId !== null || isFar) sawRange(stay, low, high);
  else meetProtection(run, lane, { ...stretch, open });
}

/**
 * An order meets a stretch. One that is due at its start meets its open. One that comes due within it meets an
 * unknown price: the worse of open and close. A limit that the open does not reach is filled once the market has
 * traded through it.
 *
 * @returns the first price that the stretch has for what holds a position from then on.
 */
function enterStretch(run: Run, lane: Lane, stretch: Stretch): number {
  const { order } = lane;
  const { at, until, open, close, low, high } = stretch;
  if (order === null || order.dueAt >= until) return open;
  const { side, limitPrice } = order.instruction;
  const worse = side === 'BUY' ? Math.max(open, close) : Math.min(open, close);
  const last = order.dueAt > at ? worse : open;
  // Where orders meet opens, this one has met its own already.
  if (run.config.fills.market === 'nextTick')
    meetPrice(run, lane, { px: exact(last), at: Math.max(at, order.dueAt) });
  if (lane.order === null || limitPrice === null) return last;
  const isThrough = side === 'BUY' ? exact(low) < limitPrice : exact(high) > limitPrice;
  if (isThrough) execute(run, lane, { last: limitPrice, at: until, liquidity: 'maker' });
  return open;
}

function protect(lane: Lane, position: Position, protection: Protection): void {
  lane.position = { ...position, protection };
  armGuards(lane);
}

/**
 * Stop, target and trailing stop within a stretch, pessimistically: a gap meets its open; then the worst price is
 * held against the stop as it was, before the best one against the target; only then does a trailing stop follow, and
 * the close is held against it.
 */
function meetProtection(run: Run, lane: Lane, stretch: Stretch): void {
  const { position } = lane;
  if (position === null) return;
  const { side } = position;
  const isLong = side === 'LONG';
  const [open, worst, best, close] = [
    stretch.open,
    isLong ? stretch.low : stretch.high,
    isLong ? stretch.high : stretch.low,
    stretch.close,
  ].map(exact);
  if (open === undefined || worst === undefined || best === undefined || close === undefined)
    return;
  const atOpen = onPrice(position.protection, side, open);
  const isHeld = (price: Price, at: number): boolean =>
    isExitHeldBack(position, { reason: 'take_profit', now: epochMs(at), price });
  const isHeldAtOpen = atOpen.trigger === 'take_profit' && isHeld(open, stretch.at);
  if (atOpen.trigger !== null && !isHeldAtOpen) {
    exitAt(run, lane, { px: open, at: stretch.at, reason: atOpen.trigger, isExact: false });
    return;
  }
  const before = atOpen.protection;
  const stop = effectiveStop(before, side);
  const { takeProfit } = before;
  const followed = onPrice(before, side, best).protection;
  const moved = effectiveStop(followed, side);
  const exit = { at: stretch.until, isExact: false };
  const reaches = (px: Price, level: Price): boolean => (isLong ? px <= level : px >= level);
  if (reaches(worst, stop.price))
    exitAt(run, lane, { ...exit, px: stop.price, reason: stop.reason });
  else if (reaches(takeProfit, best) && !isHeld(takeProfit, stretch.until))
    exitAt(run, lane, { ...exit, px: takeProfit, reason: 'take_profit' });
  else if (reaches(close, moved.price))
    exitAt(run, lane, { ...exit, px: moved.price, reason: moved.reason });
  else {
    if (lane.stay !== null) sawRange(lane.stay, stretch.low, stretch.high);
    protect(lane, position, followed);
    // Its time is over somewhere within the stretch: what the market cost then is not known before its end.
    if (isOverstayed({ ...position, protection: followed }, epochMs(stretch.until)))
      exitAt(run, lane, { ...exit, px: close, reason: 'hold_time' });
  }
}

/** Leaves a position to stops that are tightened, as a desk does (STR-33, PF-47); one without stops stays as it is. */
export function leaveToStops(lane: Lane): void {
  const { position, settings } = lane;
  if (position === null || settings.protection === null) return;
  const protection = tighten(position.protection, position.side);
  if (protection !== position.protection) protect(lane, position, protection);
}

type ExitAt = {
  readonly px: Price;
  readonly at: number;
  readonly reason: CloseReason;
  /** Trades follow, one of which the order can meet once its latency is over. */
  readonly isExact: boolean;
};

/** Sells, or buys back, a whole position, as the fast path of a live book does; refused, the position stays. */
export function exitAt(run: Run, lane: Lane, { px, at, reason, isExact }: ExitAt): void {
  const { position, stay, market } = lane;
  if (position === null || stay === null || position.closeIntentId !== null) return;
  const now = epochMs(at);
  const exit = approveExit({
    position,
    instrument: market.series.instrument,
    price: px,
    now,
    reason,
    causeId: exitCauseOf(position.positionId, reason, stay.exits),
    signalId: null,
    risk: run.book.risk,
  });
  if (!exit.ok) return;
  stay.exits += 1;
  lane.position = { ...position, closeIntentId: exit.value.intentId };
  armGuards(lane);
  placeOrder(run, lane, { instruction: exit.value, now });
  const isDue = lane.order !== null && lane.order.dueAt <= at;
  if (!isExact || isDue) execute(run, lane, { last: px, at, liquidity: 'taker' });
}
