import type { EntryCandidate } from '../order/gate-context.ts';
import { judgeSkew, SKEW_BLOCK_MS } from '../market/skew.ts';
import { seconds } from '../lib/time.ts';
import { blocked, idle, passed, warned, type RiskCheck } from './check.ts';

const NO_CLOCK = idle('clockSkew');
const NO_VENUE = idle('reconciled');
/** A comparison with the venue older than this says nothing about now (gate 5). */
const CLEAN_WITHIN = seconds(60);

/** Gate 4: the venue's clock and ours agree (MD-25). Not known blocks a live book, and a paper one trades on. */
export const checkClockSkew: RiskCheck<EntryCandidate> = ({ context }) => {
  const { clockSkewMs, book } = context;
  if (clockSkewMs === null && book.mode === 'paper') return NO_CLOCK;
  const measured = { check: 'clockSkew', value: clockSkewMs, limit: SKEW_BLOCK_MS };
  switch (judgeSkew(clockSkewMs ?? Number.NaN)) {
    case 'ok':
      return passed(measured);
    case 'warn':
      return warned(measured);
    case 'block':
      return blocked(
        measured,
        'clock_skew',
        clockSkewMs === null
          ? "How far the venue's clock is from ours is not known."
          : `The venue's clock is ${clockSkewMs} ms from ours; ${SKEW_BLOCK_MS} are allowed.`,
      );
  }
};

/**
 * Gate 5: no book enters while it is known not to agree with its venue, and a live one only if it was found to agree
 * within the last minute.
 */
export const checkReconciled: RiskCheck<EntryCandidate> = ({ context }) => {
  const { reconciledAgeMs, outOfStep, book } = context;
  if (outOfStep !== null)
    return blocked({ check: 'reconciled', value: null, limit: CLEAN_WITHIN }, 'paused', outOfStep);
  if (book.mode === 'paper') return NO_VENUE;
  const measured = { check: 'reconciled', value: reconciledAgeMs, limit: CLEAN_WITHIN };
  return reconciledAgeMs !== null && Math.abs(reconciledAgeMs) <= CLEAN_WITHIN
    ? passed(measured)
    : blocked(
        measured,
        'paused',
        reconciledAgeMs === null
          ? 'The book was never found to agree with its venue.'
          : `The book was last found to agree with its venue ${Math.round(reconciledAgeMs / 1_000)} s ago; entries want 60.`,
      );
};
