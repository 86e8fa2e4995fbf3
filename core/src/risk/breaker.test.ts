import * as fc from 'fast-check';
import { epochMs, type EpochMs } from '../lib/time.ts';
import {
  admit,
  BREAKER,
  BREAKER_STATUSES,
  BREAKER_TRANSITIONS,
  closedBreaker,
  stepBreaker,
  type Breaker,
  type BreakerEvent,
} from './breaker.ts';

const at = (ms: number): EpochMs => epochMs(1_000_000 + ms);
const failure: BreakerEvent = { kind: 'failure', code: 'NetworkTimeout' };
const success: BreakerEvent = { kind: 'success' };

const after = (start: Breaker, events: readonly BreakerEvent[], ms = 0): Breaker =>
  events.reduce((breaker, event) => stepBreaker(breaker, event, { now: at(ms) }), start);
const times = (count: number, event: BreakerEvent) => Array.from({ length: count }, () => event);

const closed = closedBreaker(at(0));
const open = after(closed, times(5, failure));
const halfOpen = ((): Breaker => {
  const probe = admit(open, at(60_000));
  if (probe.kind !== 'probe') throw new Error('a probe is due');
  return probe.breaker;
})();
const STATES: Readonly<Record<Breaker['status'], Breaker>> = {
  CLOSED: closed,
  OPEN: open,
  HALF_OPEN: halfOpen,
};

test('opens at the fifth consecutive failure and not before (RSK-85)', () => {
  expect(after(closed, times(4, failure)).status).toBe('CLOSED');
  expect(open).toMatchObject({ status: 'OPEN', failures: 5, openedAt: at(0), probeAt: at(60_000) });
});

test('a success in CLOSED begins the count again (RSK-85)', () => {
  const mixed = after(closed, [...times(4, failure), success, ...times(4, failure)]);
  expect(mixed).toMatchObject({ status: 'CLOSED', failures: 4 });
});

test('lets nothing through while open, and one probe after 60 s (RSK-85)', () => {
  expect(admit(open, at(59_999))).toEqual({ kind: 'refused', retryAt: at(60_000) });
  expect(admit(open, at(60_000))).toMatchObject({
    kind: 'probe',
    breaker: { status: 'HALF_OPEN', successes: 0 },
  });
});

test('lets one probe at a time through while half-open (RSK-85)', () => {
  expect(admit(halfOpen, at(60_001)).kind).toBe('refused');
  const answered = stepBreaker(halfOpen, success, { now: at(60_100) });
  expect(answered).toMatchObject({ status: 'HALF_OPEN', successes: 1 });
  expect(admit(answered, at(60_200)).kind).toBe('probe');
});

test('a probe that never answers keeps nobody out for longer than its time', () => {
  const lost = admit(halfOpen, at(60_000 + BREAKER.probeMs));
  expect(lost.kind).toBe('probe');
});

test('closes at the second success of a probe; any failure opens it again (RSK-85)', () => {
  expect(after(halfOpen, [success, success], 60_100)).toMatchObject({
    status: 'CLOSED',
    failures: 0,
    openedAt: null,
  });
  expect(after(halfOpen, [success, failure], 60_100)).toMatchObject({
    status: 'OPEN',
    // The outage began when it first opened.
    openedAt: at(0),
    probeAt: at(120_100),
  });
});

test('a ban opens it at once for as long as it lasts, and a later one never shortens it', () => {
  const banned = stepBreaker(
    closed,
    { kind: 'shut', code: 'RateBanned', until: at(300_000) },
    { now: at(0) },
  );
  expect(admit(banned, at(299_999)).kind).toBe('refused');
  const again = stepBreaker(
    banned,
    { kind: 'shut', code: 'RateBanned', until: at(120_000) },
    { now: at(1_000) },
  );
  expect(again.probeAt).toBe(at(300_000));
});

test('a dead key keeps it open until a person resets it', () => {
  const shut = stepBreaker(
    closed,
    { kind: 'shut', code: 'AuthFailed', until: null },
    { now: at(0) },
  );
  expect(admit(shut, at(86_400_000)).kind).toBe('refused');
  const reset = stepBreaker(shut, { kind: 'reset' }, { now: at(90_000_000) });
  expect(admit(reset, at(90_000_000)).kind).toBe('probe');
});

test('answers to calls that left before it opened change nothing', () => {
  expect(after(open, [success, failure, success])).toBe(open);
});

test.each(BREAKER_STATUSES.flatMap((from) => BREAKER_STATUSES.map((to) => [from, to] as const)))(
  'the table decides whether %s may become %s, whatever happens (RSK-85)',
  (from, to) => {
    const start = STATES[from];
    const events: readonly BreakerEvent[] = [
      success,
      failure,
      { kind: 'shut', code: 'RateBanned', until: at(500_000) },
      { kind: 'reset' },
    ];
    const reached = new Set([
      ...events.map((event) => stepBreaker(start, event, { now: at(60_000) }).status),
      ...times(5, failure).map((_, n) => after(start, times(n + 1, failure), 60_000).status),
      ...[1, 2].map((n) => after(start, times(n, success), 60_000).status),
      ...[at(0), at(60_000)].flatMap((now) => {
        const admission = admit(start, now);
        return admission.kind === 'probe' ? [admission.breaker.status] : [];
      }),
    ]);
    const isAllowed = from === to || BREAKER_TRANSITIONS[from].includes(to);
    // In a few steps everything that is allowed is reached, and nothing else ever is.
    expect([...reached].filter((status) => status === to).length > 0).toBe(
      isAllowed &&
        (from !== 'CLOSED' || to !== 'HALF_OPEN') &&
        !(from === 'OPEN' && to === 'CLOSED'),
    );
  },
);

test('is CLOSED only with fewer than five failures in a row, whatever happens', () => {
  const event = fc.constantFrom<BreakerEvent>(success, failure);
  fc.assert(
    fc.property(fc.array(event, { maxLength: 40 }), (events) => {
      const end = after(closed, events);
      expect(end.status === 'CLOSED').toBe(end.failures < 5);
    }),
    { numRuns: 200 },
  );
});
