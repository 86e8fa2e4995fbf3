import type { Price } from '../lib/units.ts';
import type { SimOrder, SimRequest } from './state.ts';

const STOPS: readonly SimRequest['type'][] = ['STOP_LOSS', 'STOP_LOSS_LIMIT'];

/** True when a market at `last` fires an order with this stop price. One without never fires. */
export function fires(
  { type, side, stopPrice }: Pick<SimRequest, 'type' | 'side' | 'stopPrice'>,
  last: Price,
): boolean {
  if (stopPrice === null) return false;
  const falling = STOPS.includes(type) === (side === 'SELL');
  return falling ? last <= stopPrice : last >= stopPrice;
}

/** True for an order that has not fired yet: it is on no book and cannot trade. */
export const isWaiting = ({ stopPrice, triggeredAt }: SimOrder): boolean =>
  stopPrice !== null && triggeredAt === null;

/** True for types that have no limit price, once they are on the book. */
export const isMarketType = (type: SimRequest['type']): boolean =>
  type === 'MARKET' || type === 'STOP_LOSS' || type === 'TAKE_PROFIT';
