import { parseDuration, parseFeed, parseSymbols } from './feed.ts';

const error = (text: string): string => {
  const parsed = parseFeed(text);
  return parsed.ok ? 'no error' : parsed.error;
};

describe('parseFeed', () => {
  test('knows the three kinds', () => {
    expect(parseFeed('sandbox')).toEqual({ ok: true, value: { kind: 'sandbox', name: 'sandbox' } });
    expect(parseFeed('live:binance')).toEqual({
      ok: true,
      value: { kind: 'live', name: 'live:binance', venue: 'binance' },
    });
    expect(parseFeed('file:a/b.csv.gz@60')).toEqual({
      ok: true,
      value: { kind: 'file', name: 'b.csv.gz@60', path: 'a/b.csv.gz', speed: 60 },
    });
  });

  test('plays a file at its own pace where no speed is given', () => {
    expect(parseFeed('file:b.csv')).toMatchObject({ ok: true, value: { speed: 1 } });
  });

  test('takes an @ in a folder for a part of the path', () => {
    expect(parseFeed('file:/home/me@work/b.csv')).toMatchObject({
      ok: true,
      value: { path: '/home/me@work/b.csv', speed: 1 },
    });
  });

  test.each([
    ['file:a.csv@fast', 'speed "fast"'],
    ['file:a.csv@0', 'speed "0"'],
    ['file:a.csv@', 'speed ""'],
    ['file:a.csv@10001', 'speed "10001"'],
    ['file:', 'names no file'],
    ['live:', 'names no venue'],
    ['sandbx', 'is not known'],
    ['', 'is not known'],
  ])('refuses %p and says why', (text, words) => {
    expect(error(text)).toContain(words);
  });
});

describe('parseDuration', () => {
  test.each([
    ['120s', 120_000],
    ['2m', 120_000],
    ['1h', 3_600_000],
    ['500ms', 500],
    ['45', 45_000],
    ['0.5m', 30_000],
  ])('%p is %p ms', (text, ms) => {
    expect(parseDuration(text)).toEqual({ ok: true, value: ms });
  });
  test.each(['', '0s', '-5s', 'soon', '5 days'])('refuses %p', (text) => {
    expect(parseDuration(text).ok).toBe(false);
  });
});

describe('parseSymbols', () => {
  test('splits, trims, and drops repeats', () => {
    expect(parseSymbols('btc-usdt, ETH-USDT,BTC-USDT')).toEqual({
      ok: true,
      value: ['BTC-USDT', 'ETH-USDT'],
    });
  });
  test.each(['BTCUSDT', '', 'BTC-', 'BTC/USDT'])('refuses %p', (text) => {
    expect(parseSymbols(text).ok).toBe(false);
  });
});
