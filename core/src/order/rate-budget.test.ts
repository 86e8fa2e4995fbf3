import * as fc from 'fast-check';
import { BUDGET, CALL_CLASSES, fullBudget, slowDown, take, type Budget } from './rate-budget.ts';

const entry = { kind: 'entry', weight: 1, now: 0 } as const;

/** How many calls of a class go at once. */
function burst(budget: Budget, kind: (typeof CALL_CLASSES)[number], now = 0): number {
  let left = budget;
  for (let count = 0; ; count += 1) {
    const taken = take(left, { kind, weight: 1, now });
    if (!taken.ok) return count;
    left = taken.budget;
  }
}

test.each([
  ['emergency', 10],
  ['exit', 10],
  ['cancel', 7],
  ['entry', 7],
  ['sync', 7],
  ['history', 7],
] as const)(
  'of a full bucket %s calls may take %i: 30 %% is for exits and emergencies (EXE-73, EXE-91, RSK-93)',
  (kind, count) => {
    expect(burst(fullBudget(0), kind)).toBe(count);
  },
);

test('the eleventh call of a second waits a tenth of a second (EXE-T16, EXE-90)', () => {
  let left = fullBudget(0);
  for (let count = 0; count < 10; count += 1) {
    const taken = take(left, { kind: 'exit', weight: 1, now: 0 });
    if (taken.ok) left = taken.budget;
  }
  expect(take(left, { kind: 'exit', weight: 1, now: 0 })).toEqual({ ok: false, at: 100 });
  expect(take(left, { kind: 'exit', weight: 1, now: 100 }).ok).toBe(true);
});

test('weighted endpoints spend their weight, and one beyond the bucket waits for a full one', () => {
  expect(take(fullBudget(0), { ...entry, weight: 4 })).toMatchObject({
    ok: true,
    budget: { tokens: 6 },
  });
  expect(take(fullBudget(0), { ...entry, weight: 50 }).ok).toBe(true);
});

test('a rate error pauses its class for 5 s; exits still pass (EXE-92, EXE-T16)', () => {
  const slowed = slowDown(fullBudget(0), { kind: 'entry', now: 0, retryAfterMs: null });
  expect(take(slowed, { ...entry, now: 4_999 })).toEqual({ ok: false, at: 5_000 });
  expect(take(slowed, { ...entry, now: 5_000 }).ok).toBe(true);
  expect(take(slowed, { kind: 'exit', weight: 1, now: 0 }).ok).toBe(true);
  expect(take(slowed, { kind: 'sync', weight: 1, now: 0 }).ok).toBe(true);
});

describe('where exits and emergencies may borrow (EXE-91)', () => {
  const lending = { ...BUDGET, overdraft: 10 };
  const spend = (budget: Budget, count: number): Budget =>
    Array.from({ length: count }).reduce<Budget>((left) => {
      const taken = take(left, { kind: 'exit', weight: 1, now: 0 }, lending);
      if (!taken.ok) throw new Error('nothing left');
      return taken.budget;
    }, budget);

  test('twice the burst goes at once, and then the pace holds', () => {
    const empty = spend(fullBudget(0), 20);
    const next = { kind: 'emergency', weight: 1, now: 0 } as const;
    expect(take(empty, next, lending)).toEqual({ ok: false, at: 100 });
  });

  test('nothing else goes until the debt is earned and the reserve is back', () => {
    const empty = spend(fullBudget(0), 20);
    expect(take(empty, { kind: 'entry', weight: 1, now: 1_300 }, lending).ok).toBe(false);
    expect(take(empty, { kind: 'entry', weight: 1, now: 1_400 }, lending).ok).toBe(true);
  });

  test('after a rate error nothing is lent', () => {
    const slowed = slowDown(spend(fullBudget(0), 10), { kind: 'exit', now: 0, retryAfterMs: null });
    expect(take(slowed, { kind: 'exit', weight: 1, now: 0 }, lending).ok).toBe(false);
  });
});

test('a Retry-After that is longer counts', () => {
  const slowed = slowDown(fullBudget(0), { kind: 'exit', now: 0, retryAfterMs: 9_000 });
  expect(slowed.pausedUntil.exit).toBe(9_000);
});

test('after a rate error the bucket fills at half its pace for a minute (EXE-92)', () => {
  const empty = {
    ...slowDown(fullBudget(0), { kind: 'sync', now: 0, retryAfterMs: null }),
    tokens: 0,
  };
  expect(burst(empty, 'exit', 1_000)).toBe(5);
  const late = { ...empty, at: 60_000 };
  expect(burst(late, 'exit', 61_000)).toBe(10);
});

test('never lets more through than burst and pace allow, whoever asks and whenever', () => {
  const call = fc.record({
    kind: fc.constantFrom(...CALL_CLASSES),
    weight: fc.integer({ min: 1, max: 4 }),
    wait: fc.integer({ min: 0, max: 500 }),
  });
  fc.assert(
    fc.property(fc.array(call, { maxLength: 100 }), (calls) => {
      let budget = fullBudget(0);
      let now = 0;
      let spent = 0;
      for (const { kind, weight, wait } of calls) {
        now += wait;
        const taken = take(budget, { kind, weight, now });
        if (!taken.ok) continue;
        budget = taken.budget;
        spent += weight;
      }
      expect(spent).toBeLessThanOrEqual(BUDGET.burst + (BUDGET.perSecond * now) / 1_000 + 1e-6);
    }),
    { numRuns: 200 },
  );
});
