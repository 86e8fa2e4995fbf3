import { err, ok, type Result } from '../lib/result.ts';
import {
  addMoney,
  addQty,
  averagePrice,
  negMoney,
  notional,
  quoteMoney,
  shareOf,
  subMoney,
  subQty,
  ZERO_MONEY,
  ZERO_QTY,
  type Money,
  type Qty,
} from '../lib/units.ts';
import type { Instrument } from '../instrument/instrument.ts';
import { epochMs } from '../lib/time.ts';
import type { Fill } from '../order/order.ts';
import type { FilledOrder, FillEffect, FillFault, Posting } from './fill-effect.ts';
import type { Position } from './position.ts';
import { armProtection, rearmProtection, type ProtectionPcts } from './protection.ts';
import { settleOrderEnd } from './settle.ts';

/** One fill, with the position of its order as it was before. */
export type FillRequest = {
  /** `null` when the order's position has had no fill yet. */
  readonly position: Position | null;
  readonly fill: Fill;
  readonly order: FilledOrder;
  readonly instrument: Instrument;
  /** Distances for a position that this fill opens. */
  readonly protection: ProtectionPcts;
};

/** A fill in numbers: its fee is in base or in quote, never both. */
type Amounts = {
  /** `price * quantity` (PF-20). */
  readonly gross: Money;
  readonly baseFee: Qty;
  readonly quoteFee: Money;
  /** Either fee, in quote (PF-22). */
  readonly feeQuote: Money;
};

/**
 * Books one confirmed fill of a spot order: position, cash, P&L and postings, to the last decimal.
 *
 * A fee in base reduces what the position holds and counts as an entry fee at the fill's price (PF-22).
 * A sale takes its share of cost and entry fees, rounded down, and the rest stays, so that nothing is
 * lost: cash + cost + entry fees always moves by exactly the realised P&L. A position whose exit has
 * ended is CLOSED when what is left cannot be sold; that becomes dust.
 *
 * Applying the same fill twice is the caller's to prevent, by its id (EXE-18).
 *
 * @throws Error when the position is SHORT: a spot book cannot hold one (STR-21).
 */
export function applyFill(request: FillRequest): Result<FillEffect, FillFault> {
  const { position, fill } = request;
  if (position?.side === 'SHORT')
    throw new Error(`Invariant: a spot book holds no SHORT, but ${position.positionId} is one`);
  if (position?.status === 'CLOSED')
    return err({ kind: 'positionClosed', positionId: position.positionId });
  const amounts = amountsOf(fill, request.instrument);
  if (!amounts.ok) return amounts;
  return fill.side === 'BUY' ? buy(request, amounts.value) : sell(request, amounts.value);
}

function amountsOf(fill: Fill, instrument: Instrument): Result<Amounts, FillFault> {
  const { fee, feeCurrency } = fill;
  if (fill.quantity === 0n) return err({ kind: 'zeroQuantity' });
  const gross = notional(fill.price, fill.quantity, 'floor');
  if (fee === 0n || feeCurrency === instrument.quote) {
    const quoteFee = quoteMoney(fee);
    return ok({ gross, baseFee: ZERO_QTY, quoteFee, feeQuote: quoteFee });
  }
  if (feeCurrency !== instrument.base)
    return err({ kind: 'foreignFee', currency: feeCurrency, fee });
  const feeQuote = notional(fill.price, fee, 'floor');
  return ok({ gross, baseFee: fee, quoteFee: ZERO_MONEY, feeQuote });
}

function buy(request: FillRequest, amounts: Amounts): Result<FillEffect, FillFault> {
  const { fill, order } = request;
  const { gross, baseFee, quoteFee, feeQuote } = amounts;
  if (baseFee >= fill.quantity)
    return err({ kind: 'feeOverQuantity', quantity: fill.quantity, fee: baseFee });

  const before = request.position ?? emptyPosition(request);
  const costAdded = subMoney(addMoney(gross, quoteFee), feeQuote);
  const quantity = addQty(before.quantity, subQty(fill.quantity, baseFee));
  const cost = addMoney(before.cost, costAdded);
  const averageEntry = averagePrice(cost, quantity, 'floor');
  const grown: Position = {
    ...before,
    quantity,
    cost,
    entryFees: addMoney(before.entryFees, feeQuote),
    averageEntry,
    fees: addMoney(before.fees, feeQuote),
    protection: rearmProtection(before.protection, {
      averageEntry,
      px: fill.price,
      side: before.side,
    }),
    status: before.status === 'REDUCING' ? 'REDUCING' : 'BUILDING',
    lastFillAt: epochMs(Math.max(before.lastFillAt, fill.at)),
  };
  const cash = negMoney(addMoney(gross, quoteFee));
  return ok({
    ...settledAfter(request, grown),
    book: { cash, realizedPnl: ZERO_MONEY, fees: feeQuote },
    postings: balanced(
      [
        { account: 'cash', amount: cash },
        { account: 'inventory', amount: costAdded },
        { account: 'fees', amount: feeQuote },
      ],
      order,
    ),
    feeQuote,
  });
}

