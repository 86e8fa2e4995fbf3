import type { EpochMs } from '../lib/time.ts';
import { marginAction, type MarginAction } from './margin-health.ts';

/** What is remembered of one position's margin from look to look; wall times. */
export type MarginWatch = {
  readonly action: MarginAction;
  /** Since when its health is below 0.5, or not known; `null` while it is neither. */
  readonly lowSince: EpochMs | null;
  /** It was made smaller, and its health has not been above 0.3 since. */
  readonly reduced: boolean;
};

/** What a look at a position's margin asks for now. */
export type MarginStep = {
  readonly watch: MarginWatch;
  /** People are told: at once of a danger, of the rest after half a minute (RSK-103). */
  readonly tell: 'low' | 'danger' | null;
  /** A part of it is sold: once for each fall below 0.3. */
  readonly reduce: boolean;
  /** All of it is sold. */
  readonly close: boolean;
};

/** A health below 0.5 is told when it has lasted for so long. */
const TELL_AFTER_MS = 30_000;
const LOW: readonly MarginAction[] = ['warn', 'reduce', 'close'];

/**
 * Judges one look at the margin of a position by what the looks before have done.
 *
 * Selling a part of an isolated position frees its part of the margin, so that its health stays as it was: it is
 * therefore done once for each fall, and what goes on falling is closed.
 */
export function marginStep(
  known: MarginWatch | undefined,
  look: {
    readonly health: number | null;
    readonly liquidation: Parameters<typeof marginAction>[1];
    readonly now: EpochMs;
  },
): MarginStep {
  const { health, liquidation, now } = look;
  const action = marginAction(health, liquidation);
  const lowSince = LOW.includes(action) ? (known?.lowSince ?? now) : null;
  const isDeep = action === 'reduce' || action === 'close';
  const lasts = lowSince !== null && now - lowSince >= TELL_AFTER_MS;
  return {
    watch: { action, lowSince, reduced: isDeep },
    tell: action === 'close' ? 'danger' : lasts ? 'low' : null,
    reduce: action === 'reduce' && known?.reduced !== true,
    close: action === 'close',
  };
}
