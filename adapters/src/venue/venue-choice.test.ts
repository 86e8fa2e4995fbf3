import { assertTradable } from './venue-choice.ts';

const book = (mode: 'paper' | 'small' | 'full', venue = 'binance') => ({
  bookId: 'b',
  mode,
  venue,
});

test('EXE-80 a paper book trades at the sandbox, a live book at the venue', () => {
  expect(() => {
    assertTradable(book('paper'), 8790);
    assertTradable(book('small'), undefined);
    assertTradable(book('full'), undefined);
  }).not.toThrow();
});

test.each([
  [book('paper'), undefined, 'sandbox'],
  [book('small'), 8790, 'live'],
  [book('full'), 8790, 'live'],
  [book('paper', 'kraken'), 8790, 'kraken'],
] as const)('ARC-31 %j on port %s is refused, and says why', (refused, port, word) => {
  expect(() => {
    assertTradable(refused, port);
  }).toThrow(word);
});
