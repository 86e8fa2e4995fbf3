import {
  parseKind,
  parseLength,
  parseMarket,
  parseOnly,
  parseSpan,
  parseSymbol,
  parseTime,
} from './arguments.ts';

const NOW = Date.UTC(2026, 10, 20, 14);

test.each([
  ['90m', 5_400_000],
  ['1.5h', 5_400_000],
  ['30d', 2_592_000_000],
  ['2w', 1_209_600_000],
])('%s is a length of time', (text, ms) => {
  expect(parseLength(text)).toBe(ms);
});

test.each(['', '5', '5 minutes', '-1h', '0h', 'h'])('%j is no length of time', (text) => {
  expect(() => parseLength(text)).toThrow('Write a number and s, m, h, d or w');
});

test.each([
  ['now', NOW],
  ['24h', NOW - 86_400_000],
  ['2026-11-20', Date.UTC(2026, 10, 20)],
  ['2026-11-20T13:30', Date.UTC(2026, 10, 20, 13, 30)],
  ['2026-11-20 13:30:05', Date.UTC(2026, 10, 20, 13, 30, 5)],
  ['2026-11-20T13:30:00+02:00', Date.UTC(2026, 10, 20, 11, 30)],
  ['1763647200000', 1763647200000],
])('%s is a time, in UTC unless it says otherwise', (text, at) => {
  expect(parseTime(text, NOW)).toBe(at);
});

test.each(['yesterday', '20.11.2026', '2026-13-01', ''])('%j is no time', (text) => {
  expect(() => parseTime(text, NOW)).toThrow('is no time');
});

test('a span may be open, and must not be empty', () => {
  expect(parseSpan({}, NOW)).toEqual({});
  expect(parseSpan({ from: '1h' }, NOW)).toEqual({ from: NOW - 3_600_000 });
  expect(parseSpan({ until: 'now' }, NOW)).toEqual({ to: NOW });
  expect(() => parseSpan({ from: 'now', until: '1h' }, NOW)).toThrow('The span is empty');
});

test.each(['btc/usdt', 'BTC-USDT', 'btc_usdt', ' BTC:USDT '])('%s is BTC-USDT', (text) => {
  expect(parseSymbol(text)).toBe('BTC-USDT');
});

test('what is written wrongly is refused with how it is written', () => {
  expect(() => parseSymbol('BTCUSDT')).toThrow('Write base and quote: BTC-USDT');
  expect(() => parseMarket('BTC-USDT')).toThrow('write venue_market_SYMBOL');
  expect(() => parseKind('2m')).toThrow('Choose one of ticks, 1s, 15s, 1m');
  expect(() => parseOnly('market', {})).toThrow('Write COLUMN=VALUE');
  expect(parseOnly('symbol=A=B', { market: 'x' })).toEqual({ market: 'x', symbol: 'A=B' });
});
