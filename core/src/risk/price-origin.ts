import type { EntryCandidate } from '../order/gate-context.ts';
import { blocked, passed, type RiskCheck } from './check.ts';

/** Recorded and synthetic prices never move real money (ARC-26). */
export const checkPriceOrigin: RiskCheck<EntryCandidate> = ({ context }) => {
  const { mode } = context.book;
  const origin = context.price?.origin ?? null;
  const measured = {
    check: 'priceOrigin',
    value: origin,
    limit: mode === 'paper' ? null : 'live',
  };
  return mode === 'paper' || origin === 'live'
    ? passed(measured)
    : blocked(
        measured,
        'mode_restriction',
        `A ${mode} book trades on live prices only; this one is ${origin ?? 'unknown'}.`,
      );
};
