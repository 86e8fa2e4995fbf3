import type { VenueError } from '@tradewind/adapters/venue/venue';
import type { World } from './world.ts';

/** The adapter gives up waiting after this. */
export const DEADLINE_MS = 5_000;
/** The venue refuses what was signed longer ago. */
export const RECEIVE_WINDOW_MS = 5_000;

/** An error of the venue, as the adapter tells it. */
export const failure = (
  code: string,
  { retryAfterMs = null, retryable = false }: Partial<VenueError> = {},
): VenueError => ({
  code,
  severity: 'MEDIUM',
  retryable,
  message: `the simulated venue says ${code}`,
  retryAfterMs,
});

/** What happens to an order on its way, and to its answer. */
export type SubmitHarm =
  /** `arriveMs` null: it never arrives. */
  | { readonly kind: 'lost'; readonly arriveMs: number | null; readonly code: string }
  | { readonly kind: 'notSent'; readonly error: VenueError }
  | { readonly kind: 'rejected'; readonly error: VenueError }
  /** Accepted; the answer has totals, and no fills. */
  | { readonly kind: 'bare' };

const RATE_LIMITED = failure('RateLimited', { retryable: true, retryAfterMs: 5_000 });
const RATE_BANNED = failure('RateBanned');

/** Harm to an order: lost on its way, answer lost, late, cut or unreadable, 5xx, 429, 418, refused. */
export function drawSubmitHarm({ dice, rates }: World): SubmitHarm | null {
  if (!dice.chance(rates().submit)) return null;
  const soon = dice.whole(5, 60);
  return dice.pick<SubmitHarm>([
    { kind: 'lost', arriveMs: null, code: 'NetworkTimeout' },
    { kind: 'lost', arriveMs: soon, code: 'NetworkTimeout' },
    { kind: 'lost', arriveMs: dice.whole(100, 9_000), code: 'NetworkTimeout' },
    { kind: 'lost', arriveMs: dice.chance(0.5) ? soon : null, code: 'VenueUnavailable' },
    { kind: 'lost', arriveMs: soon, code: 'SchemaMismatch' },
    { kind: 'lost', arriveMs: dice.chance(0.5) ? soon : null, code: 'ConnectionLost' },
    { kind: 'notSent', error: RATE_LIMITED },
    { kind: 'notSent', error: RATE_BANNED },
    { kind: 'notSent', error: failure('VenueUnavailable', { retryable: true }) },
    { kind: 'rejected', error: failure('PriceOutOfBand') },
    { kind: 'bare' },
  ]);
}

/** A call that failed; it may have been done all the same. */
export type QueryHarm = { readonly error: VenueError; readonly isMade: boolean };

/** Harm to a call that may be repeated. */
export function drawQueryHarm({ dice, rates }: World): QueryHarm | null {
  if (!dice.chance(rates().query)) return null;
  const error = dice.pick([
    failure('NetworkTimeout', { retryable: true }),
    RATE_LIMITED,
    RATE_BANNED,
    failure('SchemaMismatch'),
  ]);
  return { error, isMade: dice.chance(0.5) };
}
