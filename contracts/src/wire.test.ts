import { epochMs } from '@tradewind/core/lib/time';
import { money as moneyOf } from '@tradewind/core/lib/units';
import * as z from 'zod';
import { id, marketKey, money, price, symbol, time } from './wire.ts';

const doc = z.strictObject({ at: time, amount: money });

test('ARC-20 times are stored as dates and read from timestamps', () => {
  const at = epochMs(1_732_000_000_123);
  const stored = doc.encode({ at, amount: moneyOf('1.50') });
  expect(stored).toEqual({ at: new Date(at), amount: '1.5' });
  const read = doc.parse({ at: { toMillis: () => 1_732_000_000_123 }, amount: '1.50' });
  expect(read).toEqual({ at, amount: moneyOf('1.5') });
});

test.each([
  [{ at: 5, amount: '1' }, 'at'],
  [{ at: new Date(0), amount: 1.5 }, 'amount'],
  [{ at: new Date(0), amount: 'one' }, 'amount'],
  [{ at: new Date(0) }, 'amount'],
  [{ at: new Date(0), amount: '1', extra: true }, ''],
])('ARC-27 refuses %j and names the field', (stored, field) => {
  const parsed = doc.safeParse(stored);
  expect(parsed.success).toBe(false);
  expect(parsed.error?.issues[0]?.path.join('.')).toBe(field);
});

test('a price is never negative', () => {
  expect(price.safeParse('-1').success).toBe(false);
});

test('ARC-25 market keys and symbols are normalised', () => {
  expect(marketKey.safeParse('binance_spot_BTC-USDT').success).toBe(true);
  expect(marketKey.safeParse('BTC/USDT').success).toBe(false);
  expect(symbol.safeParse('BTC-USDT').success).toBe(true);
  expect(symbol.safeParse('btcusdt').success).toBe(false);
});

test.each(['a/b', '', '..', '.hidden', 'x'.repeat(129)])('"%s" is no id', (text) => {
  expect(id.safeParse(text).success).toBe(false);
});
