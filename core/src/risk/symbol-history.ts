import { epochMs, later, minutes, type EpochMs } from '../lib/time.ts';
import type { Side } from '../order/intent.ts';

/** The first fill of an order: fills of one order are one trade, however many they are. */
type FirstFill = { readonly at: EpochMs; readonly side: Side };

/** What a book has done in one symbol, as far as cooldowns and patterns ask (RSK-62); market times. */
export type SymbolHistory = {
  /** Of any fill: a partial one counts as well (RSK-60). */
  readonly lastFillAt: EpochMs;
  readonly lastSide: Side;
  /** Within the last ten minutes, oldest first. */
  readonly fills: readonly FirstFill[];
  /** Round trips in a row that lost. */
  readonly losses: number;
  readonly blockedUntil: EpochMs | null;
  readonly blockedFor: string | null;
};

const WINDOW = minutes(10);
const BURST_WINDOW = minutes(5);
const MAX_ALTERNATIONS = 3;
const MAX_BURST = 6;
const MAX_LOSSES = 3;
/** More than the patterns ask for; a burst that blocks empties the list. */
const KEPT = 12;
const BLOCK = minutes(60);
const HOUR = minutes(60);

/** Why what was just filled is a pattern that must not go on (RSK-63); `null` when it is none. */
function patternOf(fills: readonly FirstFill[], losses: number, now: EpochMs): string | null {
  let alternations = 0;
  for (let index = 1; index < fills.length; index += 1)
    if (fills[index]?.side !== fills[index - 1]?.side) alternations += 1;
  if (alternations >= MAX_ALTERNATIONS)
    return `fills changed sides ${alternations} times within ten minutes`;
  const burst = fills.filter(({ at }) => now - at < BURST_WINDOW).length;
  if (burst >= MAX_BURST) return `${burst} orders were filled within five minutes`;
  return losses >= MAX_LOSSES ? `${losses} round trips in a row lost` : null;
}

/** A fill as a symbol's history takes it. */
export type SeenFill = {
  readonly at: EpochMs;
  readonly side: Side;
  /** Whether it is the first of its order. */
  readonly isFirst: boolean;
  /** How the round trip ended that it closed; `null` when it closed none. */
  readonly closed: 'loss' | 'other' | null;
};

/**
 * The history after one more fill; a pattern blocks the symbol for an hour and begins to count anew (RSK-63).
 *
 * Fills that come out of order count where they belong in time: the last one is the latest.
 */
export function recordFill(
  known: SymbolHistory | undefined,
  fill: SeenFill,
): { readonly history: SymbolHistory; readonly blocked: string | null } {
  const isLatest = known === undefined || fill.at >= known.lastFillAt;
  const now = epochMs(isLatest ? fill.at : known.lastFillAt);
  const added = fill.isFirst ? [{ at: fill.at, side: fill.side }] : [];
  const fills = [...(known?.fills ?? []), ...added]
    .filter(({ at }) => now - at < WINDOW)
    .toSorted((a, b) => a.at - b.at)
    .slice(-KEPT);
  const before = known?.losses ?? 0;
  const losses = fill.closed === null ? before : fill.closed === 'loss' ? before + 1 : 0;
  const pattern = patternOf(fills, losses, now);
  const last = { lastFillAt: now, lastSide: isLatest ? fill.side : known.lastSide };
  if (pattern === null) {
    const { blockedUntil, blockedFor } = known ?? { blockedUntil: null, blockedFor: null };
    return { history: { ...last, fills, losses, blockedUntil, blockedFor }, blocked: null };
  }
  const blockedUntil = later(now, BLOCK);
  return {
    history: { ...last, fills: [], losses: 0, blockedUntil, blockedFor: pattern },
    blocked: pattern,
  };
}

/** Times within the last hour, and `at` as well. */
export const withinHour = (times: readonly EpochMs[], at: EpochMs): readonly EpochMs[] =>
  times.filter((time) => at - time < HOUR);
