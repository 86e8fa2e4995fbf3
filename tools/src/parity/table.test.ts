import { epochMs } from '@tradewind/core/lib/time';
import type { Parity } from '@tradewind/core/parity/replay-recording';
import { parityTable } from './table.ts';

const difference = (at: number) => ({
  at: epochMs(at),
  bot: 'trend',
  market: 'binance_spot_BTC-USDT',
  cause: 'data' as const,
  expected: 'fingerprint a',
  found: 'fingerprint b',
  detail: 'The candles changed.',
});
const parity: Parity = {
  bot: 'trend',
  market: 'binance_spot_BTC-USDT',
  evaluations: 30_000,
  equal: 29_999,
  differences: [],
};

test('a score is never rounded up to all', () => {
  expect(parityTable([parity])).toContain('99.99 %');
  expect(parityTable([{ ...parity, equal: 30_000 }])).toContain('100.00 %');
});

test('what differs alike is told once, with how often and from when to when', () => {
  const text = parityTable([{ ...parity, differences: [difference(0), difference(60_000)] }]);
  expect(text).toContain(
    '1970-01-01T00:00:00.000Z to 1970-01-01T00:01:00.000Z, 2 times  trend on binance_spot_BTC-USDT: data',
  );
  expect(text.match(/The candles changed/g)).toHaveLength(1);
});

test('where nothing was decided there is no table', () => {
  expect(parityTable([])).toMatch(/Nothing was decided/);
});
