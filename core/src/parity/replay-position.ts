import type { Instrument } from '../instrument/instrument.ts';
import { err, ok, type Result } from '../lib/result.ts';
import type { EpochMs } from '../lib/time.ts';
import { addQty, subQty, ZERO_QTY, type Money, type Qty } from '../lib/units.ts';
import { isTerminal } from '../order/transitions.ts';
import { applyFill } from '../portfolio/apply-fill.ts';
import type { FillFault, RoundTrip } from '../portfolio/fill-effect.ts';
import type { Position } from '../portfolio/position.ts';
import type { ProtectionPlan } from '../portfolio/protection.ts';
import { settleOrderEnd } from '../portfolio/settle.ts';
import type { LedgerFill, LedgerOrder } from './ledger.ts';

/** Protections do not change what fills add up to: any will do. */
const ANY_PROTECTION: ProtectionPlan = {
  stopLossPct: 5,
  takeProfitPct: 10,
  trailingStopPct: null,
  stopAt: null,
  targetAt: null,
};

/** A position after one of its fills. */
export type PositionStep = {
  readonly fill: LedgerFill;
  readonly order: LedgerOrder;
  readonly position: Position;
  /** The fill's fee in quote, worked out anew. */
  readonly feeQuote: Money;
};

/** A position from its fills alone. */
export type ReplayedPosition = {
  readonly steps: readonly PositionStep[];
  readonly trade: RoundTrip | null;
};

/** What the position of some fills is made of. */
export type PositionFills = {
  /** Oldest first, all of one position. */
  readonly fills: readonly LedgerFill[];
  readonly orders: ReadonlyMap<string, LedgerOrder>;
  readonly instrument: Instrument;
  /** When the ledger closed it: an order that ended without a fill leaves no other trace of its time. */
  readonly closedAt: EpochMs | null;
};

/** Why fills cannot make a position; `fill` is where it stopped. */
export type ReplayFault = {
  readonly fill: LedgerFill;
  readonly fault: FillFault | { readonly kind: 'unknownOrder' };
};

/** Books fills one after the other, with the very code that booked them first (PF-01). */
export function replayPosition(input: PositionFills): Result<ReplayedPosition, ReplayFault> {
  const { fills, orders, instrument } = input;
  const filled = new Map<string, Qty>();
  const steps: PositionStep[] = [];
  let position: Position | null = null;
  let trade: RoundTrip | null = null;
  for (const [index, fill] of fills.entries()) {
    const order = orders.get(fill.orderId);
    if (order === undefined) return err({ fill, fault: { kind: 'unknownOrder' } });
    const soFar = addQty(filled.get(fill.orderId) ?? ZERO_QTY, fill.quantity);
    filled.set(fill.orderId, soFar);
    const remaining = soFar >= order.quantity ? ZERO_QTY : subQty(order.quantity, soFar);
    const own = { ...order, positionId: fill.positionId, remaining };
    const request = { position, fill, order: own, instrument, protection: ANY_PROTECTION };
    const booked = applyFill(request);
    if (!booked.ok) return err({ fill, fault: booked.error });
    const isLast = !fills.slice(index + 1).some(({ orderId }) => orderId === fill.orderId);
    const hasEnded = isLast && remaining > 0n && isTerminal(order.status);
    const ended =
      hasEnded && booked.value.position.status !== 'CLOSED'
        ? endOf(booked.value.position, { fill, order, input })
        : booked.value;
    position = ended.position;
    trade = ended.trade ?? trade;
    steps.push({ fill, order, position, feeQuote: booked.value.feeQuote });
  }
  return ok({ steps, trade });
}

/** An order that ended with a part of it filled. */
const endOf = (
  position: Position,
  {
    fill,
    order,
    input,
  }: {
    readonly fill: LedgerFill;
    readonly order: LedgerOrder;
    readonly input: PositionFills;
  },
) =>
  settleOrderEnd({
    position,
    order,
    instrument: input.instrument,
    price: order.averagePrice ?? fill.price,
    now: input.closedAt ?? fill.at,
  });
