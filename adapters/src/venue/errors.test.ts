import { ERROR_RULES } from '@tradewind/core/order/error-actions';
import * as ccxt from 'ccxt';
import { CCXT_PARENTS, classify, FATES } from './errors.ts';

const named = (name: string, message: string): Error => Object.assign(new Error(message), { name });
const judge = (thrown: unknown, call: 'submit' | 'repeatable' = 'submit') =>
  classify(thrown, { call, secrets: [], retryAfterMs: null });

type ErrorClass = { readonly name: string };
const isErrorClass = (value: unknown): value is ErrorClass =>
  typeof value === 'function' && value.prototype instanceof Error;
const exported: readonly unknown[] = Object.values(ccxt);
const classes = exported.filter(isErrorClass);

test("the table of parents is ccxt's own, so that no class is judged as another", () => {
  const real = classes.map((one) => [one.name, (Object.getPrototypeOf(one) as ErrorClass).name]);
  expect(Object.fromEntries(real)).toEqual({ ...CCXT_PARENTS, BaseError: 'Error' });
});

test.each(classes.map(({ name }) => [name]))(
  '%s is never taken for a safe retry by chance',
  (name) => {
    const provablyNotSent = [
      'AuthenticationError',
      'PermissionDenied',
      'AccountNotEnabled',
      'AccountSuspended',
      'InvalidNonce',
      'ChecksumError',
      'RateLimitExceeded',
    ];
    const { fate } = judge(named(name, 'anything'));
    if (!provablyNotSent.includes(name)) expect(fate).not.toBe('notSent');
  },
);

test.each<[string, unknown]>([
  ['a bare ExchangeError', named('ExchangeError', 'binance odd')],
  ['a class of a newer ccxt', named('SomethingNew', 'x')],
  ['a TypeError', new TypeError("reading 'x'")],
  ['an undici error', named('SocketError', 'other side closed')],
  ['an AbortError', named('AbortError', 'aborted')],
  ['something that is no error', 'boom'],
  ['nothing', undefined],
  ['a DDoSProtection without a reason', named('DDoSProtection', 'binance {"code":-1}')],
])('after %s the order may exist', (_, thrown) => {
  expect(judge(thrown)).toMatchObject({ fate: 'unknown', error: { retryable: false } });
});

test('a status is read where ccxt writes it, not out of a body', () => {
  const message = 'binance POST https://api.binance.com/api/v3/order 502 Bad Gateway ref 403';
  expect(judge(named('ExchangeNotAvailable', message)).error.code).toBe('VenueUnavailable');
  const refused = 'binance POST https://api.binance.com/api/v3/order 403 Forbidden <html>';
  expect(judge(named('ExchangeNotAvailable', refused)).error.code).toBe('VenueRefused');
});

test('an unclear answer to a read may be asked for again, to a submission never', () => {
  const lost = named('NetworkError', 'binance GET x fetch failed: other side closed');
  expect(judge(lost, 'repeatable').error).toMatchObject({ retryable: true, severity: 'MEDIUM' });
  expect(judge(lost).error).toMatchObject({ retryable: false, severity: 'HIGH' });
});

test('no row says that an unclear submission may be repeated', () => {
  expect(FATES.filter(({ fate, retryable }) => fate === 'unknown' && retryable)).toEqual([]);
});

test('every code that a call can end with has an action of its own (EXE-85, EXE-T19)', () => {
  const codes = new Set(FATES.map(({ code }) => code));
  expect([...codes].filter((code) => !Object.hasOwn(ERROR_RULES, code))).toEqual([]);
});

test('what nobody has mapped is HIGH and is not repeated (EXE-85, VEN-T13)', () => {
  expect(judge(named('Brandnew', 'odd')).error).toMatchObject({
    severity: 'HIGH',
    retryable: false,
  });
});
