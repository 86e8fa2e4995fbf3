import fc from 'fast-check';
import { checkOf, checkValue, looksBack, OPERATORS, type Operator } from './check.ts';

const judged = (
  [operator, value, value2 = 0]: readonly [Operator, number, number?],
  now: number | null,
  before: number | null = null,
  negate = false,
) => checkValue(checkOf({ operator, value, value2, negate }), now, before);

type Row = readonly [
  readonly [Operator, number, number?],
  now: number,
  holds: boolean,
  before?: number,
];
const ROWS: readonly Row[] = [
  [['gt', 5], 5, false],
  [['gt', 5], 5.01, true],
  [['gte', 5], 5, true],
  [['gte', 5], 4.99, false],
  [['lt', 5], 5, false],
  [['lt', 5], 4.99, true],
  [['lte', 5], 5, true],
  [['lte', 5], 5.01, false],
  [['eq', 1e6], 1e6 + 9e-4, true],
  [['eq', 1e6], 1e6 + 2e-3, false],
  [['eq', 0], 0, true],
  [['eq', 0], 1e-30, false],
  [['between', 40, 80], 40, true],
  [['between', 40, 80], 80, true],
  [['between', 40, 80], 39.99, false],
  [['between', 40, 80], 80.01, false],
  [['outside', 40, 80], 40, false],
  [['outside', 40, 80], 39.99, true],
  [['outside', 40, 80], 80.01, true],
  [['withinPct', 200, 1], 198, true],
  [['withinPct', 200, 1], 202, true],
  [['withinPct', 200, 1], 202.01, false],
  [['withinPct', -200, 1], -202, true],
  [['rising', 0.001], 100.002, true, 100],
  [['rising', 0.001], 100.0005, false, 100],
  [['rising', 0.001], 100, false, 100],
  [['rising', 2], 101.9, false, 100],
  [['rising', 2], 102, true, 100],
  [['falling', 2], 98, true, 100],
  [['falling', 2], 98.1, false, 100],
  [['crossesAbove', 70], 70.1, true, 70],
  [['crossesAbove', 70], 70, false, 69],
  [['crossesAbove', 70], 72, false, 71],
  [['crossesBelow', 30], 29.9, true, 30],
  [['crossesBelow', 30], 29, false, 29.5],
];

const isMove = (operator: Operator) => operator === 'rising' || operator === 'falling';

describe('STR-32 an operator', () => {
  const rows = ROWS.map(
    ([comparing, now, holds, before = 0]) => [comparing, now, holds, before] as const,
  );
  test.each(rows)('%j of %d: %s (before: %s)', (comparing, now, holds, before) => {
    expect(judged(comparing, now, before).holds).toBe(holds);
  });

  test.each(rows)('negated, %j of %d: not %s (before: %s)', (comparing, now, holds, before) => {
    expect(judged(comparing, now, before, true).holds).toBe(!holds);
  });

  test.each(OPERATORS)('STR-33 %s of nothing cannot be told, negated or not', (operator) => {
    for (const negate of [false, true]) {
      const unknown = judged([operator, 40, 80], null, 50, negate);
      expect(unknown).toMatchObject({ holds: null, input: null });
      expect(unknown.threshold).not.toBeNull();
    }
  });

  test.each(
    OPERATORS.filter((operator) =>
      looksBack(checkOf({ operator, value: 1, value2: 2, negate: false })),
    ),
  )('%s without a value before cannot be told', (operator) => {
    expect(judged([operator, 1], 50, null).holds).toBeNull();
  });

  test.each([
    [['gte', 8], 7, ['>=', 8]],
    [['between', 40, 80], 30, ['>=', 40]],
    [['between', 40, 80], 90, ['<=', 80]],
    [['outside', 40, 80], 45, ['<', 40]],
    [['outside', 40, 80], 75, ['>', 80]],
    [['rising', 2], 101, ['>=', 102]],
    [['falling', 2], 99, ['<=', 98]],
    [['crossesAbove', 70], 69, ['>', 70]],
    [['crossesBelow', 30], 31, ['<', 30]],
    [['eq', 3], 4, ['is', 3]],
  ] as const)(
    '%j of %d names the nearest change that would do',
    (comparing, now, [comparison, threshold]) => {
      expect(judged(comparing, now, 100 * Number(comparing[0] !== 'crossesAbove'))).toMatchObject({
        input: now,
        comparison,
        threshold,
      });
    },
  );

  test('a value that was beyond the line before has to come back first', () => {
    expect(judged(['crossesAbove', 70], 75, 72)).toMatchObject({
      holds: false,
      input: 'beyond it before',
      threshold: 'crossing',
    });
  });

  test.each([
    [['gte', 8], 8, 0],
    [['gte', 8], 12, 0.5],
    [['gte', 8], 40, 1],
    [['lte', -8], -12, 0.5],
    [['gt', 0], 0.001, 1],
    [['between', 40, 80], 70, 0.125],
  ] as const)('STR-36 %j of %d lies %d of its threshold away', (comparing, now, distance) => {
    expect(judged(comparing, now).distance).toBeCloseTo(distance, 12);
  });

  test('prop: what a gate asks for is what turns it', () => {
    const number = fc.integer({ min: -1_000, max: 1_000 });
    fc.assert(
      fc.property(
        fc.constantFrom<Operator>(
          'gt',
          'gte',
          'lt',
          'lte',
          'between',
          'outside',
          'rising',
          'falling',
        ),
        fc.record({
          value: fc.integer({ min: 1, max: 100 }),
          width: fc.integer({ min: 1, max: 100 }),
          now: number,
          before: number,
          negate: fc.boolean(),
        }),
        (operator, { value, width, now, before, negate }) => {
          const comparing = [operator, value, value + width] as const;
          const { holds, comparison, threshold } = judged(comparing, now, before, negate);
          if (holds !== false || typeof threshold !== 'number') return;
          // A move's bound is worked out, and may be a rounding away.
          const isExact = (comparison === '>=' || comparison === '<=') && !isMove(operator);
          const step = isExact ? 0 : comparison.startsWith('>') ? 1e-6 : -1e-6;
          expect(judged(comparing, threshold + step, before, negate).holds).toBe(true);
        },
      ),
    );
  });
});
