import { err, ok, type Result } from '../lib/result.ts';
import { addMoney, negMoney, subMoney, ZERO_MONEY, ZERO_QTY, type Money } from '../lib/units.ts';
import { balancedPostings, type Posting } from './accounts.ts';
import { grown, opened, reduced, settledAfter, sharesOf } from './change-position.ts';
import type { FillEffect, FillFault } from './fill-effect.ts';
import type { Amounts, FillRequest } from './fill-request.ts';
import type { Position } from './position.ts';

/**
 * A fill of a linear future: nothing is bought, so only fees and results move cash. The side that a first fill
 * takes is the position's; what comes against it reduces it and never turns it round.
 */
export function linearFill(request: FillRequest, amounts: Amounts): Result<FillEffect, FillFault> {
  const { position, fill } = request;
  const side = fill.side === 'BUY' ? 'LONG' : 'SHORT';
  return position === null || position.side === side
    ? enter(request, amounts, position ?? opened(request, side))
    : leave(request, amounts, position);
}

function enter(
  request: FillRequest,
  { gross, quoteFee }: Amounts,
  before: Position,
): Result<FillEffect, FillFault> {
  const { fill, order } = request;
  const added = { quantity: fill.quantity, cost: gross, fee: quoteFee };
  const cash = negMoney(quoteFee);
  return ok({
    ...settledAfter(request, grown(before, request, added)),
    book: { cash, realizedPnl: ZERO_MONEY, fees: quoteFee },
    postings: balancedPostings(
      [
        { account: 'cash', amount: cash },
        { account: 'fees', amount: quoteFee },
      ],
      order.intentId,
    ),
    feeQuote: quoteFee,
  });
}

/** What `sold` brought over what was paid, from the position's side. */
const resultOf = (side: Position['side'], exit: Money, entry: Money): Money =>
  side === 'LONG' ? subMoney(exit, entry) : subMoney(entry, exit);

function leave(
  request: FillRequest,
  amounts: Amounts,
  position: Position,
): Result<FillEffect, FillFault> {
  const { fill, order } = request;
  const held = position.quantity;
  if (held === ZERO_QTY || fill.quantity > held)
    return err({ kind: 'oversell', held, sold: fill.quantity });
  const shares = sharesOf(position, fill.quantity);
  const result = resultOf(position.side, amounts.gross, shares.cost);
  const cash = subMoney(result, amounts.quoteFee);
  const realizedPnl = subMoney(cash, shares.entryFees);
  const spent = addMoney(shares.entryFees, amounts.quoteFee);
  const exit = { removed: fill.quantity, shares, amounts, realizedPnl };
  return ok({
    ...settledAfter(request, reduced(request, position, exit)),
    book: { cash, realizedPnl, fees: amounts.quoteFee },
    postings: balancedPostings(
      [
        { account: 'cash', amount: cash },
        { account: 'fees', amount: negMoney(shares.entryFees) },
        { account: 'spentFees', amount: spent },
        { account: 'realized', amount: negMoney(addMoney(realizedPnl, spent)) },
      ],
      order.intentId,
    ),
    feeQuote: amounts.quoteFee,
  });
}

/**
 * A funding payment of a linear future: cash and realised P&L move together (PF-30).
 *
 * @param payment What a LONG pays and a SHORT receives, in quote: rate × value at the mark price; negative where
 *   shorts pay.
 */
export function applyFunding(
  position: Position,
  payment: Money,
): { readonly position: Position; readonly cash: Money; readonly postings: readonly Posting[] } {
  const cash = position.side === 'LONG' ? negMoney(payment) : payment;
  return {
    position: { ...position, realizedPnl: addMoney(position.realizedPnl, cash) },
    cash,
    postings: [
      { account: 'cash', amount: cash },
      { account: 'realized', amount: negMoney(cash) },
    ],
  };
}
