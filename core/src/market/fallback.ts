/** How often a symbol is asked for over REST while its stream is silent (MD-62). */
export const POLL_MS = 5_000;

/** A symbol whose feed is stale or disconnected. */
export type Polled = {
  readonly marketKey: string;
  readonly hasPosition: boolean;
  /** `undefined` before the first poll. */
  readonly polledAt: number | undefined;
};

/**
 * Symbols to ask for now, most urgent first: those with open positions, then those that have waited longest (MD-62).
 *
 * @param budget How many requests the venue's rate limit leaves.
 */
export const duePolls = (
  symbols: readonly Polled[],
  now: number,
  budget: number,
): readonly Polled[] =>
  symbols
    .filter(({ polledAt }) => polledAt === undefined || now - polledAt >= POLL_MS)
    .sort((a, b) =>
      a.hasPosition === b.hasPosition
        ? (a.polledAt ?? 0) - (b.polledAt ?? 0)
        : Number(b.hasPosition) - Number(a.hasPosition),
    )
    .slice(0, Math.max(0, budget));
