import { epochMs } from '@tradewind/core/lib/time';
import { createFeed } from './create-feed.ts';
import { createRateFeed } from './rate-feed.ts';

const T0 = epochMs(1_795_000_000_000);
const SYMBOLS = ['BTC-USDT', 'S1-USDT', 'S2-USDT'];
const later = (ms: number) => epochMs(T0 + ms);
const open = (over: Partial<Parameters<typeof createRateFeed>[0]> = {}) =>
  createRateFeed({ symbols: SYMBOLS, seed: 5, now: T0, perSecond: 50, ...over });

test('every market trades so many times a second, evenly, and none at the same moment as another', () => {
  const feed = open();
  const prints = feed.take(later(9_999));
  for (const symbol of SYMBOLS) {
    const times = prints.filter((print) => print.symbol === symbol).map(({ at }) => at);
    expect(times).toHaveLength(500);
    times.forEach((at, index) => {
      if (index > 0) expect(at - (times[index - 1] ?? 0)).toBe(20);
    });
  }
  expect(prints.every(({ at }, index) => index === 0 || at >= (prints[index - 1]?.at ?? 0))).toBe(
    true,
  );
  expect(prints.every(({ price, size }) => price > 0n && size > 0n)).toBe(true);
});

test('the same seed makes the same trades however they are taken; another seed makes others', () => {
  const whole = open().take(later(2_000));
  const feed = open();
  const parts = Array.from({ length: 81 }, (_, i) => feed.take(later(i * 25))).flat();
  expect(parts).toEqual(whole);
  expect(open({ seed: 6 }).take(later(2_000))).not.toEqual(whole);
});

test('a trade can be made again by its number, and one that was not made yet cannot', () => {
  const feed = open();
  const prints = feed.take(later(1_000)).filter(({ symbol }) => symbol === 'S1-USDT');
  prints.forEach((print, index) => {
    expect({ ...feed.recall?.('S1-USDT', index + 1), symbol: 'S1-USDT' }).toEqual(print);
  });
  expect(feed.recall?.('S1-USDT', prints.length + 1)).toBeUndefined();
  expect(feed.recall?.('S1-USDT', 0)).toBeUndefined();
  expect(feed.recall?.('NO-SUCH', 1)).toBeUndefined();
});

test('a market that was asleep for long goes on where it stood, without the trades of the time between', () => {
  const feed = open();
  const before = feed.take(later(1_000)).filter(({ symbol }) => symbol === 'S1-USDT').length;
  const after = feed.take(later(3_600_000));
  expect(after).toHaveLength(SYMBOLS.length);
  expect(feed.recall?.('S1-USDT', before + 1)?.at).toBe(T0 + 3_600_000);
  expect(feed.recall?.('S1-USDT', 1)?.at).toBeLessThan(T0 + 20);
});

test('resumed from its snapshot it goes on as if it had never stopped', () => {
  const feed = open();
  feed.take(later(1_000));
  const snapshot = JSON.parse(JSON.stringify(feed.snapshot())) as unknown;
  expect(open({ snapshot, now: later(1_500) }).take(later(2_000))).toEqual(feed.take(later(2_000)));
});

test('there are minutes enough for every warm-up before the first trade, and they meet it', () => {
  const feed = open();
  const history = feed.history?.('BTC-USDT') ?? [];
  expect(history.length).toBeGreaterThanOrEqual(600);
  history.forEach(({ openAt, low, high, open: first, close }, index) => {
    if (index > 0) expect(openAt - (history[index - 1]?.openAt ?? 0)).toBe(60_000);
    expect(low <= first && low <= close && high >= first && high >= close).toBe(true);
  });
  const [print] = feed.take(later(100));
  const apart = Number(print?.price) / Number(history.at(-1)?.close);
  expect(Math.abs(apart - 1)).toBeLessThan(0.01);
});

test.each(['rate:0', 'rate:-1', 'rate:x', 'rate:1000000'])('%s is refused', async (feed) => {
  await expect(createFeed({ feed, symbols: SYMBOLS, seed: 1, now: T0 })).rejects.toThrow(
    RangeError,
  );
});
