import { ageMs, durationMs, type DurationMs, type EpochMs } from '../../lib/time.ts';

/** What a bot leans to on one bar. */
export type BotAction = 'BUY' | 'SELL' | 'HOLD';

/** A wish that is being held. All times are market time. JSON-able. */
export type Confirmation = {
  readonly action: 'BUY' | 'SELL';
  /** Close of the bar that first said so. */
  readonly startedAt: EpochMs;
  /** Close of the bar on which it had been held long enough; `null` before. */
  readonly confirmedAt: EpochMs | null;
  /** Close of the last bar that said so. */
  readonly heldAt: EpochMs;
  /** When that bar was evaluated. */
  readonly evaluatedAt: EpochMs;
};

/** What one bar says, and when. */
export type Held = {
  readonly action: BotAction;
  readonly barCloseAt: EpochMs;
  readonly now: EpochMs;
  /** Length of the bot's bars. */
  readonly interval: DurationMs;
  readonly confirmationMinutes: number;
};

/** Bars that may be missing, or bars' time that evaluation may pause, before a wish counts as new. */
const MAX_GAP_BARS = 3;

const unbroken = (previous: Confirmation, held: Held): boolean =>
  previous.action === held.action &&
  ageMs(previous.heldAt, held.barCloseAt) <= MAX_GAP_BARS * held.interval &&
  ageMs(previous.evaluatedAt, held.now) <= MAX_GAP_BARS * held.interval;

/**
 * Holds a wish from bar to bar: it is confirmed once every bar of `confirmationMinutes` said the same (STR-17).
 *
 * Another action, a HOLD, or a gap of more than three bars starts over, be the gap in the bars or in the
 * evaluation. Length is measured between bar closes, so that a replay confirms on the same bars as a live desk.
 */
export function confirmNext(previous: Confirmation | null, held: Held): Confirmation | null {
  const { action, barCloseAt, now } = held;
  if (action === 'HOLD') return null;
  const before = previous !== null && unbroken(previous, held) ? previous : null;
  const startedAt = before?.startedAt ?? barCloseAt;
  const needed = durationMs(held.confirmationMinutes * 60_000);
  const enough = ageMs(startedAt, barCloseAt) >= needed;
  const confirmedAt = before?.confirmedAt ?? (enough ? barCloseAt : null);
  return { action, startedAt, confirmedAt, heldAt: barCloseAt, evaluatedAt: now };
}
