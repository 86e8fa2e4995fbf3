/** Time that a handler may take for one tick (MD-74). */
export const SLOW_MS = 50;
const WITHIN_MS = 60_000;
const STRIKES = 3;

/** Times of the slow calls of each handler within the last minute. Plain data. */
export type SlowState = Record<string, number[]>;

export const slowInit = (): SlowState => ({});

/** One call of a handler. */
export type Call = { readonly handler: string; readonly tookMs: number; readonly now: number };

/**
 * What to do about a handler that took so long: nothing, log it with its symbol, or move it to a slower lane after the
 * third slow call within a minute (MD-74). Changes `state` in place.
 */
export function slowNext(
  state: SlowState,
  { handler, tookMs, now }: Call,
): 'fine' | 'log' | 'isolate' {
  if (tookMs <= SLOW_MS) return 'fine';
  const recent = (state[handler] ?? []).filter((at) => now - at < WITHIN_MS);
  recent.push(now);
  state[handler] = recent.slice(-STRIKES);
  return recent.length >= STRIKES ? 'isolate' : 'log';
}
