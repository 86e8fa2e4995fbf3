import { parametersOf } from './parameters.ts';
import { parseSpace, wholeSpace } from './restrict.ts';
import { combinationsOf, paramsAt, sizeOf, valueAt, valuesAt, type Dimension } from './space.ts';
import * as z from 'zod';

const schema = z
  .strictObject({
    timeframe: z.enum(['1m', '5m']).default('1m'),
    fast: z.int().min(2).max(500),
    free: z.int(),
    positive: z.int().positive().max(9),
    exits: z.boolean().default(false),
    names: z.array(z.string()),
    title: z.string(),
    signalConfig: z.strictObject({
      rsi: z
        .strictObject({ period: z.int().min(2).max(50), weight: z.number().min(0).max(1) })
        .nullable(),
    }),
    rule: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('a'), level: z.number().min(0).max(1) }),
      z.strictObject({ kind: z.literal('b') }),
    ]),
  })
  .refine(({ fast }) => fast !== 13);
const parameters = parametersOf(z.toJSONSchema(schema, { io: 'input' }));
const spaceOf = (...texts: readonly string[]) => {
  const parsed = parseSpace(parameters, texts);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
};
const faultOf = (...texts: readonly string[]): string => {
  const parsed = parseSpace(parameters, texts);
  return parsed.ok ? '' : parsed.error;
};

test('numbers, choices and yes or no are found by path; lists and free text are not searched', () => {
  expect(parameters).toEqual([
    { path: 'timeframe', kind: 'choice', values: ['1m', '5m'] },
    { path: 'fast', kind: 'integer', min: 2, max: 500 },
    { path: 'free', kind: 'integer', min: -Infinity, max: Infinity },
    { path: 'positive', kind: 'integer', min: 1, max: 9 },
    { path: 'exits', kind: 'choice', values: [false, true] },
    { path: 'signalConfig.rsi.period', kind: 'integer', min: 2, max: 50 },
    { path: 'signalConfig.rsi.weight', kind: 'number', min: 0, max: 1 },
    { path: 'rule.kind', kind: 'choice', values: ['a', 'b'] },
    { path: 'rule.level', kind: 'number', min: 0, max: 1 },
  ]);
});

test('without a narrower space all that has an end is searched', () => {
  expect(wholeSpace(parameters).map(({ path }) => path)).not.toContain('free');
  expect(wholeSpace(parameters)).toContainEqual({
    path: 'fast',
    kind: 'steps',
    from: 2,
    to: 500,
    step: 1,
  });
  expect(wholeSpace(parameters)).toContainEqual({
    path: 'signalConfig.rsi.weight',
    kind: 'range',
    from: 0,
    to: 1,
  });
});

test.each<[string, Dimension]>([
  ['fast=5..30:5', { path: 'fast', kind: 'steps', from: 5, to: 30, step: 5 }],
  ['fast=5..30', { path: 'fast', kind: 'steps', from: 5, to: 30, step: 1 }],
  ['fast=5,8,13', { path: 'fast', kind: 'choice', values: [5, 8, 13] }],
  ['free=-3..3', { path: 'free', kind: 'steps', from: -3, to: 3, step: 1 }],
  ['exits=true', { path: 'exits', kind: 'choice', values: [true] }],
  ['timeframe = 5m, 1m', { path: 'timeframe', kind: 'choice', values: ['5m', '1m'] }],
  [
    'signalConfig.rsi.weight=0.2..0.8',
    { path: 'signalConfig.rsi.weight', kind: 'range', from: 0.2, to: 0.8 },
  ],
  [
    'signalConfig.rsi.weight=0.1..0.9:0.2',
    { path: 'signalConfig.rsi.weight', kind: 'steps', from: 0.1, to: 0.9, step: 0.2 },
  ],
])('"%s" is understood', (text, dimension) => {
  expect(spaceOf(text)).toEqual([dimension]);
});

test.each([
  ['fast=1..30', 'goes beyond its limits'],
  ['fast=30..5', 'above'],
  ['fast=5..30:0', 'step'],
  ['fast=5.5..30:1', 'whole numbers'],
  ['fast=1.5', 'not one of its values'],
  ['timeframe=1h', 'not one of its values: 1m, 5m'],
  ['timeframe=1..5', 'no range'],
  ['slow=5..30', 'no parameter that can be searched; there are: timeframe, fast'],
  ['fast', 'names no range'],
])('"%s" is refused and told why', (text, why) => {
  expect(faultOf(text)).toContain(why);
});

test('every fault of a space is told, not only the first', () => {
  expect(faultOf('fast=1..2', 'slow=1..2', 'exits=true', 'exits=false').split('\n')).toHaveLength(
    3,
  );
});

test('steps reach their end, without the noise of binary fractions', () => {
  const [weight] = spaceOf('signalConfig.rsi.weight=0.1..0.3:0.1');
  if (weight === undefined) throw new Error('a dimension');
  expect(sizeOf(weight)).toBe(3);
  expect([0, 1, 2].map((step) => valueAt(weight, step))).toEqual([0.1, 0.2, 0.3]);
});

test('a combination puts its values in their places and leaves the rest, and the base, alone', () => {
  const space = spaceOf('fast=5..30:5', 'signalConfig.rsi.period=7..21:7', 'exits=true,false');
  const base = { fast: 10, title: 'mine', signalConfig: { rsi: { period: 14, weight: 0.5 } } };
  expect(paramsAt(base, space, [2, 0, 1])).toEqual({
    fast: 15,
    exits: false,
    title: 'mine',
    signalConfig: { rsi: { period: 7, weight: 0.5 } },
  });
  expect(base.signalConfig.rsi.period).toBe(14);
  expect(combinationsOf(space)).toBe(6 * 3 * 2);
  expect(valuesAt(space, [0, 2, 0])).toEqual({
    fast: 5,
    'signalConfig.rsi.period': 21,
    exits: true,
  });
});
