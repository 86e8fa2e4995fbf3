import type { Verdict } from './strategy.ts';

/**
 * What a strategy says of its emergency exit while something is held (STR-33): it is `known`; it has been `unknown` for
 * longer than people should not hear of it; or the position is `handedOver` to stops that are tightened. `null`: the
 * strategy has no such exit.
 */
export function handOverOf(view: Verdict['view']): 'known' | 'unknown' | 'handedOver' | null {
  if (view === null || !('handOver' in view)) return null;
  if (view['handOver'] === true) return 'handedOver';
  return view['alert'] === true ? 'unknown' : 'known';
}
