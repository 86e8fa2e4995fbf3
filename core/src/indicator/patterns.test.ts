import * as technicalindicators from 'technicalindicators';
import type { BarValues } from '../market/bar.ts';
import { PATTERNS } from './bases.ts';
import { patternsDetected, type Reading } from './reading.ts';
import { barVariant } from './variants.ts';

type Candle = readonly [open: number, high: number, low: number, close: number];
const last = (pattern: string, candles: readonly Candle[]): number | undefined => {
  const variant = barVariant(`PATTERN_${pattern}`);
  const state = variant.init();
  const values = candles.map(([open, high, low, close]): number | undefined => {
    const bar: BarValues = { open, high, low, close, volume: 1 };
    return variant.next(state, bar);
  });
  return values.at(-1);
};
const scaled = (candles: readonly Candle[], unit: number): Candle[] =>
  candles.map(([open, high, low, close]) => [open * unit, high * unit, low * unit, close * unit]);

const shapes: readonly (readonly [string, readonly Candle[]])[] = [
  [
    'BULLISH_ENGULFING',
    [
      [105, 106, 99, 100],
      [99, 108, 98, 107],
    ],
  ],
  [
    'BEARISH_ENGULFING',
    [
      [100, 106, 99, 105],
      [106, 107, 97, 98],
    ],
  ],
  ['DOJI', [[100, 104, 96, 100]]],
  [
    'MORNING_STAR',
    [
      [110, 111, 99, 100],
      [97, 98, 95, 96],
      [99, 108, 98.5, 107],
    ],
  ],
  [
    'EVENING_STAR',
    [
      [100, 111, 99, 110],
      [113, 115, 112, 114],
      [111, 111.5, 101, 102],
    ],
  ],
  // Falls of 10.2 and 10.2 outweigh no rise, then a hammer, then a rise.
  [
    'HAMMER',
    [
      [120, 121, 109, 110],
      [110, 110, 99, 100],
      [100, 100, 89, 90],
      [88, 90, 80, 90],
      [90, 96, 89, 95],
    ],
  ],
  [
    'SHOOTING_STAR',
    [
      [90, 101, 89, 100],
      [100, 111, 99, 110],
      [110, 121, 109, 120],
      [120, 130, 120, 122],
      [121, 122, 110, 112],
    ],
  ],
  [
    'TWEEZER_TOP',
    [
      [90, 101, 89, 100],
      [100, 111, 99, 110],
      [110, 121, 109, 120],
      [120, 130, 119, 125],
      [125, 130, 120, 122],
    ],
  ],
];

describe('IND-22 a candlestick pattern', () => {
  test.each(shapes)('%s is seen where it is, in any unit', (pattern, candles) => {
    for (const unit of [1, 1e-8, 1_000]) expect(last(pattern, scaled(candles, unit))).toBe(1);
  });

  test.each(shapes)('%s is not seen in a candle that simply rises', (pattern) => {
    const rise: Candle[] = [100, 103, 106, 109, 112].map((open) => [
      open,
      open + 4,
      open - 1,
      open + 3,
    ]);
    expect(last(pattern, rise)).toBe(0);
  });

  test('gains and losses are weighed as numbers: 9.5 lost is less than 10.2 won', () => {
    // As texts "10.2" sorts before "9.5": the package would call this a fall.
    const candles: Candle[] = [
      [100, 101, 99, 100],
      [100, 121, 100, 120.4],
      [120.4, 121, 101, 101.4],
      [100, 101.4, 90, 101.4],
      [101, 106, 100, 105],
    ];
    expect(last('HAMMER', candles)).toBe(0);
    const column = (at: number) => candles.map((candle) => candle[at] ?? 0);
    const [open, high, low, close] = [0, 1, 2, 3].map(column);
    expect(technicalindicators.hammerpattern({ open, high, low, close } as never)).toBe(true);
  });

  test('waits for as many candles as it looks at', () => {
    for (const [pattern, length] of Object.entries(PATTERNS))
      expect(barVariant(`PATTERN_${pattern}`).warmup).toBe(length);
    expect(last('BULLISH_ENGULFING', [[105, 106, 99, 100]])).toBeUndefined();
  });

  test('becomes an event once, when its bar has closed', () => {
    const reading = (changes: Partial<Reading>): Reading => ({
      name: 'PATTERN_DOJI',
      variantId: 'PATTERN_DOJI',
      marketKey: 'binance:BTC-USDT',
      timeframe: '1m',
      value: 1,
      ready: true,
      window: null,
      provisional: false,
      estimated: false,
      dataQuality: 1,
      ts: 120_500,
      inputsUpTo: 120_000,
      reason: null,
      ...changes,
    });
    const readings = [
      reading({}),
      reading({ provisional: true }),
      reading({ value: 0 }),
      reading({ variantId: 'PATTERN_DOJI_above_0' }),
      reading({ name: 'RSI', variantId: 'RSI_14_above_70' }),
    ];
    expect(patternsDetected(readings)).toEqual([
      {
        type: 'PatternDetected',
        pattern: 'DOJI',
        marketKey: 'binance:BTC-USDT',
        timeframe: '1m',
        at: 120_000,
      },
    ]);
  });
});
