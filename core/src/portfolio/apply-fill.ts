import type { Instrument } from '../instrument/instrument.ts';
import { err, ok, type Result } from '../lib/result.ts';
import { notional, quoteMoney, ZERO_MONEY, ZERO_QTY } from '../lib/units.ts';
import { fillValue } from '../order/fill-size.ts';
import type { Fill } from '../order/order.ts';
import type { FillEffect, FillFault } from './fill-effect.ts';
import type { Amounts, FillRequest } from './fill-request.ts';
import { linearFill } from './linear-fill.ts';
import { spotBuy, spotSell } from './spot-fill.ts';

export type { FillRequest } from './fill-request.ts';

/**
 * Books one confirmed fill: position, cash, P&L and postings, to the last decimal.
 *
 * Spot: a fee in base reduces what the position holds and counts as an entry fee at the fill's price (PF-22);
 * cash + cost + entry fees always moves by exactly the realised P&L. Futures: only fees and results move cash,
 * on either side. An exit takes its share of cost and entry fees, rounded down, and the rest stays, so that
 * nothing is lost. A position whose exit has ended is CLOSED when what is left cannot be sold; that becomes dust.
 *
 * Applying the same fill twice is the caller's to prevent, by its id (EXE-18).
 *
 * @throws Error when a spot position is SHORT: a spot book cannot hold one (STR-21).
 */
export function applyFill(request: FillRequest): Result<FillEffect, FillFault> {
  const { position, fill, instrument } = request;
  if (position?.status === 'CLOSED')
    return err({ kind: 'positionClosed', positionId: position.positionId });
  const amounts = amountsOf(fill, instrument);
  if (!amounts.ok) return amounts;
  if (instrument.market === 'futures') return linearFill(request, amounts.value);
  if (position?.side === 'SHORT')
    throw new Error(`Invariant: a spot book holds no SHORT, but ${position.positionId} is one`);
  return fill.side === 'BUY' ? spotBuy(request, amounts.value) : spotSell(request, amounts.value);
}

function amountsOf(fill: Fill, instrument: Instrument): Result<Amounts, FillFault> {
  const { fee, feeCurrency } = fill;
  if (fill.quantity === 0n) return err({ kind: 'zeroQuantity' });
  const gross = fillValue(fill);
  if (fee === 0n || feeCurrency === instrument.quote) {
    const quoteFee = quoteMoney(fee);
    return ok({ gross, baseFee: ZERO_QTY, quoteFee, feeQuote: quoteFee });
  }
  if (feeCurrency !== instrument.base || instrument.market === 'futures')
    return err({ kind: 'foreignFee', currency: feeCurrency, fee });
  const feeQuote = notional(fill.price, fee, 'floor');
  return ok({ gross, baseFee: fee, quoteFee: ZERO_MONEY, feeQuote });
}
