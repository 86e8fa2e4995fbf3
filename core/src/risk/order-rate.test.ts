import fc from 'fast-check';
import { aCandidate, aRiskState, at, NOON } from '../order/fixtures.ts';
import type { EpochMs } from '../lib/time.ts';
import { LIMITS } from './limits.ts';
import { checkOrderRate, checkStrategyOrderRate, recordOrder } from './order-rate.ts';
import type { RecentOrder } from './risk-state.ts';

const mayOrder = (recentOrders: readonly RecentOrder[], now: EpochMs, strategyId = 'balanced') => {
  const candidate = aCandidate({
    signal: { strategyId },
    context: { now, risk: aRiskState({ recentOrders }) },
  });
  return {
    strategy: checkStrategyOrderRate(candidate).block === null,
    book: checkOrderRate(candidate).block === null,
  };
};

const burst = (count: number, atMs: EpochMs, strategyId = 'balanced'): RecentOrder[] =>
  Array.from({ length: count }, () => ({ strategyId, at: atMs }));

test('RSK-26 RSK-64 ten orders of a strategy pass in a minute, the eleventh does not', () => {
  expect(mayOrder(burst(9, NOON), NOON).strategy).toBe(true);
  expect(mayOrder(burst(10, NOON), NOON).strategy).toBe(false);
  expect(mayOrder(burst(10, NOON), NOON, 'trend').strategy).toBe(true);
});

test('RSK-T09 RSK-25 RSK-64 100 orders of a book pass in a minute, the 101st does not', () => {
  expect(mayOrder(burst(99, NOON, 'trend'), NOON).book).toBe(true);
  expect(mayOrder(burst(100, NOON, 'trend'), NOON).book).toBe(false);
});

test('an order counts for a minute, and one from the future counts', () => {
  expect(mayOrder(burst(10, NOON), at(59_999)).strategy).toBe(false);
  expect(mayOrder(burst(10, NOON), at(60_000)).strategy).toBe(true);
  expect(mayOrder(burst(10, at(5_000)), NOON).strategy).toBe(false);
});

test('prop: RSK-T09 however many ask and whenever, no minute ever holds more than the limits', () => {
  const wish = fc.record({
    gapMs: fc.integer({ min: 0, max: 200 }),
    strategyId: fc.integer({ min: 1, max: 30 }).map((n) => `s${n}`),
  });
  fc.assert(
    fc.property(fc.array(wish, { minLength: 300, maxLength: 1_000 }), (wishes) => {
      let now: EpochMs = NOON;
      let recent: readonly RecentOrder[] = [];
      const granted: RecentOrder[] = [];
      for (const { gapMs, strategyId } of wishes) {
        now = at(now - NOON + gapMs);
        const may = mayOrder(recent, now, strategyId);
        if (!may.strategy || !may.book) continue;
        recent = recordOrder(recent, { strategyId, at: now });
        granted.push({ strategyId, at: now });
      }
      for (const { at: end, strategyId } of granted) {
        const minute = granted.filter((order) => order.at <= end && order.at > end - 60_000);
        expect(minute.length).toBeLessThanOrEqual(LIMITS.paper.ordersPerMinute);
        const own = minute.filter((order) => order.strategyId === strategyId);
        expect(own.length).toBeLessThanOrEqual(LIMITS.paper.strategyOrdersPerMinute);
      }
    }),
    { numRuns: 20 },
  );
});

test('the list that is kept stays short', () => {
  expect(recordOrder(burst(500, NOON), { strategyId: 'trend', at: NOON })).toHaveLength(200);
  expect(recordOrder(burst(50, NOON), { strategyId: 'trend', at: at(60_000) })).toHaveLength(1);
});
