import { maxPrice, minPrice, movePrice, type Price } from '../lib/units.ts';
import type { Position, Protection } from './position.ts';

/** What is left of a stop's distance when it is tightened (PF-47). */
const TIGHTENED = 0.6;

/** `px` moved by `pct` percent towards loss, rounded so that a stop is tighter, never looser. */
const adverse = (px: Price, pct: number, side: Position['side']): Price =>
  side === 'LONG' ? movePrice(px, -pct, 'ceil') : movePrice(px, pct, 'floor');

/**
 * Stops of a position whose strategy cannot tell any more when it wants out (STR-33): each at 0.6 of its distance, the
 * first stop from the entry and the trailing one from the best price so far (PF-47). Neither is ever loosened, and doing
 * it again at the same best price changes nothing. A price that is beyond them by now exits at once.
 */
export function handedOver({
  protection,
  averageEntry,
  side,
}: Pick<Position, 'protection' | 'averageEntry' | 'side'>): Protection {
  const { stopLossPct, trailingStopPct, stopLoss, trailingStop, highest } = protection;
  const tighter = side === 'LONG' ? maxPrice : minPrice;
  return {
    ...protection,
    stopLoss: tighter(stopLoss, adverse(averageEntry, TIGHTENED * stopLossPct, side)),
    trailingStop:
      trailingStopPct === null || trailingStop === null
        ? trailingStop
        : tighter(trailingStop, adverse(highest, TIGHTENED * trailingStopPct, side)),
  };
}
