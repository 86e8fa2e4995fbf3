import { durationMs, epochMs } from '@tradewind/core/lib/time';
import { qty } from '@tradewind/core/lib/units';
import type { SubmitOutcome, Venue, VenueError } from '../venue/venue.ts';
import type { ExecutionPorts } from './ports.ts';
import { submitOrder, withRetries } from './venue-calls.ts';

const failure = (changes: Partial<VenueError> = {}): VenueError => ({
  code: 'RateLimited',
  severity: 'MEDIUM',
  retryable: true,
  message: 'slow down',
  retryAfterMs: null,
  ...changes,
});

/** Time that only waiting moves, and how long was waited. */
function timer(draw = 0.5) {
  const waits: number[] = [];
  const now = () => epochMs(1_000 + waits.reduce((sum, ms) => sum + ms, 0));
  const ports = {
    clock: { wallNow: now, marketNow: now },
    sleep: async (ms: number) => {
      waits.push(ms);
    },
    random: () => draw,
  } as unknown as ExecutionPorts;
  return { ports, waits };
}

const order = {
  clientOrderId: 'tw1',
  symbol: 'BTC-USDT',
  side: 'BUY',
  type: 'MARKET',
  quantity: qty('1'),
  limitPrice: null,
  timeInForce: 'GTC',
} as const;

type Terms = { readonly mayStillSend?: () => boolean; readonly tookMs?: number };

function submit(
  outcomes: readonly SubmitOutcome[],
  { mayStillSend = () => true, tookMs = 0, draw = 0.5 }: Terms & { readonly draw?: number } = {},
) {
  const { ports, waits } = timer(draw);
  const left = [...outcomes];
  let calls = 0;
  const limits: number[] = [];
  const venue = {
    submit: async (_order: unknown, withinMs: number) => {
      calls += 1;
      limits.push(withinMs);
      if (tookMs > 0) await ports.sleep?.(durationMs(Math.min(tookMs, withinMs)));
      return left.shift() ?? { kind: 'notSent', error: failure() };
    },
  } as unknown as Venue;
  return submitOrder(ports, venue, {
    order,
    mayStillSend: () => Promise.resolve(mayStillSend()),
  }).then(({ kind }) => ({
    kind,
    calls,
    waits,
    limits,
  }));
}

const notSent = (changes: Partial<VenueError> = {}): SubmitOutcome => ({
  kind: 'notSent',
  error: failure(changes),
});

test('EXE-19 what was not sent is tried 1 + 3 times, 0.1 s × 2^n apart', async () => {
  const result = await submit([]);
  expect(result).toMatchObject({ kind: 'notSent', calls: 4, waits: [100, 200, 400] });
});

test('EXE-19 all attempts together, with what each of them takes, stay within 10 s', async () => {
  const { calls, limits, waits } = await submit([], { tookMs: 4_000 });
  expect(calls).toBe(3);
  expect(limits).toEqual([10_000, 5_900, 1_700]);
  expect(waits.reduce((sum, ms) => sum + ms, 0)).toBeLessThanOrEqual(10_000);
  // With less than a second left none is begun.
  expect(await submit([], { tookMs: 4_400 })).toMatchObject({ calls: 2 });
});

test.each([
  [0, [80, 160, 320]],
  [0.5, [100, 200, 400]],
  [0.999_999, [120, 240, 480]],
])('pauses differ by up to 20 %% to either side (drawn %d, 05 section 6)', async (draw, waits) => {
  expect(await submit([], { draw })).toMatchObject({ waits });
});

test.each(['unknown', 'rejected'] as const)('%s is never sent again', async (kind) => {
  const result = await submit([{ kind, error: failure() }]);
  expect(result).toMatchObject({ kind, calls: 1, waits: [] });
});

test('what cannot be cured by repeating is not repeated', async () => {
  expect(await submit([notSent({ retryable: false })])).toMatchObject({ calls: 1 });
});

test('a Retry-After is kept, and one beyond the budget of 10 s is left to the queue', async () => {
  expect(await submit([notSent({ retryAfterMs: 5_000 })])).toMatchObject({
    waits: [5_000, 200, 400],
  });
  expect(await submit([notSent({ retryAfterMs: 10_001 })])).toMatchObject({ calls: 1, waits: [] });
});

test('nothing leaves once the right to send has run out', async () => {
  let allowed = 2;
  expect(await submit([], { mayStillSend: () => allowed-- > 0 })).toMatchObject({
    kind: 'notSent',
    calls: 2,
  });
  expect(await submit([], { mayStillSend: () => false })).toMatchObject({
    kind: 'notSent',
    calls: 0,
  });
});

test('a read that fails for good is answered at once', async () => {
  const { ports, waits } = timer();
  const answer = await withRetries(
    ports,
    async () => failure({ retryable: false }),
    (error) => error,
  );
  expect([answer.code, waits]).toEqual(['RateLimited', []]);
});
