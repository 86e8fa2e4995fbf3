import { epochMs } from '@tradewind/core/lib/time';
import { minuteAfter, tradesAfter, tradesSince, venueCandles } from './backfill.ts';
import { fakeMarket, tradeOf } from './testing/fake-market.ts';

const SYMBOL = 'BTC-USDT';
const NOW = 1_795_000_000_000;

function venue(count: number) {
  const market = fakeMarket(() => NOW);
  const trades = Array.from({ length: count }, (_, n) =>
    tradeOf(SYMBOL, n + 1, { at: NOW - (count - n) * 100 }),
  );
  market.of(SYMBOL).push(...trades);
  return { ...market, trades };
}
const ids = (read: Awaited<ReturnType<typeof tradesAfter>>) =>
  read.ok ? read.value.map(({ tradeId }) => Number(tradeId)) : read.error;

test('MD-23 trades after an id are read in pages of a thousand, each once and in order', async () => {
  const { data, state } = venue(2_500);
  expect(ids(await tradesAfter(data, SYMBOL, '10'))).toEqual(
    Array.from({ length: 2_490 }, (_, n) => n + 11),
  );
  expect(state.calls).toHaveLength(3);
  expect(ids(await tradesAfter(data, SYMBOL, '2500'))).toEqual([]);
});

test.each([true, false])(
  'trades from a moment on, whether the venue finds it by time (%s) or not',
  async (byTime) => {
    const { data, trades } = venue(2_500);
    const source = {
      ...data,
      capabilities: { ...data.capabilities, tradesById: true, tradesByTime: byTime },
    };
    const since = trades[700]?.at ?? epochMs(0);
    expect(ids(await tradesSince(source, SYMBOL, since))).toEqual(
      Array.from({ length: 1_800 }, (_, n) => n + 701),
    );
    expect(ids(await tradesSince(source, SYMBOL, epochMs(NOW)))).toEqual([]);
  },
);

test('a gap that is too long is not read trade by trade', async () => {
  const { data, state } = venue(30_000);
  expect(ids(await tradesAfter(data, SYMBOL, '1'))).toEqual({ kind: 'tooLong' });
  expect(state.calls.length).toBeLessThanOrEqual(10);
});

test('a venue that cannot, and one that does not answer, are told apart', async () => {
  const { data, state } = venue(10);
  state.down = true;
  expect(ids(await tradesAfter(data, SYMBOL, '1'))).toEqual({ kind: 'failed', message: 'down' });
  state.tradesById = false;
  expect(ids(await tradesAfter(data, SYMBOL, '1'))).toEqual({ kind: 'unsupported' });
  expect(ids(await tradesSince(data, SYMBOL, epochMs(0)))).toEqual({ kind: 'unsupported' });
});

test("MD-47 the venue's candles of a range are whole buckets of it, and marked as read after the fact", async () => {
  const { data, state } = venue(2_500);
  const until = epochMs(NOW - (NOW % 300_000));
  const range = { from: epochMs(until - 3 * 300_000), until, timeframe: '5m' as const };
  const read = await venueCandles(data, SYMBOL, range);
  if (!read.ok) throw new Error(read.error);
  expect(read.value.map(({ openAt }) => until - openAt)).toEqual([900_000, 600_000, 300_000]);
  expect(read.value.every(({ gapFilled, source }) => gapFilled && source === 'venue')).toBe(true);
  state.down = true;
  expect((await venueCandles(data, SYMBOL, range)).ok).toBe(false);
});

test('the minute after a moment is a full one, on its start too', () => {
  expect(minuteAfter(epochMs(119_999))).toBe(120_000);
  expect(minuteAfter(epochMs(120_000))).toBe(180_000);
});
