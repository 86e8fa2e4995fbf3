import { RISING, balanced, final, follower } from '../../../test/weighted-bot.ts';
import type { WeightedBot } from './config.ts';
import { weightedInit, weightedRestore } from './state.ts';

describe('the state of a bot', () => {
  const weighing = (weight: number): WeightedBot => ({
    ...follower,
    signalConfig: {
      rsi: null,
      movingAverage: { enabled: true, weight, kind: 'SMA', fast: 1, slow: 2 },
      macd: { enabled: false, weight: 0.9, fast: 12, slow: 26, signal: 9 },
    },
  });

  test('IND-T04 STR-11 is refused to weights over 1 or of nothing; what is off does not count', () => {
    expect(() => weightedInit(weighing(1.01))).toThrow(
      'sum to more than 0 and at most 1, was 1.01',
    );
    expect(() => weightedInit(weighing(0))).toThrow('was 0');
    expect(() => weightedInit(weighing(Number.NaN))).toThrow('was NaN');
    expect(weightedInit(weighing(1)).indicators.macd).toBeNull();
  });

  test('is restored only to the settings that made it', () => {
    const text = JSON.stringify(final(follower, RISING).state);
    const averages = (kind: 'SMA' | 'EMA', slow: number): WeightedBot => ({
      ...follower,
      signalConfig: {
        ...follower.signalConfig,
        movingAverage: { enabled: true, weight: 1, kind, fast: 1, slow },
      },
    });
    expect(weightedRestore(follower, text).ok).toBe(true);
    expect(weightedRestore(averages('SMA', 3), text).ok).toBe(false);
    expect(weightedRestore(averages('EMA', 2), text).ok).toBe(false);
    expect(weightedRestore(balanced, text).ok).toBe(false);
  });

  test.each([
    'nonsense',
    'null',
    '[]',
    '{}',
    '{"indicators":{},"confirmation":null,"lastBarCloseAt":null}',
  ])('is not restored from %s', (text) => {
    expect(weightedRestore(follower, text).ok).toBe(false);
  });

  test('is not restored from one with a number missing', () => {
    const text = JSON.stringify(weightedInit(balanced)).replace('"sum":0', '"sum":null');
    expect(weightedRestore(balanced, text).ok).toBe(false);
  });
});
