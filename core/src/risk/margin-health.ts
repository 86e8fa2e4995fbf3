import type { Money } from '../lib/units.ts';
import { subMoney, toNumber } from '../lib/units.ts';

/** What a margined position has left, in quote. */
export type MarginState = {
  /** Initial margin and result together. */
  readonly balance: Money;
  readonly maintenance: Money;
  readonly initial: Money;
};

/** 1 = fresh, 0 = liquidation (RSK-103); `null` when there is no initial margin to compare with. */
export const marginHealth = ({ balance, maintenance, initial }: MarginState): number | null =>
  initial > 0n ? toNumber(subMoney(balance, maintenance)) / toNumber(initial) : null;

/** What a health asks for, from nothing to closing; each includes what is before it. */
export type MarginAction = 'none' | 'notice' | 'warn' | 'reduce' | 'close';

/** Share of a position that is sold at `reduce` where nobody sets another. */
export const REDUCE_SHARE = 0.5;
const ATRS = 3;

/**
 * The row of the table that a position is in (RSK-103); a liquidation nearer than three minutes' usual range has the
 * effect of a health below 0.3 (RSK-104). A health that is not known warns and closes nothing.
 */
export function marginAction(
  health: number | null,
  liquidation: { readonly distance: number; readonly atr: number } | null,
): MarginAction {
  const isNear = liquidation !== null && !(liquidation.distance >= ATRS * liquidation.atr);
  if (health === null || Number.isNaN(health)) return isNear ? 'reduce' : 'warn';
  if (health < 0.15) return 'close';
  if (health < 0.3 || isNear) return 'reduce';
  if (health < 0.5) return 'warn';
  return health < 0.8 ? 'notice' : 'none';
}
