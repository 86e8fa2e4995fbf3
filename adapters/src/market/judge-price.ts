import type { LivePriceDoc } from '@tradewind/contracts/documents/market';
import type { EpochMs } from '@tradewind/core/lib/time';

/**
 * Decisions forgive a board this much lateness, wall milliseconds: while somebody watches, a board says
 * for display that it is old after 3 s, and a slow transaction is not a dead worker.
 */
export const BOARD_GRACE_MS = 15_000;

/** True while whoever writes the board still does; false also for a time from the future. */
export function isTold(
  { writtenAt, maxAgeMs }: Pick<LivePriceDoc, 'writtenAt' | 'maxAgeMs'>,
  wallNow: EpochMs,
): boolean {
  const age = wallNow - writtenAt;
  return age >= -BOARD_GRACE_MS && age <= Math.max(maxAgeMs, BOARD_GRACE_MS);
}

/** The price as decisions see it: on a board that fell silent every price is stale (MD-60). */
export const judgedPrice = (told: LivePriceDoc, wallNow: EpochMs): LivePriceDoc =>
  isTold(told, wallNow) ? told : { ...told, stale: true };

/** The prices of `keys` as decisions see them; what no board has is left out. */
export const judgedPrices = (
  prices: ReadonlyMap<string, LivePriceDoc>,
  keys: readonly string[],
  wallNow: EpochMs,
): ReadonlyMap<string, LivePriceDoc> =>
  new Map(
    keys.flatMap((key) => {
      const told = prices.get(key);
      return told === undefined ? [] : [[key, judgedPrice(told, wallNow)] as const];
    }),
  );
