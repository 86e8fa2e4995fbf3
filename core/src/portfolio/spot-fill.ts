import { err, ok, type Result } from '../lib/result.ts';
import {
  addMoney,
  addQty,
  negMoney,
  subMoney,
  subQty,
  ZERO_MONEY,
  ZERO_QTY,
} from '../lib/units.ts';
import { balancedPostings } from './accounts.ts';
import { grown, opened, reduced, settledAfter, sharesOf } from './change-position.ts';
import type { FillEffect, FillFault } from './fill-effect.ts';
import type { Amounts, FillRequest } from './fill-request.ts';

/** A purchase: cash becomes inventory. */
export function spotBuy(request: FillRequest, amounts: Amounts): Result<FillEffect, FillFault> {
  const { fill, order } = request;
  const { gross, baseFee, quoteFee, feeQuote } = amounts;
  if (baseFee >= fill.quantity)
    return err({ kind: 'feeOverQuantity', quantity: fill.quantity, fee: baseFee });
  const before = request.position ?? opened(request, 'LONG');
  const cost = subMoney(addMoney(gross, quoteFee), feeQuote);
  const added = { quantity: subQty(fill.quantity, baseFee), cost, fee: feeQuote };
  const cash = negMoney(addMoney(gross, quoteFee));
  return ok({
    ...settledAfter(request, grown(before, request, added)),
    book: { cash, realizedPnl: ZERO_MONEY, fees: feeQuote },
    postings: balancedPostings(
      [
        { account: 'cash', amount: cash },
        { account: 'inventory', amount: cost },
        { account: 'fees', amount: feeQuote },
      ],
      order.intentId,
    ),
    feeQuote,
  });
}

/** A sale of what is held: inventory becomes cash, and the difference is realised. */
export function spotSell(request: FillRequest, amounts: Amounts): Result<FillEffect, FillFault> {
  const { position, fill, order } = request;
  const { gross, baseFee, quoteFee, feeQuote } = amounts;
  const removed = addQty(fill.quantity, baseFee);
  const held = position?.quantity ?? ZERO_QTY;
  if (position === null || removed > held) return err({ kind: 'oversell', held, sold: removed });
  const shares = sharesOf(position, removed);
  const cash = subMoney(gross, quoteFee);
  const realizedPnl = subMoney(subMoney(cash, shares.cost), shares.entryFees);
  const spent = addMoney(shares.entryFees, feeQuote);
  const next = reduced(request, position, { removed, shares, amounts, realizedPnl });
  return ok({
    ...settledAfter(request, next),
    book: { cash, realizedPnl, fees: feeQuote },
    postings: balancedPostings(
      [
        { account: 'cash', amount: cash },
        { account: 'inventory', amount: negMoney(shares.cost) },
        { account: 'fees', amount: negMoney(shares.entryFees) },
        { account: 'spentFees', amount: spent },
        { account: 'realized', amount: negMoney(addMoney(realizedPnl, spent)) },
      ],
      order.intentId,
    ),
    feeQuote,
  });
}
