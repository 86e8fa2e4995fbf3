import { epochMs } from '@tradewind/core/lib/time';
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
function timer() {
  const waits: number[] = [];
  const now = () => epochMs(1_000 + waits.reduce((sum, ms) => sum + ms, 0));
  const ports = {
    clock: { wallNow: now, marketNow: now },
    sleep: async (ms: number) => {
      waits.push(ms);
    },
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

function submit(outcomes: readonly SubmitOutcome[], mayStillSend = () => true) {
  const { ports, waits } = timer();
  const left = [...outcomes];
  let calls = 0;
  const venue = {
    submit: async () => {
      calls += 1;
      return left.shift() ?? { kind: 'notSent', error: failure() };
    },
  } as unknown as Venue;
  return submitOrder(ports, venue, { order, mayStillSend }).then(({ kind }) => ({
    kind,
    calls,
    waits,
  }));
}

const notSent = (changes: Partial<VenueError> = {}): SubmitOutcome => ({
  kind: 'notSent',
  error: failure(changes),
});

test('EXE-19 what was not sent is tried 1 + 3 times, 0.1 s × 2^n apart', async () => {
  const result = await submit([]);
  expect(result).toEqual({ kind: 'notSent', calls: 4, waits: [100, 200, 400] });
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
  expect(await submit([], () => allowed-- > 0)).toMatchObject({ kind: 'notSent', calls: 2 });
  expect(await submit([], () => false)).toMatchObject({ kind: 'notSent', calls: 0 });
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
