import { toNumber } from '../lib/units.ts';
import { effectiveStop } from '../portfolio/protection.ts';
import type { Lane } from './state.ts';

/** Far more than a float's rounding and far less than a tick: what lies within is looked at exactly. */
const NEAR = 1e-9;

/** Works out between which prices nothing of a position's protection moves, so that most bars need no second look. */
export function armGuards(lane: Lane): void {
  const { position } = lane;
  lane.leaveAt = Infinity;
  if (position === null || position.closeIntentId !== null) {
    lane.guardLow = -Infinity;
    lane.guardHigh = Infinity;
    return;
  }
  const { protection, side } = position;
  const longest = protection.hold?.maxSeconds ?? null;
  if (longest !== null) lane.leaveAt = position.openedAt + 1_000 * longest;
  const stop = toNumber(effectiveStop(protection, side).price);
  const target = toNumber(protection.takeProfit);
  const best = toNumber(protection.highest);
  const trails = protection.trailingStop !== null;
  if (side === 'LONG') {
    lane.guardLow = stop * (1 + NEAR);
    lane.guardHigh = (trails ? Math.min(best, target) : target) * (1 - NEAR);
  } else {
    lane.guardLow = (trails ? Math.max(best, target) : target) * (1 + NEAR);
    lane.guardHigh = stop * (1 - NEAR);
  }
}
