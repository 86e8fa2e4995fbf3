import { durationMs, epochMs, later, type EpochMs } from '../lib/time.ts';

/** States of a service breaker (RSK-85). */
export const BREAKER_STATUSES = ['CLOSED', 'OPEN', 'HALF_OPEN'] as const;
export type BreakerStatus = (typeof BREAKER_STATUSES)[number];

/** Which state may follow which (RSK-85); a ban or a person may open one from anywhere. */
export const BREAKER_TRANSITIONS: Readonly<Record<BreakerStatus, readonly BreakerStatus[]>> = {
  CLOSED: ['OPEN'],
  OPEN: ['HALF_OPEN'],
  HALF_OPEN: ['OPEN', 'CLOSED'],
};

/** Parameters of 04, section 11; times are wall milliseconds. */
export type BreakerSettings = {
  /** Consecutive failures that open it. */
  readonly failures: number;
  readonly openMs: number;
  /** Successes of probes that close it. */
  readonly successes: number;
  /** A probe without an answer for so long no longer keeps others from probing. */
  readonly probeMs: number;
};

export const BREAKER: BreakerSettings = {
  failures: 5,
  openMs: 60_000,
  successes: 2,
  probeMs: 15_000,
};

/** One breaker; every time is wall time. */
export type Breaker = {
  readonly status: BreakerStatus;
  /** Consecutive failures while CLOSED. */
  readonly failures: number;
  /** Successes while HALF_OPEN. */
  readonly successes: number;
  readonly lastFailureAt: EpochMs | null;
  /** Code of the last failure. */
  readonly lastError: string | null;
  readonly changedAt: EpochMs;
  /** When it first left CLOSED; `null` while CLOSED. */
  readonly openedAt: EpochMs | null;
  /** OPEN: from then on one call may probe; `null` is never, until a person resets it. */
  readonly probeAt: EpochMs | null;
  /** HALF_OPEN: until then a probe is under way. */
  readonly probeUntil: EpochMs | null;
};

/** A breaker that has seen nothing yet. */
export const closedBreaker = (now: EpochMs): Breaker => ({
  status: 'CLOSED',
  failures: 0,
  successes: 0,
  lastFailureAt: null,
  lastError: null,
  changedAt: now,
  openedAt: null,
  probeAt: null,
  probeUntil: null,
});

/** What happened at the service. */
export type BreakerEvent =
  | { readonly kind: 'success' }
  | { readonly kind: 'failure'; readonly code: string }
  /** It shut us out, until `until` (a ban) or until a person has done something (`null`). */
  | { readonly kind: 'shut'; readonly code: string; readonly until: EpochMs | null }
  /** A person says that the cause is gone: one probe may go. */
  | { readonly kind: 'reset' };

/** Whether a call may go. */
export type Admission =
  | { readonly kind: 'pass' }
  /** As the one probe; `breaker` is the state that says so and must be stored first. */
  | { readonly kind: 'probe'; readonly breaker: Breaker }
  | { readonly kind: 'refused'; readonly retryAt: EpochMs | null };

/** Decides on one call at `now` (RSK-85: one probe at a time while HALF_OPEN). */
export function admit(
  breaker: Breaker,
  now: EpochMs,
  { probeMs }: BreakerSettings = BREAKER,
): Admission {
  const probing = { probeAt: null, probeUntil: later(now, durationMs(probeMs)) };
  switch (breaker.status) {
    case 'CLOSED':
      return { kind: 'pass' };
    case 'OPEN':
      return breaker.probeAt !== null && breaker.probeAt <= now
        ? {
            kind: 'probe',
            breaker: { ...breaker, ...probing, status: 'HALF_OPEN', successes: 0, changedAt: now },
          }
        : { kind: 'refused', retryAt: breaker.probeAt };
    case 'HALF_OPEN':
      return breaker.probeUntil === null || breaker.probeUntil <= now
        ? { kind: 'probe', breaker: { ...breaker, ...probing } }
        : { kind: 'refused', retryAt: breaker.probeUntil };
  }
}

/**
 * The breaker after an event at `now`; the same object when nothing changes.
 *
 * Answers to calls that left before it opened say nothing new: while OPEN they are passed over.
 */
export function stepBreaker(
  breaker: Breaker,
  event: BreakerEvent,
  { now, settings = BREAKER }: { readonly now: EpochMs; readonly settings?: BreakerSettings },
): Breaker {
  switch (event.kind) {
    case 'shut':
      return opened(breaker, event, { now, probeAt: latest(breaker, event.until) });
    case 'reset':
      return breaker.status === 'OPEN' ? { ...breaker, probeAt: now } : breaker;
    case 'failure':
      return failed(breaker, event, { now, settings });
    case 'success':
      return succeeded(breaker, { now, settings });
  }
}

/** A ban never ends earlier because another one was announced meanwhile. */
function latest({ status, probeAt }: Breaker, until: EpochMs | null): EpochMs | null {
  if (status !== 'OPEN' || until === null) return until;
  return probeAt === null ? null : epochMs(Math.max(probeAt, until));
}

type At = { readonly now: EpochMs; readonly settings: BreakerSettings };

const opened = (
  breaker: Breaker,
  { code }: { readonly code: string },
  { now, probeAt }: { readonly now: EpochMs; readonly probeAt: EpochMs | null },
): Breaker => ({
  ...breaker,
  status: 'OPEN',
  successes: 0,
  lastFailureAt: now,
  lastError: code,
  changedAt: breaker.status === 'OPEN' ? breaker.changedAt : now,
  openedAt: breaker.openedAt ?? now,
  probeAt,
  probeUntil: null,
});

function failed(
  breaker: Breaker,
  event: { readonly code: string },
  { now, settings }: At,
): Breaker {
  if (breaker.status === 'OPEN') return breaker;
  const failures = breaker.failures + 1;
  const isOver = breaker.status === 'HALF_OPEN' || failures >= settings.failures;
  return isOver
    ? opened({ ...breaker, failures }, event, {
        now,
        probeAt: later(now, durationMs(settings.openMs)),
      })
    : { ...breaker, failures, lastFailureAt: now, lastError: event.code };
}

function succeeded(breaker: Breaker, { now, settings }: At): Breaker {
  switch (breaker.status) {
    case 'CLOSED':
      return breaker.failures === 0 ? breaker : { ...breaker, failures: 0 };
    case 'OPEN':
      return breaker;
    case 'HALF_OPEN': {
      const successes = breaker.successes + 1;
      return successes >= settings.successes
        ? { ...closedBreaker(now), lastFailureAt: breaker.lastFailureAt, successes }
        : { ...breaker, successes, probeUntil: null };
    }
  }
}
