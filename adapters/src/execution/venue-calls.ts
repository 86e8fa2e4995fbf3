import { durationMs } from '@tradewind/core/lib/time';
import type { Lookup, SubmitOutcome, Venue, VenueError, VenueOrder } from '../venue/venue.ts';
import { random, sleep, type ExecutionPorts } from './ports.ts';

/** One call and three more (05, section 6). */
const RETRIES = 3;
const FIRST_DELAY_MS = 100;
/** EXE-19: beyond this a submission waits in the queue and not in a process. */
const SUBMIT_BUDGET_MS = 10_000;
/** With less time left than this another attempt would hardly have its answer. */
const SHORTEST_ATTEMPT_MS = 1_000;
/** Pauses differ by as much to either side, so that what failed together does not come back together. */
const JITTER = 0.2;

const delayOf = (ports: ExecutionPorts, attempt: number, error: VenueError): number => {
  const spread = 1 + JITTER * (2 * random(ports) - 1);
  // A venue that names a time means it.
  return Math.max(Math.round(FIRST_DELAY_MS * 2 ** attempt * spread), error.retryAfterMs ?? 0);
};

/**
 * Repeats a call that has no effect at the venue, or one that may be made twice, while it fails
 * in a way that a repetition can cure.
 *
 * @param failureOf - the error of an answer, `null` for a success.
 */
export async function withRetries<T>(
  ports: ExecutionPorts,
  call: () => Promise<T>,
  failureOf: (answer: T) => VenueError | null,
): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    const answer = await call();
    const error = failureOf(answer);
    if (error === null || attempt >= RETRIES || !error.retryable) return answer;
    const delay = delayOf(ports, attempt, error);
    if (delay > SUBMIT_BUDGET_MS) return answer;
    await sleep(ports, durationMs(delay));
  }
}

/** The error of a look-up that failed. */
export const lookupFailure = (lookup: Lookup): VenueError | null =>
  lookup.kind === 'failed' ? lookup.error : null;

/** The error of a call with a plain result. */
export const resultFailure = (
  result: { readonly ok: true } | { readonly ok: false; readonly error: VenueError },
): VenueError | null => (result.ok ? null : result.error);

/**
 * Sends an order. Only what was definitely not sent is repeated, and all attempts together take
 * ten seconds at most (EXE-19); an unclear fate is returned at once.
 *
 * @param mayStillSend - asked before every attempt, the first being 0; when false, the last outcome stands.
 */
export async function submitOrder(
  ports: ExecutionPorts,
  venue: Venue,
  {
    order,
    mayStillSend,
  }: { readonly order: VenueOrder; readonly mayStillSend: (attempt: number) => Promise<boolean> },
): Promise<SubmitOutcome> {
  const startedAt = ports.clock.wallNow();
  let outcome: SubmitOutcome = NEVER_TRIED;
  for (let attempt = 0; attempt <= RETRIES && (await mayStillSend(attempt)); attempt += 1) {
    const left = SUBMIT_BUDGET_MS - (ports.clock.wallNow() - startedAt);
    outcome = await venue.submit(order, left);
    if (outcome.kind !== 'notSent' || !outcome.error.retryable) return outcome;
    const delay = delayOf(ports, attempt, outcome.error);
    const spent = ports.clock.wallNow() - startedAt;
    const isTooLate = spent + delay + SHORTEST_ATTEMPT_MS > SUBMIT_BUDGET_MS;
    if (attempt === RETRIES || isTooLate) return outcome;
    await sleep(ports, durationMs(delay));
  }
  return outcome;
}

const NEVER_TRIED: SubmitOutcome = {
  kind: 'notSent',
  error: {
    code: 'ClaimExpired',
    severity: 'MEDIUM',
    retryable: true,
    message: 'the right to send it ran out before it was sent',
    retryAfterMs: null,
  },
};
