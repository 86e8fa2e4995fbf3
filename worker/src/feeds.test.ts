import { epochMs } from '@tradewind/core/lib/time';
import { feedInit, feedLost, feedMessage } from '@tradewind/core/market/staleness';
import { idle } from './connection.ts';
import { createFeedAlerts } from './feed-alerts.ts';
import { judgeFeed, type Feed } from './feeds.ts';
import { fakePorts } from './testing/fake-ports.ts';
import { FEED } from './testing/line-bench.ts';

const at = (seconds: number) => epochMs(1_000_000 + seconds * 1_000);

function bench(): Feed {
  const { ports } = fakePorts();
  const loop = { key: FEED, want: () => undefined, connection: () => idle(at(0)) };
  return {
    key: FEED,
    loop: { ...loop, done: Promise.resolve() },
    health: feedInit(at(0)),
    alerts: createFeedAlerts(ports, 'worker-0'),
    skewMs: null,
    broken: false,
  };
}

/** Messages each second of `[from, to]`; how the feed is judged after the last. */
function hear(feed: Feed, [from, to]: readonly [number, number], isCaughtUp: boolean) {
  let status = judgeFeed(feed, isCaughtUp, at(from)).status;
  for (let second = from; second <= to; second += 1) {
    feedMessage(feed.health, at(second));
    status = judgeFeed(feed, isCaughtUp, at(second)).status;
  }
  return status;
}

test('MD-65 a feed that was lost is trusted after ten seconds of trades, and not before all that it missed was read', () => {
  const feed = bench();
  expect(hear(feed, [0, 5], true)).toBe('live');
  feedLost(feed.health, at(6));
  expect(judgeFeed(feed, false, at(7)).status).toBe('stale');
  expect(hear(feed, [20, 45], false)).toBe('recovering');
  expect(judgeFeed(feed, true, at(45)).status).toBe('live');
});

test('MD-65 what was read before the ten seconds are over does not shorten them', () => {
  const feed = bench();
  hear(feed, [0, 5], true);
  feedLost(feed.health, at(6));
  expect(hear(feed, [20, 29], true)).toBe('recovering');
  expect(hear(feed, [30, 30], true)).toBe('live');
});
