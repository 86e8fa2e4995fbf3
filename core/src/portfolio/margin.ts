import { isFuturesKey } from '../instrument/instrument.ts';
import { qtyOfSteps, qty, shareOf, ZERO_MONEY, addMoney, type Money } from '../lib/units.ts';
import type { Position } from './position.ts';

const MOST_LEVERAGE = 200;
const ONE = qty('1');

/** An integer of 1 to 200 (RSK-102). */
export const isLeverage = (leverage: number): boolean =>
  Number.isInteger(leverage) && leverage >= 1 && leverage <= MOST_LEVERAGE;

/** Margin that `notional` needs: by the actual leverage, not by the largest that is possible (RSK-50). @throws RangeError unless leverage is one. */
export function requiredMargin(notional: Money, leverage: number): Money {
  if (leverage === 1) return notional;
  if (!isLeverage(leverage))
    throw new RangeError(`Invariant: ${leverage} is an integer of 1 to 200`);
  return shareOf(notional, { part: ONE, whole: qtyOfSteps(ONE, leverage) }, 'ceil');
}

/** What a position has bound: the margin of a future, all that spot cost (RSK-55). */
export const usedBy = ({
  marketKey,
  cost,
  leverage = 1,
}: Pick<Position, 'marketKey' | 'cost' | 'leverage'>): Money =>
  isFuturesKey(marketKey) ? requiredMargin(cost, leverage) : cost;

/** Cash that futures positions have bound as margin. Spot binds none, its cost has left the cash. */
export function boundMargin(positions: readonly Position[]): Money {
  let bound = ZERO_MONEY;
  for (const position of positions)
    if (isFuturesKey(position.marketKey)) bound = addMoney(bound, usedBy(position));
  return bound;
}
