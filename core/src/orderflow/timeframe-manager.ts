/** Windows that analytics are served for (section 10 of the indicators' specification). */
export const TIMEFRAME_RULES = {
  '15s': { windowMs: 15_000, minTicks: 30, refreshMs: 5_000 },
  '1m': { windowMs: 60_000, minTicks: 60, refreshMs: 10_000 },
  '5m': { windowMs: 300_000, minTicks: 200, refreshMs: 30_000 },
  '15m': { windowMs: 900_000, minTicks: 500, refreshMs: 60_000 },
  '1h': { windowMs: 3_600_000, minTicks: 1_500, refreshMs: 120_000 },
} as const;
export type ManagedTimeframe = keyof typeof TIMEFRAME_RULES;

/** A result may be this many refresh times old before nobody may use it (IND-96). */
const USABLE_FOR = 3;

/** What is known of one timeframe. */
type Entry<T> = {
  /** The last result, computed at `asOf`; `null` before the first. */
  result: { readonly value: T; readonly asOf: number } | null;
  /** When its last bar closed: an older result is to be computed anew; `null` before the first. */
  closedAt: number | null;
  /** When somebody began to compute; `null` when nobody does. */
  claimedAt: number | null;
};

/** Cached analytics of one market by timeframe. JSON-able when the values are. */
export type ManagerState<T> = { readonly [timeframe in ManagedTimeframe]: Entry<T> };

const entry = <T>(): Entry<T> => ({ result: null, closedAt: null, claimedAt: null });

/** A cache that holds nothing. */
export const managerInit = <T>(): ManagerState<T> => ({
  '15s': entry(),
  '1m': entry(),
  '5m': entry(),
  '15m': entry(),
  '1h': entry(),
});

/** True while a result may be used: at most three refresh times old, and not from the future (IND-96). */
export function isUsable(timeframe: ManagedTimeframe, asOf: number, now: number): boolean {
  const age = now - asOf;
  return age >= 0 && age <= USABLE_FOR * TIMEFRAME_RULES[timeframe].refreshMs;
}

/** What somebody who asks is told. */
export type Answer<T> =
  | { readonly kind: 'ready'; readonly value: T; readonly asOf: number }
  /** Too few ticks in the window: no signal (MD-50). */
  | { readonly kind: 'insufficient'; readonly ticks: number; readonly minTicks: number }
  /** Whoever is told so computes the value and hands it to {@link managerStore}. */
  | { readonly kind: 'compute' }
  /** Another one is computing, and there is no older result that may be used meanwhile. */
  | { readonly kind: 'pending' };

/** One question; times in epoch milliseconds on one clock. */
export type Question = {
  readonly timeframe: ManagedTimeframe;
  readonly now: number;
  /** Trades within the timeframe's window. */
  readonly ticks: number;
  /** Lower than the rule's only in a paper book (MD-50). */
  readonly minTicks?: number;
};

/**
 * Answers from the cache while the result is younger than the refresh time; otherwise tells the first who asks
 * to compute it, and the others to use what there is, or to wait (IND-95). A claim that brought no result
 * within a refresh time lapses.
 */
export function managerAsk<T>(state: ManagerState<T>, question: Question): Answer<T> {
  const { timeframe, now, ticks } = question;
  const { refreshMs, minTicks: least } = TIMEFRAME_RULES[timeframe];
  const minTicks = question.minTicks ?? least;
  // Written as "enough is known", so that a count that is no number is refused.
  const isEnough = ticks >= minTicks;
  if (!isEnough) return { kind: 'insufficient', ticks, minTicks };
  const cached = state[timeframe];
  const { result, claimedAt, closedAt } = cached;
  const age = result === null ? Infinity : now - result.asOf;
  const isForced = result !== null && closedAt !== null && result.asOf < closedAt;
  if (result !== null && !isForced && age >= 0 && age < refreshMs)
    return { kind: 'ready', ...result };
  const isClaimed = claimedAt !== null && now >= claimedAt && now - claimedAt < refreshMs;
  if (!isClaimed) {
    cached.claimedAt = now;
    return { kind: 'compute' };
  }
  return result !== null && isUsable(timeframe, result.asOf, now)
    ? { kind: 'ready', ...result }
    : { kind: 'pending' };
}

/** Keeps what was computed as of `asOf`, in place; what is older than what is there is left out. */
export function managerStore<T>(
  state: ManagerState<T>,
  timeframe: ManagedTimeframe,
  { value, asOf }: { readonly value: T; readonly asOf: number },
): void {
  const cached = state[timeframe];
  if (cached.claimedAt !== null && asOf >= cached.claimedAt) cached.claimedAt = null;
  if (cached.result === null || cached.result.asOf <= asOf) cached.result = { value, asOf };
}

/** A bar of the timeframe closed at `at`: the next who asks is told to compute (IND-96). */
export function managerClosed<T>(
  state: ManagerState<T>,
  timeframe: ManagedTimeframe,
  at: number,
): void {
  const cached = state[timeframe];
  cached.closedAt = Math.max(at, cached.closedAt ?? at);
  // What is being computed does not know of the bar.
  cached.claimedAt = null;
}

/** {@link managerAsk} for whoever can compute at once: at most one computation a refresh, whoever asks. */
export function managerServe<T>(
  state: ManagerState<T>,
  question: Question,
  compute: () => T,
): Answer<T> {
  const answer = managerAsk(state, question);
  if (answer.kind !== 'compute') return answer;
  const result = { value: compute(), asOf: question.now };
  managerStore(state, question.timeframe, result);
  return { kind: 'ready', ...result };
}
