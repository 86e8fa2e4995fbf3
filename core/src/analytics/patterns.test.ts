import { price } from '../lib/units.ts';
import { analyticsHistory, analyticsView } from './analytics.ts';
import { advance, feed, fresh, minutes, START, viewText, walk } from './testing.ts';

const variants = [
  { series: '1m', name: 'PATTERN_DOJI' },
  { series: '5m', name: 'PATTERN_DOJI' },
] as const;

/** History whose last minute closed where it opened. */
function undecided(trades = 100) {
  const candles = minutes(600, { trades }).map((candle, index) =>
    index < 599
      ? candle
      : {
          ...candle,
          open: price('1000'),
          close: price('1000'),
          high: price('1001'),
          low: price('999'),
        },
  );
  const state = fresh({ variants });
  analyticsHistory(state, candles);
  return state;
}

describe('PatternDetected', () => {
  const doji = {
    type: 'PatternDetected',
    pattern: 'DOJI',
    marketKey: 'sandbox:spot:BTC-USDT',
    timeframe: '1m',
    at: START,
  };

  test('IND-22 is told of the closed bar that completed the pattern, until the next bar closes', () => {
    const state = undecided();
    expect(analyticsView(state, START).patterns).toEqual([doji]);
    expect(analyticsView(state, START).analytics?.readings['PATTERN_DOJI@1m']).toBe(1);
    feed(state, walk(59));
    expect(analyticsView(state, START + 59_000).patterns).toEqual([doji]);
    feed(state, [{ id: 'up', at: START + 59_500, price: 101_500, size: 5, isBuy: true }]);
    advance(state, START + 62_000);
    expect(analyticsView(state, START + 62_000).patterns).toEqual([]);
    expect(analyticsView(state, START + 62_000).analytics?.readings['PATTERN_DOJI@1m']).toBe(0);
  });

  test('IND-22 MD-50 is not told of bars with too few trades', () => {
    expect(analyticsView(undecided(0), START).patterns).toEqual([]);
  });

  test('IND-22 has no weight: nothing else is told differently for it', () => {
    const [state, plain] = [undecided(), fresh()];
    const candles = minutes(600);
    analyticsHistory(plain, candles);
    const other = fresh({ variants });
    analyticsHistory(other, candles);
    expect(analyticsView(state, START).patterns.length).toBe(1);
    const without = (text: string) =>
      text.replaceAll(/"PATTERN_DOJI@[15]m":[01],/g, '').replace(/"patterns":\[.*?\]/, '');
    expect(without(viewText(other, START))).toBe(without(viewText(plain, START)));
  });
});
