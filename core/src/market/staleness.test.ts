import {
  feedBackfilled,
  feedInit,
  feedJudge,
  feedLost,
  feedMessage,
  isEverythingDead,
  type FeedState,
} from './staleness.ts';

const T = 1_700_000_000_000;
const S = 1_000;

const run = () => {
  let state = feedInit(T);
  return {
    messages: (from: number, to: number): void => {
      for (let at = from; at <= to; at += S) feedMessage(state, T + at);
    },
    lost: (at: number): void => {
      feedLost(state, T + at);
    },
    backfilled: (): void => {
      feedBackfilled(state);
    },
    judge: (at: number) => {
      state = JSON.parse(JSON.stringify(state)) as FeedState;
      return feedJudge(state, T + at);
    },
  };
};

describe('a feed', () => {
  test('is live with its first message', () => {
    const feed = run();
    expect(feed.judge(S).status).toBe('recovering');
    feed.messages(2 * S, 2 * S);
    expect(feed.judge(2 * S)).toEqual({ status: 'live', alert: null, poll: false });
  });

  test('MD-T03 MD-60 MD-62 that is silent for more than 10 s is stale: alert, strategies pause, REST is polled', () => {
    const feed = run();
    feed.messages(0, 5 * S);
    expect(feed.judge(15 * S).status).toBe('live');
    expect(feed.judge(15 * S + 1)).toEqual({ status: 'stale', alert: 'warning', poll: true });
    expect(feed.judge(65 * S - 1).alert).toBe('warning');
    expect(feed.judge(65 * S).alert).toBe('critical');
  });

  test('MD-T04 MD-65 is trusted again after 10 s of fresh stream, once the gap is filled', () => {
    const feed = run();
    feed.messages(0, 5 * S);
    expect(feed.judge(125 * S).status).toBe('stale');
    feed.messages(126 * S, 137 * S);
    expect(feed.judge(137 * S)).toEqual({ status: 'recovering', alert: 'warning', poll: true });
    feed.backfilled();
    expect(feed.judge(137 * S).status).toBe('live');
  });

  test('MD-65 starts its 10 s again when the stream stops in between', () => {
    const feed = run();
    feed.messages(0, 5 * S);
    feed.messages(30 * S, 38 * S);
    feed.backfilled();
    expect(feed.judge(38 * S).status).toBe('recovering');
    expect(feed.judge(49 * S).status).toBe('stale');
    feed.messages(50 * S, 59 * S);
    feed.backfilled();
    expect(feed.judge(59 * S).status).toBe('recovering');
    feed.messages(60 * S, 60 * S);
    expect(feed.judge(60 * S).status).toBe('live');
  });

  test('MD-60 notices a silence that nobody judged meanwhile', () => {
    const feed = run();
    feed.messages(0, 5 * S);
    feed.messages(30 * S, 30 * S);
    expect(feed.judge(30 * S).status).toBe('recovering');
  });

  test('MD-62 that is disconnected is stale at once', () => {
    const feed = run();
    feed.messages(0, 5 * S);
    feed.lost(5 * S);
    expect(feed.judge(5 * S)).toMatchObject({ status: 'stale', poll: true });
    feed.messages(7 * S, 17 * S);
    feed.backfilled();
    expect(feed.judge(17 * S).status).toBe('live');
  });

  test('does not trust a time that is not a number', () => {
    const feed = run();
    feed.messages(0, 5 * S);
    expect(feed.judge(Number.NaN)).toMatchObject({ status: 'stale', alert: 'critical' });
  });
});

test.each([
  [T, 59_999, true, false],
  [T, 60_000, true, true],
  [T, 60_000, false, false],
  [undefined, 0, true, true],
  [T, Number.NaN, true, true],
])(
  'MD-66 last heard at %s, %d ms ago, position %s: everything is dead %s',
  (at, ms, open, dead) => {
    expect(isEverythingDead(at, T + ms, open)).toBe(dead);
  },
);