function sell(request: FillRequest, amounts: Amounts): Result<FillEffect, FillFault> {
  const { position, fill, order } = request;
  const { gross, baseFee, quoteFee, feeQuote } = amounts;
  const removed = addQty(fill.quantity, baseFee);
  const held = position?.quantity ?? ZERO_QTY;
  if (position === null || removed > held) return err({ kind: 'oversell', held, sold: removed });

  const share = { part: removed, whole: held };
  const costShare = shareOf(position.cost, share, 'floor');
  const entryFeesShare = shareOf(position.entryFees, share, 'floor');
  const cash = subMoney(gross, quoteFee);
  const realizedPnl = subMoney(subMoney(cash, costShare), entryFeesShare);
  const exitedQuantity = addQty(position.exitedQuantity, fill.quantity);
  const exitedQuote = addMoney(position.exitedQuote, gross);
  const reduced: Position = {
    ...position,
    quantity: subQty(held, removed),
    cost: subMoney(position.cost, costShare),
    entryFees: subMoney(position.entryFees, entryFeesShare),
    realizedPnl: addMoney(position.realizedPnl, realizedPnl),
    fees: addMoney(position.fees, feeQuote),
    status: 'REDUCING',
    closeReason: order.closeReason ?? position.closeReason,
    exitedQuantity,
    exitedQuote,
    exitPrice: averagePrice(exitedQuote, exitedQuantity, 'floor'),
    lastFillAt: epochMs(Math.max(position.lastFillAt, fill.at)),
  };
  return ok({
    ...settledAfter(request, reduced),
    book: { cash, realizedPnl, fees: feeQuote },
    postings: balanced(
      [
        { account: 'cash', amount: cash },
        { account: 'inventory', amount: negMoney(costShare) },
        { account: 'fees', amount: negMoney(entryFeesShare) },
        { account: 'realized', amount: negMoney(realizedPnl) },
      ],
      order,
    ),
    feeQuote,
  });
}

/** While more of the order may come the position stays as it is, even if what is left is tiny. */
function settledAfter(
  { fill, order, instrument }: FillRequest,
  position: Position,
): Pick<FillEffect, 'position' | 'dust' | 'trade'> {
  return order.remaining > 0n && position.quantity > 0n
    ? { position, dust: null, trade: null }
    : settleOrderEnd({ position, order, instrument, price: fill.price, now: fill.at });
}

/** @throws Error when the postings do not add up to zero: then the ledger would be wrong. */
function balanced(postings: readonly Posting[], order: FilledOrder): readonly Posting[] {
  const sum = postings.reduce((total, { amount }) => addMoney(total, amount), ZERO_MONEY);
  if (sum !== 0n) throw new Error(`Invariant: postings of ${order.intentId} add up to zero`);
  return postings;
}

/** What an order's first fill opens (PF-01); armed at the fill's price. */
function emptyPosition({ fill, order, protection }: FillRequest): Position {
  return {
    positionId: order.positionId,
    bookId: order.bookId,
    strategyId: order.strategyId,
    marketKey: order.marketKey,
    symbol: order.symbol,
    side: 'LONG',
    status: 'BUILDING',
    quantity: ZERO_QTY,
    cost: ZERO_MONEY,
    entryFees: ZERO_MONEY,
    averageEntry: fill.price,
    realizedPnl: ZERO_MONEY,
    fees: ZERO_MONEY,
    protection: armProtection(fill.price, protection, 'LONG'),
    openedAt: fill.at,
    lastFillAt: fill.at,
    closeIntentId: null,
    closeReason: null,
    closedAt: null,
    exitPrice: null,
    exitedQuantity: ZERO_QTY,
    exitedQuote: ZERO_MONEY,
  };
}
