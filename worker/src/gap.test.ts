import { ok, err } from '@tradewind/core/lib/result';
import { epochMs, type EpochMs } from '@tradewind/core/lib/time';
import { price, qty, money } from '@tradewind/core/lib/units';
import type { Candle } from '@tradewind/core/market/market';
import { silentLog } from '@tradewind/adapters/telemetry/log';
import type { Venue } from '@tradewind/adapters/venue/venue';
import { dueOf, fetchCandles, gapAt } from './gap.ts';

const minute = (n: number, seconds = 0): EpochMs => epochMs(n * 60_000 + seconds * 1_000);
const candle = (n: number): Candle => ({
  openAt: minute(n),
  open: price('1'),
  high: price('1'),
  low: price('1'),
  close: price('1'),
  volume: qty('1'),
  buyVolume: null,
  quoteVolume: money('1'),
  trades: 1,
  gapFilled: false,
  buyTrades: null,
  incomplete: false,
  revision: 0,
  source: 'trades',
});

test('MD-47 a start without history asks for 600 closed bars and the minute that runs', () => {
  const gap = gapAt(minute(10_000, 30), null);
  expect(gap).toEqual({ from: minute(9_400), until: minute(10_001) });
});

test('MD-23 a reconnect asks for what is not stored, up to the minute that runs', () => {
  expect(gapAt(minute(100, 59), minute(97))).toEqual({ from: minute(97), until: minute(101) });
});

test('a minute is asked for once it is over and settled', () => {
  const gap = { from: minute(97), until: minute(101) };
  expect(dueOf(gap, minute(97, 59))).toBeNull();
  expect(dueOf(gap, minute(98, 2))).toEqual({ from: minute(97), until: minute(98) });
  expect(dueOf(gap, minute(200))).toEqual(gap);
  expect(dueOf({ from: minute(101), until: minute(101) }, minute(200))).toBeNull();
});

/** A venue with candles for the minutes in `has`; pages as the real one does. */
function venueWith(has: (n: number) => boolean, fails = false) {
  const calls: number[] = [];
  const candles: Venue['candles'] = async (_, { since, limit }) => {
    calls.push(limit);
    const error = {
      code: 'NetworkTimeout',
      severity: 'MEDIUM' as const,
      retryable: true,
      message: 'down',
      retryAfterMs: null,
    };
    if (fails) return err(error);
    const first = Math.ceil(since / 60_000);
    const all = Array.from({ length: 3_000 }, (__, n) => first + n).filter(has);
    return ok(all.slice(0, limit).map(candle));
  };
  return { venue: { candles } as Venue, calls };
}

test('a long range is read page by page, and marked as read after the fact', async () => {
  const { venue, calls } = venueWith(() => true);
  const range = { from: minute(100), until: minute(2_600) };
  const read = await fetchCandles({ venue, log: silentLog }, 'BTC-USDT', range);
  expect(read?.map(({ openAt }) => openAt / 60_000)).toEqual(
    Array.from({ length: 2_500 }, (_, n) => 100 + n),
  );
  expect(read?.every(({ gapFilled }) => gapFilled)).toBe(true);
  expect(calls).toEqual([1_000, 1_000, 500]);
});

test('candles outside the range are left out, and a venue that fails is no empty venue', async () => {
  const few = venueWith((n) => n % 2 === 0);
  const range = { from: minute(100), until: minute(104) };
  const read = await fetchCandles({ ...few, log: silentLog }, 'BTC-USDT', range);
  expect(read?.map(({ openAt }) => openAt / 60_000)).toEqual([100, 102]);
  const down = venueWith(() => true, true);
  expect(await fetchCandles({ ...down, log: silentLog }, 'BTC-USDT', range)).toBeNull();
});
