import { ERROR_RULES, ruleOf } from './error-actions.ts';

/** The rows of 05, section 15, that a venue call can end with. */
const TAXONOMY = [
  ['NetworkTimeout', 'resolve', 'failure'],
  ['RateLimited', 'slowDown', 'none'],
  ['RateBanned', 'openBreaker', 'none'],
  ['VenueUnavailable', 'queue', 'failure'],
  ['CircuitOpen', 'queue', 'none'],
  ['InsufficientBalance', 'alertFunds', 'none'],
  ['InsufficientMargin', 'alertFunds', 'none'],
  ['SymbolSuspended', 'blockSymbol', 'none'],
  ['InvalidLeverage', 'reject', 'none'],
  ['OrderTooSmall', 'reject', 'none'],
  ['OrderTooLarge', 'reject', 'none'],
  ['BadPrecision', 'reject', 'none'],
  ['PriceOutOfBand', 'requote', 'none'],
  ['DuplicateClientId', 'adopt', 'none'],
  ['UnknownOrder', 'resolve', 'none'],
  ['AuthFailed', 'stopVenue', 'none'],
  ['PermissionDenied', 'stopVenue', 'none'],
  ['IpNotAllowed', 'stopVenue', 'none'],
  ['ClockSkew', 'resync', 'none'],
  ['ValidationError', 'reject', 'none'],
  ['SchemaMismatch', 'failClosed', 'failure'],
] as const;

test.each(TAXONOMY)(
  '%s leads to %s and counts as %s (EXE-T19, RSK-87)',
  (code, action, breaker) => {
    expect(ERROR_RULES[code]).toEqual({ action, breaker });
  },
);

test('an error that nobody has mapped is looked up and counts against the venue (EXE-85)', () => {
  expect(ruleOf('SomethingNew')).toEqual({ action: 'resolve', breaker: 'failure' });
  expect(ruleOf('toString')).toEqual({ action: 'resolve', breaker: 'failure' });
});
