import type { ZoneLevel } from '../../engine/structure.ts';
import type { Direction } from '../decision.ts';
import type { Gate } from '../gate.ts';
import { cascadeLevel, locationLevel, regimeLevel, triggerLevel, type Sight } from './levels.ts';

/** The levels beyond the first that a recipe looks at, in order; a trigger takes a location (STR-73). */
export type Levels = readonly (2 | 3 | 4)[];

/** How far the levels were passed, and what was found on the way. */
export type Descent = {
  /** Of every level that was looked at, in order. */
  readonly gates: readonly Gate[];
  /** The level that failed; `null` when all passed. */
  readonly failedAt: 1 | 2 | 3 | 4 | null;
  /** Fixed by level 1 (STR-51); `null` in a market that ranges. */
  readonly direction: Direction | null;
  /** ADX of level 1. */
  readonly strength: number;
  readonly zone: ZoneLevel | null;
  readonly ratio: number | undefined;
  readonly bounce: number | undefined;
};

const isPassed = (gates: readonly Gate[]): boolean => gates.every(({ passes }) => passes);

/** Looks at the levels in order and stops at the first that fails: what comes after it is not even read (STR-50). */
export function descend(sight: Sight, levels: Levels): Descent {
  const { gates, direction, strength } = regimeLevel(sight);
  let found: Descent = {
    gates,
    failedAt: direction === null ? 1 : null,
    direction,
    strength,
    zone: null,
    ratio: undefined,
    bounce: undefined,
  };
  if (direction === null) return found;
  for (const level of levels) {
    found = { ...found, ...look(sight, level, { ...found, direction }) };
    if (found.failedAt !== null) return found;
  }
  return found;
}

function look(
  sight: Sight,
  level: 2 | 3 | 4,
  found: Descent & { readonly direction: Direction },
): Partial<Descent> {
  const { direction, zone } = found;
  const after = <T extends { readonly gates: readonly Gate[] }>(told: T) => ({
    ...told,
    gates: [...found.gates, ...told.gates],
    failedAt: isPassed(told.gates) ? null : level,
  });
  switch (level) {
    case 2:
      return after(locationLevel(sight, direction));
    case 3:
      return after(cascadeLevel(sight, direction));
    case 4:
      if (zone === null) throw new Error('Invariant: the trigger comes after the location');
      return after(triggerLevel(sight, direction, zone));
  }
}
