import { switchedParams } from '../../../test/sectioned.ts';
import { fiveSection } from './five-section.ts';
import { sectionedSettings } from './params.ts';

const rsi = { id: 'rsi', condition: 'rsi', operator: 'gte', value: 50 } as const;
const one = { conditions: [rsi] };
const least = { S1: one, Z1: one };

const prepared = (params: object) => {
  const result = fiveSection.prepare(params);
  return result.ok ? 'well formed' : result.error;
};
/** S1 with this condition. */
const withCondition = (changes: object) => ({
  ...least,
  S1: { conditions: [{ ...rsi, ...changes }] },
});
/** Groups within groups, this many. */
const nested = (depth: number): object => (depth === 0 ? one : { groups: [nested(depth - 1)] });

describe('parameters of five sections', () => {
  test('STR-31 S1 and Z1 are enough, and what is left out has its default', () => {
    expect(sectionedSettings.parse(least)).toMatchObject({
      timeframe: '1m',
      direction: 'LONG',
      signalTtlSeconds: 120,
      minSignalIntervalSeconds: 5,
      rearmSeconds: 30,
      orderFailureLimit: 10,
      S1: { logic: 'all', conditions: [{ holdSeconds: 0, params: [], negate: false }] },
      E1: { conditions: [], groups: [] },
    });
  });

  test.each([
    [
      'STR-31 an empty S1',
      { ...least, S1: {} },
      'S1: is empty: without S1 no opportunity is ever spotted',
    ],
    [
      'STR-31 an empty Z1',
      { ...least, Z1: { conditions: [] } },
      'Z1: is empty: without Z1 nothing',
    ],
    [
      'an empty group',
      { ...least, O1: { groups: [{}] } },
      'O1.groups.0: a group needs a condition',
    ],
    ['STR-31 groups four deep', { ...least, S1: nested(4) }, 'groups nest three deep at most'],
    [
      'k that can never be',
      { ...least, S1: { ...one, logic: 'atLeast', k: 2 } },
      'S1.k: 2 of 1 can never be true',
    ],
    ['atLeast without k', { ...least, S1: { ...one, logic: 'atLeast' } }, 'S1.k: atLeast needs k'],
    [
      'k without atLeast',
      { ...least, S1: { ...one, k: 1 } },
      'S1.k: only atLeast takes k, not all',
    ],
    [
      'the same id twice',
      { ...least, S1: { conditions: [rsi, rsi] } },
      'S1: two conditions of a section have the same id',
    ],
    [
      'an id with a dot',
      withCondition({ id: 'a.b' }),
      'S1.conditions.0.id: an id begins with a letter',
    ],
    ['an unknown operator', withCondition({ operator: '>' }), 'is none of gt, gte, lt'],
    ['no value', withCondition({ value: undefined }), 'S1.conditions.0.value: gte needs a value'],
    ['a value that is no number', withCondition({ value: 'NaN' }), 'S1.conditions.0.value: '],
    [
      'between without its bound',
      withCondition({ operator: 'between' }),
      'value2: between needs value2, its upper bound',
    ],
    [
      'bounds the wrong way round',
      withCondition({ operator: 'outside', value2: 40 }),
      'value2: must be above value: 40 is not above 50',
    ],
    [
      'a second value for nothing',
      withCondition({ value2: 60 }),
      'value2: gte compares with one value',
    ],
    [
      'a percentage of 0',
      withCondition({ operator: 'withinPct', value: 0, value2: 1 }),
      'of a value that is not 0',
    ],
    [
      'a move of nothing',
      withCondition({ operator: 'rising', value: 0 }),
      'the least move in percent, above 0',
    ],
    [
      'numbers that a variant does not take',
      withCondition({ params: [1.5] }),
      'S1.rsi: "RSI_1.5": RSI takes whole numbers',
    ],
    [
      'the profit of no position',
      withCondition({ condition: 'profit_pct' }),
      'S1.rsi: profit_pct is known only of a position',
    ],
    ['a key that nothing reads', { ...least, stopLoss: 5 }, 'stopLoss'],
  ])('%s is refused in words', (_, params, message) => {
    expect(prepared(params)).toContain(message);
  });

  test('STR-31 groups nest three deep', () => {
    expect(prepared({ ...least, S1: nested(3) })).toBe('well formed');
  });

  test('STR-39 STR-T10 unknown conditions refuse it, with the list of them', () => {
    const unknown = (id: string, condition: string) => ({ ...rsi, id, condition });
    const params = {
      ...least,
      S1: {
        conditions: [unknown('a', 'pump'), rsi],
        groups: [{ conditions: [unknown('b', 'moon')] }],
      },
      E1: { conditions: [unknown('c', 'margin_ratio'), unknown('d', 'pump')] },
    };
    expect(prepared(params)).toBe(
      'unknown conditions: pump, moon, margin_ratio; use a name such as rsi or pump_magnitude_pct, or a variant such as RSI_14',
    );
  });

  test('STR-31 an empty E1 is refused in a book of real money, and only there', () => {
    const empty = fiveSection.prepare(least);
    const full = fiveSection.prepare(switchedParams);
    if (!empty.ok || !full.ok) throw new Error('they are well formed');
    expect(empty.value.liveFaults).toEqual([
      'E1: is empty: a book of real money needs an emergency exit (STR-31)',
    ]);
    expect(full.value.liveFaults).toEqual([]);
  });

  test('STR-38 what it needs is read from all sections: own numbers first, each variant once', () => {
    const params = {
      timeframe: '5m',
      S1: {
        conditions: [
          rsi,
          { ...rsi, id: 'same', condition: 'RSI_14' },
          { ...rsi, id: 'own', params: [7] },
        ],
      },
      O1: { groups: [{ conditions: [{ ...rsi, id: 'price', condition: 'price' }] }] },
      Z1: { conditions: [{ ...rsi, id: 'twpa', condition: 'TWPA_300_0_rising' }] },
      ZE1: { conditions: [{ ...rsi, id: 'profit', condition: 'profit_pct' }] },
      E1: { conditions: [{ ...rsi, id: 'spread', condition: 'spread_pct' }] },
    };
    const result = fiveSection.prepare(params);
    expect(result.ok && result.value.needs).toEqual({
      timeframe: '5m',
      variants: { '5m': ['RSI_14', 'RSI_7'] },
      windows: ['TWPA_300_0_rising', 'SPREAD_PCT'],
      structure: [],
      warmupBars: 0,
    });
  });
});
