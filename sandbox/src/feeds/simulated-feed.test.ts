import { epochMs } from '@tradewind/core/lib/time';
import { createSimulatedFeed, HISTORY_MS } from './simulated-feed.ts';

const NOW = 1_700_000_000_000;
const open = (now: number, snapshot?: unknown) =>
  createSimulatedFeed({ symbols: ['BTC-USDT', 'SOL-USDT'], seed: 7, now: epochMs(now), snapshot });
const take = (feed: ReturnType<typeof open>, now: number) => feed.take(epochMs(now));

test('a day of history is there at once, and the live market goes on from its last trade', () => {
  const feed = open(NOW);
  const history = take(feed, NOW);
  const btc = history.filter(({ symbol }) => symbol === 'BTC-USDT');
  expect(btc[0]?.at).toBeLessThan(NOW - HISTORY_MS + 60_000);
  expect(btc.at(-1)?.at).toBeGreaterThan(NOW - 60_000);
  const minutes = new Set(btc.map(({ at }) => Math.floor(at / 60_000)));
  expect(minutes.size).toBeGreaterThanOrEqual(1_440);
  const live = take(feed, NOW + 10_000).filter(({ symbol }) => symbol === 'BTC-USDT');
  expect(live.length).toBeGreaterThan(5);
  const jump = Number(live[0]?.price) / Number(btc.at(-1)?.price) - 1;
  expect(Math.abs(jump)).toBeLessThan(0.005);
});

test('the same seed gives the same trades, however often they are asked for', () => {
  const [once, often] = [open(NOW), open(NOW)];
  const whole = [...take(once, NOW), ...take(once, NOW + 20_000)];
  const parts = take(often, NOW).slice();
  for (let ms = 25; ms <= 20_000; ms += 25) parts.push(...take(often, NOW + ms));
  expect(parts).toEqual(whole);
});

test('stopped and resumed in the same moment it goes on as if it had not stopped', () => {
  const whole = open(NOW);
  take(whole, NOW + 5_000);
  const stopped = open(NOW);
  take(stopped, NOW + 5_000);
  const snapshot = JSON.parse(JSON.stringify(stopped.snapshot())) as unknown;
  const resumed = open(NOW + 5_000, snapshot);
  expect(take(resumed, NOW + 9_000)).toEqual(take(whole, NOW + 9_000));
});

test('resumed hours later the time between is filled by the same process, without a gap', () => {
  const feed = open(NOW);
  take(feed, NOW);
  const resumed = open(NOW + 3 * 3_600_000, feed.snapshot());
  const missed = take(resumed, NOW + 3 * 3_600_000).filter(({ symbol }) => symbol === 'SOL-USDT');
  missed.forEach(({ at }, i) => {
    expect(at - (missed[i - 1]?.at ?? NOW)).toBeLessThan(60_000);
  });
  expect(missed.at(-1)?.at).toBeGreaterThan(NOW + 3 * 3_600_000 - 60_000);
});

test('a symbol that cannot be simulated is refused with the ones that can', () => {
  expect(() => createSimulatedFeed({ symbols: ['FOO-USDT'], seed: 1, now: epochMs(NOW) })).toThrow(
    '"FOO-USDT" cannot be simulated. Choose from BTC-USDT',
  );
});
