import type { DataSessionDoc } from './market.ts';

/** Coverage below which a backtest must say that it accepts gaps, percent (MD-92). */
export const FULL_COVERAGE_PCT = 99;

/**
 * The markets of a session for which a backtest must say `allowGaps`: covered to less than 99 %, or not known
 * (MD-92). Empty for a session without a flaw.
 */
export const gappyMarkets = ({ marketKeys, coveragePct }: DataSessionDoc): string[] =>
  marketKeys.filter((key) => !((coveragePct[key] ?? 0) >= FULL_COVERAGE_PCT));

/** True where a backtest on this session must say `allowGaps` (MD-92). */
export const needsAllowGaps = (session: DataSessionDoc): boolean =>
  gappyMarkets(session).length > 0;

/** True where a session can feed strategies that look at single trades (MD-94). */
export const canDriveTicks = ({ granularity, status }: DataSessionDoc): boolean =>
  granularity === 'ticks' && status === 'COMPLETED';

/** The latest time of what a session covers: when it was ended, at the latest when it was to end. */
export function sessionEnd({ endedAt, endsAt }: DataSessionDoc): number | null {
  if (endedAt === null || endsAt === null) return endedAt ?? endsAt;
  return Math.min(endedAt, endsAt);
}
