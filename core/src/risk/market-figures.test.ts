import { epochMs } from '../lib/time.ts';
import { money, price, priceFromFloat, qty } from '../lib/units.ts';
import type { Candle } from '../market/market.ts';
import { dailyVolatility, marketFigures, spreadPctOf } from './market-figures.ts';

const MINUTE = 60_000;
const START = 1_700_000_040_000 - (1_700_000_040_000 % MINUTE);
const candle = (index: number, close: number): Candle => ({
  ...{ openAt: epochMs(START + index * MINUTE), volume: qty('1'), quoteVolume: money('5000') },
  ...{
    open: price('100'),
    high: price('100'),
    low: price('100'),
    close: priceFromFloat(close, 'floor'),
  },
  ...{
    buyVolume: null,
    trades: 3,
    buyTrades: null,
    gapFilled: false,
    incomplete: false,
    revision: 0,
    source: 'trades',
  },
});
/** Up and down by one percent in turn. */
const hour = Array.from({ length: 61 }, (_, index) => candle(index, index % 2 === 0 ? 100 : 101));
const NOW = epochMs(START + 61 * MINUTE);
const quote = { bid: price('99.9'), ask: price('100.1') };

test('RSK-45 RSK-100 an hour of minutes gives volatility, spread, deviation and volume', () => {
  const figures = marketFigures(hour, quote, NOW);
  expect(figures.minuteSigma).toBeCloseTo(0.00995, 4);
  expect(figures.volatility).toBeCloseTo(0.3776, 3);
  expect(dailyVolatility(figures.minuteSigma ?? 0)).toBeCloseTo(figures.volatility ?? 0);
  expect(figures.spreadPct).toBeCloseTo(0.2);
  expect(figures.minuteQuoteVolume).toBe(5_000);
});

test('more minutes than an hour change nothing that the last hour does not', () => {
  const before = Array.from({ length: 30 }, (_, index) => candle(index - 30, 500));
  expect(marketFigures([...before, ...hour], quote, NOW)).toEqual(marketFigures(hour, quote, NOW));
});

test.each([
  ['too few minutes', hour.slice(1), NOW],
  ['a hole', hour.filter((_, index) => index !== 30), NOW],
  ['minutes of long ago', hour, epochMs(NOW + 6 * MINUTE)],
  ['no minutes', [], NOW],
  ['a close of zero', [...hour.slice(0, 60), candle(60, 0)], NOW],
])('RSK-45 %s is not known, rather than guessed', (_, candles, now) => {
  expect(marketFigures(candles, quote, now)).toMatchObject({ volatility: null, minuteSigma: null });
});

test('RSK-100 a book of orders with one side, or crossed, has no spread', () => {
  expect(spreadPctOf({ bid: null, ask: price('1') })).toBeNull();
  expect(spreadPctOf({ bid: price('2'), ask: price('1') })).toBeNull();
  expect(spreadPctOf({ bid: price('0'), ask: price('1') })).toBeNull();
  expect(spreadPctOf({ bid: price('1'), ask: price('1') })).toBe(0);
});
