import { aCandidate, NOON } from '../order/fixtures.ts';
import { epochMs } from '../lib/time.ts';
import { closedBreaker, type Breaker } from './breaker.ts';
import { checkBreaker, venueCondition } from './venue-breaker.ts';

const breaker = (change: Partial<Breaker> & { recoveringSince?: typeof NOON | null } = {}) => ({
  ...closedBreaker(NOON),
  recoveringSince: null,
  ...change,
});
const later = epochMs(NOON + 1);

test.each([
  ['breakers that nobody has written', [undefined, undefined], undefined, 'CLOSED'],
  ['closed breakers', [breaker(), breaker()], undefined, 'CLOSED'],
  ['one that is open', [breaker(), breaker({ status: 'OPEN' })], undefined, 'OPEN'],
  [
    'one that is being tried',
    [breaker({ status: 'HALF_OPEN' }), breaker()],
    undefined,
    'HALF_OPEN',
  ],
  ['one that is not reconciled', [breaker({ recoveringSince: NOON })], undefined, 'RECOVERING'],
  ['a halted symbol', [breaker()], breaker({ status: 'OPEN', probeAt: later }), 'HALTED'],
  ['a symbol to be tried', [breaker()], breaker({ status: 'OPEN', probeAt: NOON }), 'CLOSED'],
] as const)('%s make the venue %s', (_, groups, symbol, expected) => {
  expect(venueCondition({ groups, symbol }, NOON)).toBe(expected);
});

test.each(['OPEN', 'HALF_OPEN', 'RECOVERING'] as const)(
  'refuses an entry while the breaker is %s (RSK-85, RSK-89)',
  (state) => {
    expect(checkBreaker(aCandidate({ context: { breaker: state } })).block?.reason).toBe(
      'breaker_open',
    );
  },
);

test('refuses an entry into a symbol that the venue has halted', () => {
  expect(checkBreaker(aCandidate({ context: { breaker: 'HALTED' } })).block?.reason).toBe('halted');
});

test('lets an entry pass while the breaker is CLOSED', () => {
  expect(checkBreaker(aCandidate({})).block).toBeNull();
});
