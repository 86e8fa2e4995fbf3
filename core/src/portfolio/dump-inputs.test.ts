import { epochMs } from '../lib/time.ts';
import { money, price, qtyFromFloat, priceFromFloat } from '../lib/units.ts';
import type { Candle } from '../market/market.ts';
import { dumpInputs, type DumpMarket } from './dump-inputs.ts';
import { dumpSignals } from './dump.ts';

const START = 1_795_176_000_000;
const MINUTE = 60_000;

type Minute = {
  readonly close: number;
  readonly high?: number;
  readonly buys?: number;
  readonly trades?: number;
};

const candle = ({ close, high = close + 0.1, buys = 5, trades = 100 }: Minute, index: number) => ({
  openAt: epochMs(START + index * MINUTE),
  open: priceFromFloat(close, 'floor'),
  high: priceFromFloat(high, 'floor'),
  low: priceFromFloat(close - 0.1, 'floor'),
  close: priceFromFloat(close, 'floor'),
  volume: qtyFromFloat(10, 'floor'),
  buyVolume: qtyFromFloat(buys, 'floor'),
  quoteVolume: money('1000'),
  trades,
  buyTrades: null,
  gapFilled: false,
  incomplete: false,
  revision: 0,
  source: 'trades' as const,
});

const marketOf = (minutes: readonly Minute[], change: Partial<DumpMarket> = {}): DumpMarket => ({
  candles: minutes.map(candle) satisfies Candle[],
  zones: [],
  valueAreaHigh: null,
  valueAreaLow: null,
  ...change,
});
const flat = (count: number, close = 100): Minute[] =>
  Array.from({ length: count }, () => ({ close }));
const long = {
  side: 'LONG' as const,
  averageEntry: price('101'),
  openedAt: epochMs(START + 110 * MINUTE),
};
const after = (count: number) => epochMs(START + count * MINUTE + 10_000);
const signals = (minutes: readonly Minute[], change: Partial<DumpMarket> = {}) => {
  const inputs = dumpInputs(long, marketOf(minutes, change), after(minutes.length));
  return inputs === null ? null : dumpSignals(inputs);
};

test('PF-70 a market that goes nowhere speaks against nothing', () => {
  expect(signals(flat(120))).toEqual([]);
});

test('PF-70 minutes of sales after minutes of purchases are two signals', () => {
  const bought = Array.from({ length: 4 }, () => ({ close: 100, buys: 9 }));
  expect(signals([...flat(115), ...bought, { close: 100, buys: 1 }])).toEqual(['flowFlip']);
  const sold = Array.from({ length: 3 }, () => ({ close: 100, buys: 1 }));
  expect(signals([...flat(117), ...sold])).toEqual(['volumeReversal']);
});

test('PF-70 a fall through the average breaks the momentum of what was bought above it', () => {
  const falling = Array.from({ length: 20 }, (_, index) => ({ close: 99.8 - index * 0.1 }));
  expect(signals([...flat(120), ...falling])).toContain('momentumBreak');
  const below = { ...long, averageEntry: price('99') };
  const minutes = [...flat(120), ...falling];
  const inputs = dumpInputs(below, marketOf(minutes), after(minutes.length));
  expect(inputs === null ? null : dumpSignals(inputs)).not.toContain('momentumBreak');
});

test('PF-70 a high at a supply zone or the top of value that is sold into is a rejection', () => {
  const rejected = { close: 100, high: 103, buys: 1 };
  const zone = { type: 'supply' as const, priceLow: price('103.05'), priceHigh: price('104') };
  expect(signals([...flat(119), rejected], { zones: [zone] })).toContain('resistance');
  expect(signals([...flat(119), rejected], { valueAreaHigh: price('103') })).toContain(
    'resistance',
  );
  expect(signals([...flat(119), rejected], { valueAreaLow: price('103') })).not.toContain(
    'resistance',
  );
});

test('PF-71 with too few trades, or minutes that are old or not whole, it is blind', () => {
  expect(signals([...flat(119), { close: 100, trades: 59 }])).toBeNull();
  expect(dumpInputs(long, marketOf(flat(120)), epochMs(START + 122 * MINUTE + 1))).toBeNull();
  expect(dumpInputs(long, marketOf([]), after(0))).toBeNull();
});
