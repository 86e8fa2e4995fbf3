import { BLOCKING_REASONS } from '@tradewind/core/strategy/blocking';
import { BLOCKING_TEXT, blockingWords } from './blocking-text.ts';

test.each(BLOCKING_REASONS)('UI-T10 %s has a text and says what clears it', (reason) => {
  expect(BLOCKING_TEXT[reason].what).toMatch(/^[A-Z][^_]{5,}$/);
  expect(BLOCKING_TEXT[reason].clears).toMatch(/^[a-z][^_]{5,}$/);
});

test('a code of a newer server is shown as it is, not dropped', () => {
  expect(blockingWords('new_reason')).toBe('new reason');
});
