import type { EpochMs } from '../lib/time.ts';
import type { CloseReason } from '../order/intent.ts';

/** How long a position may be held, seconds; `null` = no limit (06, section 7). */
export type HoldLimits = {
  readonly minSeconds: number | null;
  readonly maxSeconds: number | null;
  /** One extension by half while the trailing stop is beyond break-even (PF-55). */
  readonly extend: boolean;
};

export const HOLD_LIMITS = {
  scalping: { minSeconds: 30, maxSeconds: 300, extend: false },
  microTrend: { minSeconds: 300, maxSeconds: 900, extend: false },
  none: { minSeconds: null, maxSeconds: null, extend: false },
} as const satisfies Record<string, HoldLimits>;

const EXTENSION = 1.5;

/** Whether the longest time is over (PF-55). */
export function isHeldTooLong(
  { maxSeconds, extend }: HoldLimits,
  held: { readonly openedAt: EpochMs; readonly now: EpochMs; readonly stopBeyondEntry: boolean },
): boolean {
  if (maxSeconds === null) return false;
  const limit = maxSeconds * (extend && held.stopBeyondEntry ? EXTENSION : 1);
  return held.now - held.openedAt >= 1_000 * limit;
}

const HALF_R = 0.5;

/** Whether the shortest time holds an exit back (PF-56): the strategy's own, and a small profit; nothing that protects. */
export function isHeldBack(
  { minSeconds }: HoldLimits,
  exit: {
    readonly openedAt: EpochMs;
    readonly now: EpochMs;
    readonly reason: CloseReason;
    /** Profit in units of the initial risk; `null` = not known. */
    readonly inR: number | null;
  },
): boolean {
  if (minSeconds === null || exit.now - exit.openedAt >= 1_000 * minSeconds) return false;
  if (exit.reason === 'ZE1') return true;
  return exit.reason === 'take_profit' && exit.inR !== null && exit.inR < HALF_R;
}
