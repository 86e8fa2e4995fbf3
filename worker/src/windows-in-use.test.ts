import { epochMs } from '@tradewind/core/lib/time';
import { createWindowsInUse, type Reader } from './windows-in-use.ts';

const BTC = 'binance_spot_BTC-USDT';
const ETH = 'binance_spot_ETH-USDT';

const reader = (strategyId: string, windows: readonly string[], marketKey = BTC): Reader => ({
  strategyId,
  sessionId: null,
  marketKey,
  windows,
});

/** Counts as the worker does, on a clock that the test moves. */
function counted() {
  let now = 0;
  const windows = createWindowsInUse({ wallNow: () => epochMs(now) });
  return (at: number, ...readers: readonly Reader[]) => {
    now = at;
    return Object.fromEntries(windows.count(readers));
  };
}

const twpa = reader('a', ['TWPA_120_0']);
const both = reader('b', ['TWPA_120_0', 'DELTA_90_0']);

test('STR-38 what strategies read is computed in their markets, each variant once', () => {
  const count = counted();
  expect(count(0)).toEqual({});
  expect(count(0, twpa, both, reader('c', []))).toEqual({ [BTC]: ['DELTA_90_0', 'TWPA_120_0'] });
  const elsewhere = reader('a', ['TWPA_120_0'], ETH);
  expect(count(0, twpa, elsewhere)[ETH]).toEqual(['TWPA_120_0']);
});

test('STR-40 what the last reader left is computed for another minute, and then not any more', () => {
  const count = counted();
  count(0, twpa, both);
  expect(count(10_000, twpa)[BTC]).toEqual(['DELTA_90_0', 'TWPA_120_0']);
  expect(count(69_999, twpa)[BTC]).toEqual(['DELTA_90_0', 'TWPA_120_0']);
  expect(count(70_000, twpa)[BTC]).toEqual(['TWPA_120_0']);
  count(80_000);
  expect(count(140_000)).toEqual({});
});

test('STR-40 a strategy that starts again in time, or is saved anew, loses nothing that it still reads', () => {
  const count = counted();
  count(0, both);
  count(1_000);
  expect(count(50_000, both)[BTC]).toEqual(['DELTA_90_0', 'TWPA_120_0']);
  expect(count(200_000, both)[BTC]).toEqual(['DELTA_90_0', 'TWPA_120_0']);
  const saved = { ...both, windows: ['TWPA_120_0'] };
  count(201_000, saved);
  expect(count(300_000, saved)[BTC]).toEqual(['TWPA_120_0']);
});

test('STR-40 a thousand starts and stops leave nothing behind', () => {
  const count = counted();
  for (let n = 0; n < 1_000; n += 1) {
    count(n * 1_000, reader(`s-${n}`, [`TWPA_${n + 60}_0`]));
    // Those of the last minute are all that is kept.
    expect(count(n * 1_000 + 500)[BTC]?.length).toBeLessThanOrEqual(61);
  }
  expect(count(1_100_000)).toEqual({});
});
