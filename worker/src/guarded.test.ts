import { epochMs } from '@tradewind/core/lib/time';
import { money, price, qty } from '@tradewind/core/lib/units';
import type { Candle } from '@tradewind/core/market/market';
import { openPosition as position, OPENED } from './testing/fixtures.ts';
import { adopt, isWorthWriting, replay, watch, withExtremes, type Guarded } from './guarded.ts';

const fresh = adopt(undefined, position());
const after = (guarded: Guarded, ...prices: readonly string[]): Guarded =>
  prices.reduce((state, text) => watch(state, price(text), OPENED).guarded, guarded);
const candle = (minute: number, low: string, high: string): Candle => ({
  openAt: epochMs(OPENED + minute * 60_000),
  open: price(low),
  high: price(high),
  low: price(low),
  close: price(high),
  volume: qty('1'),
  buyVolume: null,
  quoteVolume: money('1'),
  trades: 1,
  gapFilled: true,
  buyTrades: null,
  incomplete: false,
  revision: 0,
  source: 'trades',
});

test('PF-42 the worked example: 51,000 trails the stop to 50,745, which triggers', () => {
  const moved = after(fresh, '50500', '51000');
  expect(moved.protection.trailingStop).toBe(price('50745'));
  expect(watch(moved, price('50745.01'), OPENED).trigger).toBeNull();
  expect(watch(moved, price('50745'), OPENED).trigger).toBe('trailing_stop');
});

describe('hold times', () => {
  const hold = { minSeconds: 30, maxSeconds: 300, extend: false };
  const { protection } = position();
  const scalp = adopt(undefined, position({ protection: { ...protection, hold } }));
  const at = (seconds: number) => epochMs(OPENED + 1_000 * seconds);

  test('PF-55 PF-T15 a position is left when its time is over, and not before', () => {
    expect(watch(scalp, price('50001'), at(299)).trigger).toBeNull();
    expect(watch(scalp, price('50001'), at(300)).trigger).toBe('hold_time');
    expect(watch(fresh, price('50001'), at(90_000)).trigger).toBeNull();
  });

  test('PF-56 a small profit waits for the shortest time, a large one and a stop do not', () => {
    const near = { ...scalp, protection: { ...scalp.protection, takeProfit: price('51000') } };
    // The stop is 2,500 away: 1,000 is 0.4 R.
    expect(watch(near, price('51000'), at(29)).trigger).toBeNull();
    expect(watch(near, price('51000'), at(30)).trigger).toBe('take_profit');
    expect(watch(near, price('51250'), at(29)).trigger).toBe('take_profit');
    expect(watch(near, price('47500'), at(1)).trigger).toBe('trailing_stop');
  });
});

test('PF-43 while an exit is under way nothing triggers, and afterwards it does again', () => {
  const closing = adopt(fresh, position({ closeIntentId: 'i1', version: 2 }));
  expect(watch(closing, price('1'), OPENED).trigger).toBeNull();
  const failed = adopt(closing, position({ version: 3 }));
  expect(watch(failed, price('1'), OPENED).trigger).not.toBeNull();
});

test('PF-40 an older document does not lower a stop that prices have raised', () => {
  const moved = after(fresh, '51000');
  const adopted = adopt(moved, position({ version: 2 }));
  expect(adopted.protection.trailingStop).toBe(price('50745'));
  expect(adopted.protection.highest).toBe(price('51000'));
});

test('PF-45 a move of 0.05 % is written, a smaller one is not', () => {
  expect(isWorthWriting(after(fresh, '50024.99'))).toBe(false);
  expect(isWorthWriting(after(fresh, '50025'))).toBe(true);
});

test('PF-51 the worst price is kept and written as the best one is', () => {
  const fallen = after(fresh, '49900');
  expect(fallen.protection).toMatchObject({ worst: price('49900'), highest: price('50000') });
  expect(isWorthWriting(fallen)).toBe(true);
  expect(isWorthWriting(after(fresh, '49975.01'))).toBe(false);
  // A document from before it was written takes none of it back.
  expect(adopt(after(fallen, '49950'), position()).protection.worst).toBe(price('49900'));
  const seen = { highest: price('50000'), worst: price('49900') };
  expect(withExtremes(position(), seen)?.protection.worst).toBe(price('49900'));
  expect(withExtremes(position(), { ...seen, worst: price('50000') })).toBeUndefined();
});

test('PF-45 PF-T19 what is written only ever tightens the position as it is by then', () => {
  const highest = price('51000');
  expect(withExtremes(position(), { highest })?.protection.trailingStop).toBe(price('50745'));
  expect(withExtremes(position(), { highest: price('50000') })).toBeUndefined();
  expect(withExtremes(position({ status: 'CLOSED' }), { highest })).toBeUndefined();
});

describe('PF-45 a gap is replayed from candles', () => {
  test('which raise the stop', () => {
    const { guarded, trigger } = replay(fresh, [candle(1, '50400', '51000')]);
    expect(trigger).toBeNull();
    expect(guarded.protection.trailingStop).toBe(price('50745'));
  });

  test('and trigger when a low went through it', () => {
    const gap = [candle(1, '50400', '51000'), candle(2, '50700', '50900')];
    expect(replay(fresh, gap).trigger).toBe('trailing_stop');
  });

  test("but not for a high and a low of one candle, whose order it doesn't tell", () => {
    expect(replay(fresh, [candle(1, '49800', '52000')]).trigger).toBeNull();
  });

  test('nor for a target that is gone, nor for what came before the last fill', () => {
    expect(replay(fresh, [candle(1, '50000', '56000')]).trigger).toBeNull();
    expect(replay(fresh, [candle(-1, '40000', '50000')]).trigger).toBeNull();
  });
});
