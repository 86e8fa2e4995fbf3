import { parseVariant } from '../indicator/variant-name.ts';
import { samplesReach } from '../orderflow/tick-volatility.ts';
import { MAX_HORIZON_SECONDS, tapeReach } from '../orderflow/tick-window-tape.ts';
import { reachSeconds } from './evaluate.ts';
import type { AnalyticsState } from './state.ts';

/**
 * Has the view tell these variants on trades besides those that every market has, and the market's trades kept for as
 * long as they look back; a window is ready once its time has been seen. Replaces what was asked for before (STR-38,
 * STR-40).
 *
 * @param names Canonical names. One that is none, or is computed on closed bars, is told as unknown: `null`.
 */
export function analyticsNeed(state: AnalyticsState, names: readonly string[]): void {
  const known = names.flatMap((name) => {
    const parsed = parseVariant(name);
    return parsed.ok && parsed.value.kind !== 'bar' ? [parsed.value] : [];
  });
  const reach = Math.ceil(Math.max(state.config.horizonSeconds, ...known.map(reachSeconds)));
  const seconds = Math.min(reach, MAX_HORIZON_SECONDS);
  state.asked = names;
  tapeReach(state.tape, seconds);
  samplesReach(state.samples, seconds);
}
