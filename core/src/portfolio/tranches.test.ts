import fc from 'fast-check';
import { epochMs } from '../lib/time.ts';
import {
  addQty,
  amountOf,
  money,
  moneyOf,
  percentOf,
  price,
  qty,
  subQty,
  ZERO_QTY,
  type Qty,
} from '../lib/units.ts';
import {
  addImpact,
  averageOf,
  nextTranche,
  reduceTranches,
  trancheFactor,
  type AddInputs,
  type Tranche,
} from './tranches.ts';

const tranche = (n: number, px: string, quantity = '1'): Tranche => ({
  ...{ n, orderIds: [`o${n}`], quantity: qty(quantity), price: price(px), quote: money(px) },
  ...{
    fee: money('0'),
    filledAt: epochMs(n),
    score: null,
    temperature: 'HOT',
    remaining: qty(quantity),
  },
});

test('PF-12 PF-T01 1 at 100 and 1 at 90 average 95; after a sale of 1 it is 95 by average cost and 90 by fifo', () => {
  const both = [tranche(1, '100'), tranche(2, '90')];
  expect(averageOf(both)).toBe(price('95'));
  expect(averageOf(reduceTranches(both, qty('1'), 'average'))).toBe(price('95'));
  expect(averageOf(reduceTranches(both, qty('1'), 'fifo'))).toBe(price('90'));
  expect(averageOf(reduceTranches(both, qty('2'), 'fifo'))).toBeNull();
  expect(() => reduceTranches(both, qty('2.1'), 'fifo')).toThrow(RangeError);
});

test('prop: PF-11 PF-12 what tranches hold falls by exactly what is sold', () => {
  const lots = fc.array(fc.integer({ min: 1, max: 1_000 }), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(
      lots,
      fc.integer({ min: 0, max: 100 }),
      fc.constantFrom('average', 'fifo'),
      (sizes, pct, method) => {
        const tranches = sizes.map((size, i) =>
          tranche(i + 1, '100', String(size / 7).slice(0, 12)),
        );
        const held = (list: readonly Tranche[]): Qty =>
          list.reduce((sum, { remaining }) => addQty(sum, remaining), ZERO_QTY);
        const before = held(tranches);
        const sold = amountOf(percentOf(moneyOf(before), pct, 'floor'));
        expect(held(reduceTranches(tranches, sold, method))).toBe(subQty(before, sold));
      },
    ),
    { numRuns: 100 },
  );
});

test.each([
  ['equal_size', [1, 1, 1, 1, 0]],
  ['pyramid_up', [1, 0.75, 0.5, 0.25, 0]],
  ['pyramid_down', [1, 1, 1.25, 1.5, 0]],
  ['adaptive', [0.6, 0.6, 0.6, 0.6, 0]],
] as const)('PF-10 sizes of %s are %j', (strategy, factors) => {
  const heat = { temperature: 'WARM', winRate: 0.5 } as const;
  expect([1, 2, 3, 4, 5].map((n) => trancheFactor(strategy, n, heat))).toEqual(factors);
});

const base: AddInputs = {
  ...{ strategy: 'pyramid_up', mode: 'paper', allowedByAdmin: false, side: 'LONG', tranches: 1 },
  ...{ firstQuote: money('100'), heldQuote: money('100'), maxPositionQuote: money('1000') },
  ...{
    lastPrice: price('100'),
    price: price('101'),
    averageEntry: price('100'),
    stop: price('95'),
  },
  ...{ stepPct: 1, tightened: false, temperature: 'HOT', winRate: 0.5, confirmed: false },
};

test.each<[string, Partial<AddInputs>, string | null]>([
  ['a step up', {}, '75'],
  ['not quite a step', { price: price('100.99') }, null],
  ['down, for a pyramid that goes down', { strategy: 'pyramid_down', price: price('99') }, '100'],
  ['up, for one that goes down', { strategy: 'pyramid_down' }, null],
  ['either way for equal sizes', { strategy: 'equal_size', price: price('99') }, '100'],
  ['a confirmation for an adaptive plan', { strategy: 'adaptive', confirmed: true }, '100'],
  [
    'an adaptive plan that is cold',
    { strategy: 'adaptive', confirmed: true, temperature: 'COOL' },
    null,
  ],
  ['a short that gains', { side: 'SHORT', price: price('99'), stop: price('105') }, '75'],
  ['a fifth tranche', { tranches: 4 }, null],
  ['more than the position may be', { maxPositionQuote: money('174.99') }, null],
  ['exactly what it may be', { maxPositionQuote: money('175') }, '75'],
  ['a stop that was tightened', { tightened: true }, null],
  ['half of the way to the stop', { strategy: 'equal_size', price: price('97.5') }, '100'],
  ['more than half of it', { strategy: 'equal_size', price: price('97.49') }, null],
  [
    'a pyramid down in a small book',
    { strategy: 'pyramid_down', price: price('99'), mode: 'small', allowedByAdmin: true },
    null,
  ],
  ['one in a full book', { strategy: 'pyramid_down', price: price('99'), mode: 'full' }, null],
  [
    'one that an admin allowed',
    { strategy: 'pyramid_down', price: price('99'), mode: 'full', allowedByAdmin: true },
    '100',
  ],
])('PF-10 with %s', (_, change, quote) => {
  const decision = nextTranche({ ...base, ...change });
  expect(decision.add ? decision.quote : null).toBe(quote === null ? null : money(quote));
});

test('PF-13 the report of an add: averages, break-even, added risk, shares', () => {
  const impact = addImpact({
    ...{
      side: 'LONG',
      quantity: qty('1'),
      averageEntry: price('100'),
      added: qty('1'),
      price: price('90'),
    },
    ...{ stop: price('85'), plannedQuote: money('400'), equity: money('1000') },
  });
  expect(impact).toMatchObject({
    averageBefore: 100,
    averageAfter: 95,
    addedRisk: 5,
    shareOfPlanPct: 47.5,
    exposurePct: 18,
  });
  expect(impact.breakEvenMovePctBefore).toBeCloseTo(11.11);
  expect(impact.breakEvenMovePctAfter).toBeCloseTo(5.56);
});
