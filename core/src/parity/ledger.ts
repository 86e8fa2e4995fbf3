import type { Instrument } from '../instrument/instrument.ts';
import type { EpochMs } from '../lib/time.ts';
import type { Money, Price, Qty } from '../lib/units.ts';
import type { Fill, OrderStatus } from '../order/order.ts';
import type { FilledOrder, RoundTrip } from '../portfolio/fill-effect.ts';
import type { Position } from '../portfolio/position.ts';

/** An order as the ledger holds it. */
export type LedgerOrder = Omit<FilledOrder, 'remaining'> & {
  readonly orderId: string;
  readonly status: OrderStatus;
  readonly quantity: Qty;
  readonly filledQuantity: Qty;
  readonly filledQuote: Money;
  readonly averagePrice: Price | null;
  readonly fees: Money;
  /** Market time of the last fill. */
  readonly filledAt: EpochMs | null;
  /** Wall times at which the venue's answers with the first and the last fill came in. */
  readonly marks: { readonly firstFillAt: EpochMs | null; readonly doneAt: EpochMs | null };
};

/** A fill as the ledger holds it: what the venue confirmed, and what was made of it. */
export type LedgerFill = Fill & {
  /** The position that it was booked on. */
  readonly positionId: string;
  readonly sizeQuote: Money;
  readonly feeQuote: Money;
};

/** All that the ledger holds of one strategy on one market, back to the beginning of its oldest position. */
export type Ledger = {
  readonly instrument: Instrument;
  readonly orders: readonly LedgerOrder[];
  readonly fills: readonly LedgerFill[];
  readonly positions: readonly Position[];
  readonly trades: readonly RoundTrip[];
};
