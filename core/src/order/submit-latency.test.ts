import { slowSubmits, withLatency } from './submit-latency.ts';

const times = (count: number, ms: number): number[] => Array.from({ length: count }, () => ms);

describe('EXE-31 submissions that are slow are told', () => {
  test.each<[string, readonly number[], number | null]>([
    ['none', [], null],
    ['nine, too few to judge by', times(9, 5_000), null],
    ['ten at the limit', times(10, 1_000), null],
    ['ten beyond it', times(10, 1_001), 1_001],
    ['one slow in twenty', [...times(19, 90), 9_000], null],
    ['two slow in twenty', [2_000, ...times(18, 90), 9_000], 2_000],
  ])('%s', (_, recent, slow) => {
    expect(slowSubmits(recent)).toBe(slow);
  });

  test('only the last twenty count', () => {
    const recent = [...times(20, 90), 70].reduce<readonly number[]>(withLatency, times(5, 9_000));
    expect(recent).toEqual([...times(19, 90), 70]);
  });
});
