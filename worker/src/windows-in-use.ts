import type { Clock } from '@tradewind/adapters/clock/clock';
import {
  register,
  release,
  sweep,
  windowsInUse,
  type IndicatorUses,
  type Usage,
} from '@tradewind/core/strategy/sectioned/indicator-uses';

/** A strategy that runs in a market, and the variants on trades that it reads there. */
export type Reader = {
  readonly strategyId: string;
  readonly sessionId: string | null;
  readonly marketKey: string;
  readonly windows: readonly string[];
};

const usageOf = ({ strategyId, sessionId, marketKey, windows }: Reader): Usage => ({
  sessionId: sessionId ?? 'none',
  marketKey,
  user: strategyId,
  needs: { variants: {}, windows },
});

/**
 * Counts who reads which variant on trades (STR-38, STR-40): what the first user brings is computed from then on, and a
 * minute after the last one left it is not any more. Nothing is kept elsewhere: after a restart whoever runs is counted anew.
 */
export function createWindowsInUse({ wallNow }: Pick<Clock, 'wallNow'>) {
  let uses: IndicatorUses = {};
  let known = new Map<string, Usage>();
  return {
    /** Once a second, with all that run. @returns The variants to be computed, by market. */
    count: (readers: readonly Reader[]): ReadonlyMap<string, readonly string[]> => {
      const now = wallNow();
      const usages = readers.filter(({ windows }) => windows.length > 0).map(usageOf);
      const next = new Map(usages.map((usage) => [JSON.stringify(usage), usage]));
      for (const [key, usage] of known) if (!next.has(key)) uses = release(uses, usage, now);
      for (const [key, usage] of next) if (!known.has(key)) uses = register(uses, usage);
      known = next;
      uses = sweep(uses, now);
      return windowsInUse(uses);
    },
  };
}
