import { BOT_DAY, operations, viewerHour } from '@tradewind/core/cost/workload';
import type { Measurement } from './measure.ts';
import type { Span } from './usage-log.ts';
import { parseSpan } from './cost.ts';
import { workloadOf } from './workload-of.ts';

const MINUTE = 60_000;
const span = (ms: number, markets: number, others: number): Span => ({
  ms,
  markets: operations({ writes: markets }),
  total: operations({ writes: markets + others, reads: others }),
  groups: {},
});

/** Ten markets with a chunk each, a board every 5 s, and every second while one watches. */
const seen: Measurement = {
  whole: span(MINUTE, 10, 36),
  alone: span(MINUTE / 2, 10, 6),
  watched: span(MINUTE / 2, 0, 30),
  viewer: {
    opened: operations({ reads: 40 }),
    used: operations({ reads: 30, writes: 1 }),
    watchedMs: MINUTE / 2,
  },
  chunk: { bytes: 3_000, candles: 10 },
};

test('a session becomes days and hours of each part', () => {
  const workload = workloadOf(seen, { symbols: 10, bots: 2, viewers: 1 });
  expect(workload.perSymbolDay).toMatchObject({ writes: 1_440, reads: 0 });
  expect(workload.perShardDay).toMatchObject({ writes: 17_280, reads: 17_280 });
  // (60 - 12) writes a minute more, and its own presence; opening it is not for each hour.
  const own = viewerHour(2);
  expect(workload.perViewerHour).toMatchObject({
    writes: 48 * 60 + 120,
    reads: 48 * 60 + 3_600 + own.reads,
  });
  expect(workload.perBotDay).toEqual(BOT_DAY);
  expect(workload.storedBytesPerSymbolDay).toBe(24 * 60 * 300);
});

test.each([
  ['60s', 60_000],
  ['5m', 300_000],
])('--for %s is %i ms', (text, ms) => {
  expect(parseSpan(text)).toBe(ms);
});

test.each(['', '60', '19s', '2h', '-5m', '61m'])('--for "%s" is refused in words', (text) => {
  expect(() => parseSpan(text)).toThrow(/between 20s and 60m/);
});
