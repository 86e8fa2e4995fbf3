import { epochMs } from '../lib/time.ts';
import {
  addMoney,
  addQty,
  averagePrice,
  notional,
  shareOf,
  subMoney,
  subQty,
  ZERO_MONEY,
  ZERO_QTY,
  type Money,
  type Qty,
} from '../lib/units.ts';
import { fillValue } from '../order/fill-size.ts';
import type { Fill } from '../order/order.ts';
import type { Amounts, FillRequest } from './fill-request.ts';
import type { FillEffect } from './fill-effect.ts';
import type { Position } from './position.ts';
import { armProtection, rearmProtection, witness } from './protection.ts';
import { settleOrderEnd } from './settle.ts';
import { withEntry, withExit, type Tranche } from './tranches.ts';

const later = (position: Position, fill: Fill) => epochMs(Math.max(position.lastFillAt, fill.at));

/** What an order's first fill opens (PF-01); armed at the fill's price. */
export function opened({ fill, order, protection }: FillRequest, side: Position['side']): Position {
  return {
    positionId: order.positionId,
    bookId: order.bookId,
    strategyId: order.strategyId,
    marketKey: order.marketKey,
    symbol: order.symbol,
    side,
    status: 'BUILDING',
    quantity: ZERO_QTY,
    cost: ZERO_MONEY,
    entryFees: ZERO_MONEY,
    averageEntry: fill.price,
    realizedPnl: ZERO_MONEY,
    fees: ZERO_MONEY,
    protection: armProtection(fill.price, protection, side),
    openedAt: fill.at,
    lastFillAt: fill.at,
    closeIntentId: null,
    closeReason: null,
    closedAt: null,
    exitPrice: null,
    exitedQuantity: ZERO_QTY,
    exitedQuote: ZERO_MONEY,
    decided: { entered: ZERO_MONEY, entries: ZERO_MONEY, exits: ZERO_MONEY },
    tranches: [],
    ...(order.leverage === undefined ? {} : { leverage: order.leverage }),
  };
}

type Filled = Pick<FillRequest, 'fill' | 'order'>;

/** What a fill was to cost or to bring at the price that its order was decided on. */
const decidedQuote = ({ fill, order }: Filled): Money =>
  notional(order.expectedPrice, fill.quantity, 'floor');

/** Takes note of an entry fill; what is not known stays so. */
function enteredAt({ decided }: Position, filled: Filled): Position['decided'] {
  if (decided === undefined || decided === null) return null;
  return {
    ...decided,
    entered: addMoney(decided.entered, fillValue(filled.fill)),
    entries: addMoney(decided.entries, decidedQuote(filled)),
  };
}

/** A position whose first entries are not known has none that are. */
const entriesAfter = (
  { tranches = [], quantity }: Position,
  { fill, added }: { readonly fill: Fill; readonly added: Added },
): readonly Tranche[] =>
  tranches.length === 0 && quantity > 0n
    ? []
    : withEntry(tranches, {
        ...{ orderId: fill.orderId, quantity: added.quantity, quote: added.cost, fee: added.fee },
        at: fill.at,
      });

type Added = { readonly quantity: Qty; readonly cost: Money; readonly fee: Money };

/** Takes note of an exit fill. */
const exitedAt = ({ decided }: Position, filled: Filled): Position['decided'] =>
  decided === undefined || decided === null
    ? null
    : { ...decided, exits: addMoney(decided.exits, decidedQuote(filled)) };

/** The position after an entry fill that adds `quantity` at `cost`. */
export function grown(
  before: Position,
  request: Pick<FillRequest, 'position' | 'fill' | 'order' | 'protection'>,
  added: Added,
): Position {
  const { position, fill, order, protection } = request;
  const quantity = addQty(before.quantity, added.quantity);
  const cost = addMoney(before.cost, added.cost);
  const averageEntry = averagePrice(cost, quantity, 'floor');
  const { side } = before;
  // One that this fill opens is armed at its average already, unless the fill's value was rounded.
  const isArmed = position === null && averageEntry === before.averageEntry;
  return {
    ...before,
    quantity,
    cost,
    entryFees: addMoney(before.entryFees, added.fee),
    averageEntry,
    fees: addMoney(before.fees, added.fee),
    protection: isArmed
      ? before.protection
      : rearmProtection(before.protection, {
          averageEntry,
          px: fill.price,
          side,
          levels: protection,
        }),
    status: before.status === 'REDUCING' ? 'REDUCING' : 'BUILDING',
    lastFillAt: later(before, fill),
    decided: enteredAt(before, { fill, order }),
    tranches: entriesAfter(before, { fill, added }),
  };
}

/** What `removed` of a position cost, with its part of the entry fees; rounded down, the rest stays. */
export function sharesOf(
  position: Pick<Position, 'quantity' | 'cost' | 'entryFees'>,
  removed: Qty,
): { readonly cost: Money; readonly entryFees: Money } {
  const share = { part: removed, whole: position.quantity };
  return {
    cost: shareOf(position.cost, share, 'floor'),
    entryFees: shareOf(position.entryFees, share, 'floor'),
  };
}

/** The position after an exit fill that takes `removed` away and realises `realizedPnl`. */
export function reduced(
  { fill, order }: Pick<FillRequest, 'fill' | 'order'>,
  position: Position,
  exit: {
    readonly removed: Qty;
    readonly shares: ReturnType<typeof sharesOf>;
    readonly amounts: Amounts;
    readonly realizedPnl: Money;
  },
): Position {
  const { removed, shares, amounts, realizedPnl } = exit;
  const exitedQuantity = addQty(position.exitedQuantity, fill.quantity);
  const exitedQuote = addMoney(position.exitedQuote, amounts.gross);
  return {
    ...position,
    quantity: subQty(position.quantity, removed),
    cost: subMoney(position.cost, shares.cost),
    entryFees: subMoney(position.entryFees, shares.entryFees),
    realizedPnl: addMoney(position.realizedPnl, realizedPnl),
    fees: addMoney(position.fees, amounts.feeQuote),
    status: 'REDUCING',
    closeReason: order.closeReason ?? position.closeReason,
    exitedQuantity,
    exitedQuote,
    exitPrice: averagePrice(exitedQuote, exitedQuantity, 'floor'),
    lastFillAt: later(position, fill),
    protection: witness(position.protection, fill.price, position.side),
    decided: exitedAt(position, { fill, order }),
    tranches: withExit(position, removed),
  };
}

/** While more of the order may come the position stays as it is, even if what is left is tiny. */
export function settledAfter(
  { fill, order, instrument }: FillRequest,
  position: Position,
): Pick<FillEffect, 'position' | 'dust' | 'trade'> {
  return order.remaining > 0n && position.quantity > 0n
    ? { position, dust: null, trade: null }
    : settleOrderEnd({ position, order, instrument, price: fill.price, now: fill.at });
}
