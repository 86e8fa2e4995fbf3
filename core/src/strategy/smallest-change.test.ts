import { FALLING, RISING, final, follower } from '../../test/weighted-bot.ts';
import { money } from '../lib/units.ts';
import { measure } from './gate.ts';
import { changeWords, smallestChange } from './smallest-change.ts';

const wordsOf = (...args: Parameters<typeof final>): string =>
  changeWords(smallestChange(final(...args).audit.gates));

test('nothing had to be otherwise for what traded', () => {
  expect(wordsOf(follower, RISING)).toBe('nothing: it traded');
});

test('one gate that fails alone says what its input would have had to be', () => {
  expect(wordsOf(follower, RISING, { availableQuote: money('99.99') })).toBe(
    'availableQuote would have had to be at least 100, and was 99.99',
  );
  expect(wordsOf(follower, RISING, { pendingOrder: true })).toBe(
    'pendingOrder would have had to be false, and was true',
  );
});

test('an input that is not known is called so', () => {
  const gate = measure({ gate: 'adx', reason: 'no_signal' }, null, ['>', 20]);
  expect(changeWords(smallestChange([gate]))).toBe(
    'adx would have had to be more than 20, and was unknown',
  );
});

test('several that fail are counted and named: no single change would have done', () => {
  expect(wordsOf(follower, FALLING)).toBe(
    '2 things at once: held: false, needs true; heldMs: 0, needs >= 60000',
  );
});

test('the change that is named does trade, and a smaller one does not', () => {
  const { audit } = final(follower, RISING, { availableQuote: money('99.99') });
  const change = smallestChange(audit.gates);
  const needed = change.kind === 'one' ? String(change.gate.threshold) : '';
  const kindWith = (quote: string) =>
    smallestChange(final(follower, RISING, { availableQuote: money(quote) }).audit.gates).kind;
  expect([kindWith(needed), kindWith('99.9999')]).toEqual(['none', 'one']);
});
