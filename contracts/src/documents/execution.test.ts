import { intentDoc, signalDoc } from './execution.ts';
import { protectionRecord } from './book.ts';

const LEVELS = ['suggestedStop', 'suggestedTarget'] as const;

test.each([
  ['signal', signalDoc],
  ['intent', intentDoc],
])('STR-03 a stored %s from before levels could be named has none', (_, schema) => {
  for (const level of LEVELS) {
    expect(schema.shape[level].parse(undefined)).toBeNull();
    expect(schema.shape[level].parse('99.7')).toBe(99_700_000_000_000_000_000n);
    expect(schema.shape[level].encode(null)).toBeNull();
  }
});

test('STR-03 a stored protection from before levels could be named follows its percentages', () => {
  expect(protectionRecord.shape.targetAt.parse(undefined)).toBeNull();
});
