import type { EpochMs } from '../lib/time.ts';
import { toNumber, type Price } from '../lib/units.ts';
import type { CloseReason } from '../order/intent.ts';
import type { Position } from './position.ts';

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

/** Whether an open position has been held for too long (PF-55). */
export function isOverstayed(
  { protection, side, openedAt, averageEntry }: Overstay,
  now: EpochMs,
): boolean {
  const { hold, trailingStop } = protection;
  if (hold === undefined) return false;
  const stopBeyondEntry =
    trailingStop !== null &&
    (side === 'LONG' ? trailingStop > averageEntry : trailingStop < averageEntry);
  return isHeldTooLong(hold, { openedAt, now, stopBeyondEntry });
}

type Overstay = Pick<Position, 'protection' | 'side' | 'openedAt' | 'averageEntry'>;

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

/** Whether a position's shortest time holds back an exit for `reason` at `price`, `null` where that does not matter (PF-56). */
export function isExitHeldBack(
  { protection, side, openedAt, averageEntry }: Overstay,
  exit: { readonly reason: CloseReason; readonly now: EpochMs; readonly price: Price | null },
): boolean {
  const { hold, initialStop } = protection;
  if (hold === undefined) return false;
  const entry = toNumber(averageEntry);
  const risk = initialStop === undefined ? 0 : Math.abs(entry - toNumber(initialStop));
  const gain =
    exit.price === null ? 0 : (side === 'LONG' ? 1 : -1) * (toNumber(exit.price) - entry);
  const inR = exit.price === null || risk === 0 ? null : gain / risk;
  return isHeldBack(hold, { openedAt, now: exit.now, reason: exit.reason, inR });
}
