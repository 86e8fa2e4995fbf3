import type { Instrument } from '@tradewind/core/instrument/instrument';
import { unreachable } from '@tradewind/core/lib/result';
import type { EpochMs } from '@tradewind/core/lib/time';
import { ZERO_MONEY, ZERO_PRICE, ZERO_QTY } from '@tradewind/core/lib/units';
import type { SimEvent, SimFill, SimOrder, SimOrderEvent } from '@tradewind/core/simulation/state';
import { isWaiting } from '@tradewind/core/simulation/triggers';
import { fixed8 } from '../rest/render.ts';
import { venueSymbol } from '../symbols.ts';

type ExecutionType = 'NEW' | 'TRADE' | 'CANCELED' | 'EXPIRED';

/** An order's change as the user stream tells it (user-data-stream.md, executionReport). */
function executionReport(
  order: SimOrder,
  instrument: Instrument,
  { type, fill, now }: { type: ExecutionType; fill: SimFill | null; now: EpochMs },
) {
  const cancelled = type === 'CANCELED';
  return {
    e: 'executionReport',
    E: now,
    s: venueSymbol(instrument.symbol),
    c: cancelled ? `cancel${order.orderId}` : order.clientOrderId,
    S: order.side,
    o: order.type,
    f: order.timeInForce,
    q: fixed8(order.quantity ?? order.filled),
    p: fixed8(order.price ?? ZERO_PRICE),
    P: fixed8(order.stopPrice ?? ZERO_PRICE),
    F: '0.00000000',
    g: -1,
    C: cancelled ? order.clientOrderId : '',
    x: type,
    X: order.status,
    r: 'NONE',
    i: order.orderId,
    l: fixed8(fill?.quantity ?? ZERO_QTY),
    z: fixed8(order.filled),
    L: fixed8(fill?.price ?? ZERO_PRICE),
    n: fill === null ? '0' : fixed8(fill.fee),
    N: fill?.feeAsset ?? null,
    T: order.updatedAt,
    t: fill?.fillId ?? -1,
    w: !isWaiting(order) && (order.status === 'NEW' || order.status === 'PARTIALLY_FILLED'),
    m: fill?.liquidity === 'maker',
    M: false,
    O: order.placedAt,
    Z: fixed8(order.filledQuote),
    Y: fixed8(fill?.quote ?? ZERO_MONEY),
    Q: fixed8(order.quote ?? ZERO_MONEY),
    W: order.placedAt,
    V: 'NONE',
  };
}

/** An event of the spot account as the user stream tells it. */
export function userEvent(
  event: SimOrderEvent | Extract<SimEvent, { readonly kind: 'balances' }>,
  instruments: Readonly<Record<string, Instrument>>,
  now: EpochMs,
): object {
  if (event.kind === 'balances')
    return {
      e: 'outboundAccountPosition',
      E: now,
      u: event.at,
      B: Object.entries(event.balances).map(([asset, { free, locked }]) => ({
        a: asset,
        f: fixed8(free),
        l: fixed8(locked),
      })),
    };
  const instrument = instruments[event.order.marketKey];
  if (instrument === undefined) throw new Error('Invariant: an order is of a listed market');
  const report = (type: ExecutionType, fill: SimFill | null) =>
    executionReport(event.order, instrument, { type, fill, now });
  switch (event.kind) {
    case 'accepted':
    // It is on the book now: the venue tells it as it told the order at first.
    case 'triggered':
      return report('NEW', null);
    case 'filled':
      return report('TRADE', event.fill);
    case 'cancelled':
      return report('CANCELED', null);
    case 'expired':
      return report('EXPIRED', null);
    default:
      return unreachable(event);
  }
}
