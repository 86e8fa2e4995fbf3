import { maxPrice, minPrice, movePrice, type Price } from '../lib/units.ts';
import type { CloseReason } from '../order/intent.ts';
import type { Position, Protection } from './position.ts';

/** Distances in percent (5 = 5 %); `trailingStopPct` null = no trailing stop. */
export type ProtectionPcts = Pick<
  Protection,
  'stopLossPct' | 'takeProfitPct' | 'trailingStopPct' | 'hold' | 'dumpExit'
>;

/** Prices that the strategy named for its entry (STR-03); `null` = the percentage alone. */
export type ProtectionLevels = {
  readonly stopAt: Price | null;
  readonly targetAt: Price | null;
};

/** How a position is protected from its first fill on. */
export type ProtectionPlan = ProtectionPcts & ProtectionLevels;

type Side = Position['side'];

/** `px` moved by `pct` percent towards loss, rounded so that a stop is tighter, never looser. */
const adverse = (px: Price, pct: number, side: Side): Price =>
  side === 'LONG' ? movePrice(px, -pct, 'ceil') : movePrice(px, pct, 'floor');

/** `px` moved by `pct` percent towards gain, rounded so that a target is nearer, never farther. */
const favourable = (px: Price, pct: number, side: Side): Price =>
  side === 'LONG' ? movePrice(px, pct, 'floor') : movePrice(px, -pct, 'ceil');

/** The price that is better to have seen. */
const better = (side: Side): ((a: Price, b: Price) => Price) =>
  side === 'LONG' ? maxPrice : minPrice;

/** The price that is worse to have seen. */
const worse = (side: Side): ((a: Price, b: Price) => Price) =>
  side === 'LONG' ? minPrice : maxPrice;

/** The stop that is hit first: the higher of a LONG, the lower of a SHORT. */
const tighter = better;

/**
 * Stop, target and trailing stop of a position that opens at `entry` (PF-40, PF-48).
 *
 * The tighter of the stop that the strategy named and the percentage wins, so that a strategy can never risk
 * more than its document allows; a target that it named replaces the percentage. A fill beyond such a level
 * leaves it where it is: the next price exits.
 */
export function armProtection(entry: Price, plan: ProtectionPlan, side: Side): Protection {
  const { stopLossPct, takeProfitPct, trailingStopPct, stopAt, targetAt, hold, dumpExit } = plan;
  const byPct = adverse(entry, stopLossPct, side);
  const stopLoss = stopAt === null ? byPct : tighter(side)(byPct, stopAt);
  return {
    stopLossPct,
    takeProfitPct,
    trailingStopPct,
    highest: entry,
    worst: entry,
    initialStop: stopLoss,
    stopLoss,
    takeProfit: targetAt ?? favourable(entry, takeProfitPct, side),
    trailingStop: trailingStopPct === null ? null : adverse(entry, trailingStopPct, side),
    targetAt,
    ...(hold === undefined ? {} : { hold }),
    ...(dumpExit === undefined ? {} : { dumpExit }),
  };
}

/**
 * Protection after another entry fill at `px`: target and stop start from the new average, but the
 * stop is never farther away than before (PF-44). Levels that the fill's order names hold from now on.
 */
export function rearmProtection(
  protection: Protection,
  {
    averageEntry,
    px,
    side,
    levels,
  }: {
    readonly averageEntry: Price;
    readonly px: Price;
    readonly side: Side;
    readonly levels: ProtectionLevels;
  },
): Protection {
  const { stopAt } = levels;
  const targetAt = levels.targetAt ?? protection.targetAt;
  const armed = armProtection(averageEntry, { ...protection, stopAt, targetAt }, side);
  return follow(
    {
      ...protection,
      stopLoss: tighter(side)(protection.stopLoss, armed.stopLoss),
      takeProfit: armed.takeProfit,
      targetAt,
    },
    px,
    side,
  );
}

/** The protection with `px` in its extremes, whatever its stops make of that. */
export function witness(protection: Protection, px: Price, side: Side): Protection {
  const highest = better(side)(protection.highest, px);
  const { worst } = protection;
  return worst === undefined
    ? { ...protection, highest }
    : { ...protection, highest, worst: worse(side)(worst, px) };
}

/** Extremes and trailing stop after `px`; the stop only moves in favour (PF-40). */
function follow(protection: Protection, px: Price, side: Side): Protection {
  const seen = witness(protection, px, side);
  const { trailingStopPct, trailingStop } = seen;
  if (trailingStopPct === null || trailingStop === null) return seen;
  const moved = adverse(seen.highest, trailingStopPct, side);
  return { ...seen, trailingStop: tighter(side)(trailingStop, moved) };
}

/** The protection with a trailing stop at `pct` percent from its extreme; the stop only ever moves in favour (PF-47). */
export function retrail(protection: Protection, side: Side, pct: number): Protection {
  const at = adverse(protection.highest, pct, side);
  const { trailingStop } = protection;
  return {
    ...protection,
    trailingStopPct: pct,
    trailingStop: trailingStop === null ? at : tighter(side)(trailingStop, at),
  };
}

/** The tighter of initial and trailing stop, and which of them it is (PF-41). */
export function effectiveStop(
  protection: Protection,
  side: Side,
): { readonly price: Price; readonly reason: 'stop_loss' | 'trailing_stop' } {
  const { stopLoss, trailingStop } = protection;
  if (trailingStop === null || tighter(side)(stopLoss, trailingStop) === stopLoss)
    return { price: stopLoss, reason: 'stop_loss' };
  return { price: trailingStop, reason: 'trailing_stop' };
}

/**
 * Protection after a trade at `px`, and the reason to exit now, if there is one.
 *
 * Reaching a stop or target triggers; the stop beats the target (PF-48). Whoever acts on a trigger
 * locks the position, so that a hundred ticks make one exit (PF-43). A price of zero is no price: it
 * changes nothing.
 */
export function onPrice(
  protection: Protection,
  side: Side,
  px: Price,
): { readonly protection: Protection; readonly trigger: CloseReason | null } {
  if (px <= 0n) return { protection, trigger: null };
  const next = follow(protection, px, side);
  const stop = effectiveStop(next, side);
  const hasReached = (level: Price, towards: 'loss' | 'gain'): boolean =>
    (side === 'LONG') === (towards === 'loss') ? px <= level : px >= level;
  if (hasReached(stop.price, 'loss')) return { protection: next, trigger: stop.reason };
  return {
    protection: next,
    trigger: hasReached(next.takeProfit, 'gain') ? 'take_profit' : null,
  };
}
