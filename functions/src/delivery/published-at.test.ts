import { publishedAt } from './published-at.ts';

test.each([
  ['2026-11-30T12:00:00.250Z', 1_796_040_000_250],
  ['1796040000.25', 1_796_040_000_250],
  ['1796040000250', 1_796_040_000_250],
])('ARC-56 %s is a time of publication', (text, at) => {
  expect(publishedAt(text)).toBe(at);
});

test.each([undefined, '', ' ', 'soon'])('ARC-56 %j is none', (text) => {
  expect(publishedAt(text)).toBeNull();
});
