import { epochMs } from '@tradewind/core/lib/time';
import { createBudget } from './budget.ts';

const DAY = 86_400_000;

describe('a budget', () => {
  test('fills up by the minute, counts by the day, and bears a clock that is set back', () => {
    let at = DAY * 20_000;
    const budget = createBudget({ perMinute: 2, perDay: 4 }, () => epochMs(at));
    const take = () => budget.take();
    expect([take().ok, take().ok]).toEqual([true, true]);
    expect(take()).toMatchObject({ error: { kind: 'budget', retryAfterMs: 30_000 } });
    at -= 1_000_000;
    expect(take().ok).toBe(false);
    at += 1_060_000;
    expect([take().ok, take().ok]).toEqual([true, true]);
    at += 60_000;
    expect(take()).toMatchObject({ error: { retryAfterMs: DAY - 120_000 } });
    expect(budget.left()).toEqual({ today: 0 });
    at += DAY;
    expect(take().ok).toBe(true);
  });
});
