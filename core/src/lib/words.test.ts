import { asLabel, inWords } from './words.ts';

test.each([
  ['volumeReversal', 'volume reversal'],
  ['dump_exit', 'dump exit'],
  ['resistance', 'resistance'],
  ['', ''],
])('%s is written %s', (name, words) => {
  expect(inWords(name)).toBe(words);
});

test('a label begins with a capital', () => {
  expect(asLabel('positionId')).toBe('Position id');
  expect(asLabel('')).toBe('');
});
