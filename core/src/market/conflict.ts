import type { MarketKind } from '../instrument/instrument.ts';

/** Disagreement must last this long before it counts, and silence of a source this long before it ends (MD-12). */
export const CONFLICT_MS = 10_000;

/** Largest difference of two sources, as a share of the execution venue's price (MD-12). */
export const conflictLimit = (kind: MarketKind): number =>
  kind === 'equity' || kind === 'option' || kind === 'forex' ? 0.002 : 0.005;

/** Whether two sources of one market agree: plain data that survives JSON. */
export type ConflictState = {
  /** Since when they have disagreed without a break; `null` while they agree. */
  since: number | null;
  comparedAt: number | null;
  /** Entries are blocked; exits go on by the execution venue's price. */
  active: boolean;
};

export const conflictInit = (): ConflictState => ({
  since: null,
  comparedAt: null,
  active: false,
});

/** Two prices of one market at one time, both young enough to be compared. */
export type Comparison = {
  /** Price at the venue that would execute; `undefined` where one of the two is unknown. */
  readonly venue: number | undefined;
  readonly other: number | undefined;
  readonly now: number;
};

/**
 * Compares two sources, changing `state` in place (MD-12).
 *
 * @param limit Share of the venue's price, such as `conflictLimit` gives.
 * @returns True while they have disagreed for 10 s or longer.
 */
export function conflictNext(
  state: ConflictState,
  { venue, other, now }: Comparison,
  limit: number,
): boolean {
  if (venue === undefined || other === undefined) {
    const silent = state.comparedAt === null || now - state.comparedAt >= CONFLICT_MS;
    if (silent) Object.assign(state, conflictInit());
    return state.active;
  }
  state.comparedAt = now;
  // A price that is not a number agrees with nothing.
  const agree = Math.abs(other - venue) <= limit * venue;
  if (agree) [state.since, state.active] = [null, false];
  else {
    state.since ??= now;
    state.active = now - state.since >= CONFLICT_MS;
  }
  return state.active;
}
