import { judgeAge, judgeObserved, TOLERANCES, type Consumer } from './freshness.ts';

describe('the freshness contract', () => {
  const consumers = Object.keys(TOLERANCES) as Consumer[];

  test.each(consumers)('ARC-40 %s warns no later than it refuses', (consumer) => {
    const { warnMs, maxMs } = TOLERANCES[consumer];
    expect(warnMs).toBeLessThanOrEqual(maxMs);
    expect(judgeAge(consumer, warnMs)).toBe('fresh');
    expect(judgeAge(consumer, maxMs + 1)).toBe('refuse');
  });

  test.each(consumers)('%s refuses what is not known to be young: NaN, the future', (consumer) => {
    for (const age of [Number.NaN, -1_001, Number.POSITIVE_INFINITY])
      expect(judgeAge(consumer, age)).toBe('refuse');
    expect(judgeAge(consumer, -1_000)).toBe('fresh');
    expect(judgeAge(consumer, 0, Number.NaN)).toBe('refuse');
  });

  test.each([
    [0, 'fresh'],
    [60_000, 'fresh'],
    [60_001, 'warn'],
    [300_000, 'warn'],
    [300_001, 'refuse'],
  ] as const)('MD-64 MD-T12 a quote %i ms old: %s for an entry', (age, verdict) => {
    expect(judgeAge('entryDecision', age)).toBe(verdict);
  });

  test('decisions go by the market clock, screens by the wall clock', () => {
    const seen = { value: 1, venueAt: 1_000_000, receivedAt: 5_000_000, writtenAt: 5_000_001 };
    const now = { market: 1_400_000, wall: 5_000_500 };
    expect(judgeObserved('entryDecision', seen, now)).toBe('refuse');
    expect(judgeObserved('display', seen, now)).toBe('fresh');
  });

  test('MD-02 the spread filter wants a quote of seconds, an exit may take one of minutes', () => {
    expect(judgeAge('spreadFilter', 10_001)).toBe('refuse');
    expect(judgeAge('exitPricing', 10_001)).toBe('fresh');
  });
});
