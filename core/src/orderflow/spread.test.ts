import fc from 'fast-check';
import {
  ROLL_TRADES,
  rollInit,
  rollNext,
  rollSpread,
  spreadPct,
  type RollState,
} from './spread.ts';
import { anyTicks, shuffled } from '../../test/ticks.ts';

const T = 1_700_000_000_000;

/** Roll's estimate straight from its definition. */
function brute(prices: readonly number[]): number {
  const last = prices.slice(-ROLL_TRADES);
  const changes = last.slice(1).map((price, index) => price - (last[index] ?? 0));
  const [later, earlier] = [changes.slice(1), changes.slice(0, -1)];
  const mean = (list: readonly number[]) => list.reduce((sum, each) => sum + each, 0) / list.length;
  const [meanLater, meanEarlier] = [mean(later), mean(earlier)];
  const covariance = mean(
    later.map((change, index) => (change - meanLater) * ((earlier[index] ?? 0) - meanEarlier)),
  );
  return (200 * Math.sqrt(Math.max(0, -covariance))) / (last.at(-1) ?? 1);
}

describe('spread', () => {
  test('IND-37 is the quoted spread in percent of the middle', () => {
    const quote = { bid: 99, ask: 101, at: T };
    expect(spreadPct({ quote, roll: rollInit() }, T)).toEqual({ pct: 2, estimated: false });
  });

  test.each([
    ['crossed', { bid: 101, ask: 99, at: T }],
    ['too old', { bid: 99, ask: 101, at: T - 10_001 }],
    ['from the future', { bid: 99, ask: 101, at: T + 1_001 }],
    ['without a bid', { bid: 0, ask: 101, at: T }],
    ['absent', null],
  ])('a quote that is %s does not count, and nothing is made up', (_, quote) => {
    expect(spreadPct({ quote, roll: rollInit() }, T)).toBeUndefined();
  });

  test('IND-37 a bounce between 99 and 101 is estimated, and flagged', () => {
    const roll = rollInit();
    for (let id = 0; id < 300; id += 1)
      rollNext(roll, {
        id,
        at: T + id,
        price: id % 2 === 0 ? 9_900 : 10_100,
        size: 1,
        isBuy: true,
      });
    const estimated = spreadPct({ quote: null, roll }, T);
    expect(estimated?.estimated).toBe(true);
    // Roll's measure of a strict bounce is twice its width: each change reverses the one before.
    expect(estimated?.pct).toBeCloseTo((200 * 200) / 10_100, 1);
  });

  test('prop: IND-T17 the estimate is that of the last 200 trades in any order, before and after a restart', () => {
    fc.assert(
      fc.property(
        anyTicks({ from: T, maxWait: 60, maxLength: 900 }).chain((ticks) =>
          fc.tuple(fc.constant(ticks), shuffled(ticks, 100), fc.nat({ max: 899 })),
        ),
        ([ticks, order, cut]) => {
          let roll = rollInit();
          order.forEach((tick, index) => {
            if (index === cut) roll = JSON.parse(JSON.stringify(roll)) as RollState;
            rollNext(roll, tick);
          });
          const estimate = rollSpread(roll);
          if (ticks.length < ROLL_TRADES) expect(estimate).toBeUndefined();
          else expect(estimate).toBeCloseTo(brute(ticks.map(({ price }) => price)), 8);
        },
      ),
      { numRuns: 60 },
    );
  });
});
