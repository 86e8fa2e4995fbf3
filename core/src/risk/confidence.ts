import type { EntryCandidate } from '../order/gate-context.ts';
import { blocked, passed, type RiskCheck } from './check.ts';

/** Gate 6: the confidence floor of live books (RSK-30, STR-23). */
export const checkConfidence: RiskCheck<EntryCandidate> = ({ signal, context }) => {
  const floor = context.limits.minConfidence;
  const measured = {
    check: 'confidence',
    value: signal.confidence,
    limit: floor,
  };
  return floor === null || signal.confidence >= floor
    ? passed(measured)
    : blocked(
        measured,
        'low_confidence',
        `Confidence ${signal.confidence} is below ${floor}, the floor of a ${context.book.mode} book.`,
      );
};
