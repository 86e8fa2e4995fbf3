import type { Instrument } from '../instrument/instrument.ts';
import type { Money, Qty } from '../lib/units.ts';
import type { Fill } from '../order/order.ts';
import type { FilledOrder } from './fill-effect.ts';
import type { Position } from './position.ts';
import type { ProtectionPlan } from './protection.ts';

/** One fill, with the position of its order as it was before. */
export type FillRequest = {
  /** `null` when the order's position has had no fill yet. */
  readonly position: Position | null;
  readonly fill: Fill;
  readonly order: FilledOrder;
  readonly instrument: Instrument;
  /** Distances for a position that this fill opens, and the levels that the fill's order names. */
  readonly protection: ProtectionPlan;
};

/** A fill in numbers: its fee is in base or in quote, never both. */
export type Amounts = {
  /** `price * quantity` (PF-20). */
  readonly gross: Money;
  readonly baseFee: Qty;
  readonly quoteFee: Money;
  /** Either fee, in quote (PF-22). */
  readonly feeQuote: Money;
};
