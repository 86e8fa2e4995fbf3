import { epochMs } from '@tradewind/core/lib/time';
import { qty } from '@tradewind/core/lib/units';
import { ERROR_RULES } from '@tradewind/core/order/error-actions';
import type { BreakerEvent } from '@tradewind/core/risk/breaker';
import { FATES } from '../venue/errors.ts';
import type { SubmitOutcome, Venue, VenueError } from '../venue/venue.ts';
import { guardVenue, type Lane } from './guard-venue.ts';

const NOW = epochMs(1_000_000);
const error = (code: string, retryAfterMs: number | null = null): VenueError => ({
  code,
  severity: 'HIGH',
  retryable: false,
  message: code,
  retryAfterMs,
});
const order = {
  clientOrderId: 'tw1',
  symbol: 'BTC-USDT',
  side: 'BUY',
  type: 'MARKET',
  quantity: qty('1'),
  limitPrice: null,
  timeInForce: 'GTC',
} as const;

/** A guarded venue that answers with `outcome`, and what its guard was told. */
function scene(
  outcome: SubmitOutcome,
  {
    isOpen = false,
    isFull = false,
    lane = 'normal',
  }: { readonly isOpen?: boolean; readonly isFull?: boolean; readonly lane?: Lane } = {},
) {
  const told: string[] = [];
  let calls = 0;
  const venue = {
    submit: async () => {
      calls += 1;
      return outcome;
    },
    cancel: async () => ({ kind: 'absent' }),
  } as unknown as Venue;
  const describe = (event: BreakerEvent): string => {
    if (event.kind !== 'shut') return event.kind;
    return event.until === null ? 'shut for good' : `shut for ${event.until - NOW}`;
  };
  const guarded = guardVenue(venue, {
    venue: 'binance',
    clock: { wallNow: () => NOW },
    lane,
    breakers: {
      admit: async () =>
        isOpen ? { kind: 'refused', code: 'CircuitOpen', retryAt: null } : { kind: 'pass' },
      record: async ({ group }, event) => {
        told.push(`${group}: ${describe(event)}`);
      },
    },
    limiter: {
      take: async (kind, weight) => {
        told.push(`${kind} takes ${weight}`);
        return !isFull;
      },
      slowDown: (kind, ms) => {
        told.push(`${kind} rests ${ms ?? 0}`);
      },
    },
  });
  return { guarded, told, calls: () => calls };
}
const failed = (code: string, retryAfterMs: number | null = null): SubmitOutcome => ({
  kind: 'notSent',
  error: error(code, retryAfterMs),
});

test.each([
  ['NetworkTimeout', null, ['trading: failure']],
  ['ConnectionLost', null, ['trading: failure']],
  ['VenueUnavailable', null, ['trading: failure']],
  ['SchemaMismatch', null, ['trading: failure']],
  ['SomethingNew', null, ['trading: failure']],
  ['RateLimited', 7_000, ['entry rests 7000']],
  ['RateBanned', null, ['trading: shut for 120000', 'account: shut for 120000']],
  ['RateBanned', 600_000, ['trading: shut for 600000', 'account: shut for 600000']],
  ['AuthFailed', null, ['trading: shut for good', 'account: shut for good']],
  ['PermissionDenied', null, ['trading: shut for good', 'account: shut for good']],
  ['InsufficientBalance', null, ['trading: success']],
  ['OrderTooSmall', null, ['trading: success']],
  ['DuplicateClientId', null, ['trading: success']],
  ['SymbolSuspended', null, ['trading: success', 'symbol-BTC-USDT: shut for 300000']],
  ['CircuitOpen', null, []],
] as const)(
  '%s (Retry-After %s) tells its guard %j (EXE-T19, RSK-87)',
  async (code, after, expected) => {
    const { guarded, told } = scene(failed(code, after));
    await guarded.submit(order);
    expect(told).toEqual(['entry takes 1', ...expected]);
  },
);

test('what reduces a position goes as an exit, before entries (EXE-91)', async () => {
  const { guarded, told } = scene(failed('CircuitOpen'));
  await guarded.submit({ ...order, reduceOnly: true });
  expect(told).toEqual(['exit takes 1']);
});

test.each([
  ['normal', 'cancel takes 0.1'],
  ['urgent', 'exit takes 0.1'],
] as const)('on the %s lane a cancellation says "%s" (EXE-91)', async (lane, expected) => {
  const { guarded, told } = scene(failed('CircuitOpen'), { lane });
  await guarded.cancel('BTC-USDT', 'tw1');
  expect(told[0]).toBe(expected);
});

test('while the breaker is open nothing is called, and the order was not sent (RSK-88)', async () => {
  const { guarded, told, calls } = scene(failed('CircuitOpen'), { isOpen: true });
  const answer = await guarded.submit(order);
  expect(answer).toMatchObject({
    kind: 'notSent',
    error: { code: 'CircuitOpen', retryable: false },
  });
  expect([calls(), told]).toEqual([0, []]);
});

test('a call that finds no room was not sent, and may be repeated (EXE-91)', async () => {
  const { guarded, calls } = scene(failed('CircuitOpen'), { isFull: true });
  const answer = await guarded.submit(order);
  expect(answer).toMatchObject({ kind: 'notSent', error: { code: 'Overloaded', retryable: true } });
  expect(calls()).toBe(0);
});

test('every code that the venue adapter knows has its rule (EXE-T19, EXE-85)', () => {
  const codes = new Set(FATES.map(({ code }) => code));
  codes.delete('UnexpectedError');
  expect([...codes].filter((code) => !Object.hasOwn(ERROR_RULES, code))).toEqual([]);
});
