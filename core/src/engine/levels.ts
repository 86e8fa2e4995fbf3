import { priceFromFloat, priceOfSteps, type Price } from '../lib/units.ts';
import type { Signal } from '../strategy/decision.ts';
import type { Wish } from '../strategy/strategy.ts';
import type { Instance } from './engine.ts';

/** Floats of a price this close to a step of the grid, in steps, mean that step. */
const SAME_STEP = 1e-6;

/** A float as a price on the market's grid; one between two steps goes up or down as told. */
function onGrid(px: number, { tickSize }: Instance['grid'], rounding: 'floor' | 'ceil'): Price {
  const steps = px / tickSize;
  const nearest = Math.round(steps);
  const isSame = Math.abs(steps - nearest) < SAME_STEP;
  const whole = isSame ? nearest : rounding === 'ceil' ? Math.ceil(steps) : Math.floor(steps);
  return priceOfSteps(priceFromFloat(tickSize, 'floor'), whole);
}

/** Levels of an entry, rounded to our side: a stop is tighter, a target nearer, never the other way. */
export function levelsOf(
  { direction, suggestedStop, suggestedTarget }: Wish,
  grid: Instance['grid'],
): Pick<Signal, 'suggestedStop' | 'suggestedTarget'> {
  const [up, down] =
    direction === 'LONG' ? (['ceil', 'floor'] as const) : (['floor', 'ceil'] as const);
  return {
    suggestedStop: suggestedStop === null ? null : onGrid(suggestedStop, grid, up),
    suggestedTarget: suggestedTarget === null ? null : onGrid(suggestedTarget, grid, down),
  };
}
