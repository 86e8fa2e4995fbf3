import { holding, switchedParams, SWITCHES, walkerIn } from '../../../test/sectioned.ts';
import { price, qty } from '../../lib/units.ts';
import { epochMs } from '../../lib/time.ts';

const on = (id: string, window: string) => ({ id, condition: window, operator: 'gte', value: 1 });
const [a, b, c] = ['TRADE_RATE_60_0', 'SPREAD_PCT', 'CVD_1H'] as const;
const three = { conditions: [on('a', a), on('b', b), on('c', c)] };
const values = (...now: (number | null)[]) => ({
  [a]: now[0] ?? null,
  [b]: now[1] ?? null,
  [c]: now[2] ?? null,
});

/** A strategy that watches for this S1. */
const watching = (S1: object) => {
  const strategy = walkerIn('WARMING_UP', { ...switchedParams, S1 });
  strategy.bar([], { windows: values(0, 0, 0) });
  return strategy;
};

describe('a section', () => {
  test.each([
    ['all', undefined, [1, 1, 1], true],
    ['all', undefined, [1, 1, 0], false],
    ['any', undefined, [0, 0, 1], true],
    ['any', undefined, [0, 0, 0], false],
    ['atLeast', 2, [1, 0, 1], true],
    ['atLeast', 2, [1, 0, 0], false],
    // STR-33: what cannot be told does not hold.
    ['all', undefined, [1, 1, null], false],
    ['any', undefined, [null, null, null], false],
    ['atLeast', 2, [1, null, 1], true],
  ] as const)('STR-31 of logic %s %s with %j fires: %s', (logic, k, now, fires) => {
    const strategy = watching({ ...three, logic, k });
    strategy.bar([], { windows: values(...now) });
    expect(strategy.at()).toBe(fires ? 'SIGNAL_DETECTED' : 'MONITORING');
  });

  test('STR-04 names what stands in its way, and nothing that stands in nobody’s', () => {
    const strategy = watching({
      groups: [
        { logic: 'any', conditions: [on('a', a), on('b', b)] },
        { logic: 'atLeast', k: 2, conditions: [on('c', c), on('d', a), on('e', b)] },
      ],
    });
    const { audit } = strategy.bar([], { windows: values(1, 0, 0) });
    const failing = audit.gates.filter(({ passes }) => !passes).map(({ gate }) => gate);
    expect(failing).toEqual(['S1.c', 'S1.e', 'S1[1]']);
    expect(audit.failing).toMatchObject({
      gate: 'S1.c',
      reason: 'no_signal',
      input: 0,
      comparison: '>=',
      threshold: 1,
    });
  });

  test('O1 that fires says which condition would have let the opportunity live', () => {
    const strategy = walkerIn('SIGNAL_DETECTED');
    expect(strategy.bar(['O1']).audit.failing).toMatchObject({
      gate: 'O1.on',
      input: 1,
      comparison: '<',
      threshold: 1,
    });
  });

  test('holdSeconds count from the close of the first bar on which it holds, without a break', () => {
    const strategy = watching({ conditions: [{ ...on('a', a), holdSeconds: 120 }] });
    const held = [1, 1, 0, 1, 1, 1].map((now) => {
      const { audit } = strategy.bar([], { windows: values(now, 0, 0) });
      return `${strategy.at()} ${audit.failing?.gate ?? ''} ${String(audit.failing?.input)}`;
    });
    expect(held).toEqual([
      'MONITORING S1.a.heldSeconds 0',
      'MONITORING S1.a.heldSeconds 60',
      'MONITORING S1.a 0',
      'MONITORING S1.a.heldSeconds 0',
      'MONITORING S1.a.heldSeconds 60',
      'SIGNAL_DETECTED state SIGNAL_DETECTED',
    ]);
  });

  test('a condition is held also while its section is not looked at', () => {
    const held = { conditions: [{ ...on('a', a), holdSeconds: 60 }] };
    const strategy = walkerIn('WARMING_UP', { ...switchedParams, Z1: held });
    for (const sections of [[], ['S1']] as const) strategy.bar(sections, { windows: values(1) });
    expect(strategy.bar([], { windows: values(1) }).effects).toHaveLength(1);
  });

  test('STR-36 its confidence is the mean distance from its thresholds, mapped to 0.5 to 1, times the quality', () => {
    const strategy = watching(three);
    // 1.5 is half as far again, 3 as far again and more, 1 on the threshold.
    const { audit } = strategy.bar([], {
      windows: values(1.5, 3, 1),
      facts: { dataQuality: 0.8 },
    });
    expect(audit.records).toMatchObject([{ indicatorValues: { [a]: 1.5, [b]: 3, [c]: 1 } }]);
    expect(audit.records[0]?.confidence).toBeCloseTo((0.8 * (0.75 + 1 + 0.5)) / 3, 12);
  });

  test('STR-38 the price is the close, and of a position its profit is known, whichever its side', () => {
    const profit = (value: number) => ({
      ...switchedParams,
      ZE1: { conditions: [{ id: 'target', condition: 'profit_pct', operator: 'gte', value }] },
    });
    const short = {
      ...holding.position,
      side: 'SHORT',
      quantity: qty('1'),
      averageEntry: price('100'),
      openedAt: epochMs(0),
      lastFillAt: epochMs(0),
    } as const;
    for (const [facts, close, exits] of [
      [holding, 105, true],
      [holding, 104.9, false],
      [{ position: short }, 95, true],
      [{ position: short }, 105, false],
    ] as const) {
      const strategy = walkerIn('POSITION_ACTIVE', profit(5));
      const { effects } = strategy.bar([], { facts, close });
      expect(effects).toHaveLength(Number(exits));
    }
    const strategy = walkerIn('MONITORING', {
      ...switchedParams,
      S1: { conditions: [{ id: 'dear', condition: 'price', operator: 'gt', value: 150 }] },
    });
    strategy.bar([], { close: 151 });
    expect(strategy.at()).toBe('SIGNAL_DETECTED');
  });

  test('an indicator on bars is read once the engine has warmed it up', () => {
    const strategy = walkerIn('INACTIVE', {
      ...switchedParams,
      S1: { conditions: [{ id: 'rsi', condition: 'rsi', operator: 'gt', value: 60, params: [3] }] },
    });
    const states = [1, 2, 3, 4, 5, 6].map((minute) => {
      strategy.bar([], { close: 100 + minute });
      return strategy.at();
    });
    expect(states).toEqual([
      'WARMING_UP',
      'WARMING_UP',
      'WARMING_UP',
      'MONITORING',
      'SIGNAL_DETECTED',
      'ENTRY_EVALUATION',
    ]);
  });

  test('STR-33 windows that no bar brings are never ready, and it says which', () => {
    const strategy = walkerIn('INACTIVE');
    for (let i = 0; i < 5; i += 1)
      expect(strategy.bar([], { windows: { [SWITCHES.S1]: null } }).effects).toEqual([]);
    const { audit } = strategy.bar([], { windows: { [SWITCHES.S1]: null } });
    expect(audit.failing).toMatchObject({ gate: `ready.${SWITCHES.S1}`, reason: 'warmup' });
  });
});
