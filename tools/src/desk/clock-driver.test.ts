import { portsAt } from '../lib/ports.ts';
import { startClockDriver, untilNextMinute } from './clock-driver.ts';

describe('untilNextMinute', () => {
  test('is what is left of the market minute, in wall time', () => {
    expect(untilNextMinute(15_000, 1)).toBe(45_000);
    expect(untilNextMinute(30_000, 60)).toBe(500);
    expect(untilNextMinute(120_000, 60)).toBe(1_000);
  });
  test('never comes twice within a second when minutes are shorter than that', () => {
    expect(untilNextMinute(0, 600)).toBeCloseTo(1_000);
    expect(untilNextMinute(59_999, 6_000)).toBeGreaterThanOrEqual(1_000);
  });
});

describe('startClockDriver', () => {
  beforeEach(() => {
    import.meta.jest.useFakeTimers();
  });
  afterEach(() => {
    import.meta.jest.useRealTimers();
  });

  test('fires at each minute with the minute as schedule time, and never overlaps a function', async () => {
    const calls: { name: string; at: number; finish: () => void }[] = [];
    const driver = startClockDriver({
      ports: portsAt(0),
      functions: ['runCycle', 'syncOrders'],
      marketNow: () => Date.now() * 60,
      speed: 60,
      call: (name, at) =>
        new Promise((finish) => {
          calls.push({ name, at, finish });
        }),
    });
    await import.meta.jest.advanceTimersByTimeAsync(1_000);
    expect(calls.map(({ name }) => name)).toEqual(['runCycle', 'syncOrders']);
    expect(calls.every(({ at }) => at % 60_000 === 0)).toBe(true);
    calls[0]?.finish();
    await import.meta.jest.advanceTimersByTimeAsync(1_000);
    // syncOrders is still at work: only runCycle came again.
    expect(calls.map(({ name }) => name)).toEqual(['runCycle', 'syncOrders', 'runCycle']);
    for (const { finish } of calls) finish();
    await driver.stop();
    await import.meta.jest.advanceTimersByTimeAsync(5_000);
    expect(calls).toHaveLength(3);
    expect(driver.runs()).toEqual({ runCycle: 2, syncOrders: 1 });
  });

  test('keeps what failed and goes on', async () => {
    const driver = startClockDriver({
      ports: portsAt(0),
      functions: ['runCycle'],
      marketNow: () => Date.now(),
      speed: 1,
      call: () => Promise.reject(new Error('no answer')),
    });
    await import.meta.jest.advanceTimersByTimeAsync(120_000);
    await driver.stop();
    expect(driver.failures()).toEqual(['no answer', 'no answer']);
  });
});
