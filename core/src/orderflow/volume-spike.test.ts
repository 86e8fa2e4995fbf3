import fc from 'fast-check';
import {
  volumeAverageInit,
  volumeAverageNext,
  volumeSpikeInit,
  volumeSpikeNext,
  type VolumeSpikeState,
} from './volume-spike.ts';

const bar = (volume: number, incomplete = false) => ({
  volume,
  trades: volume === 0 ? 0 : 1,
  incomplete,
});
const fed = (volumes: readonly number[]) => {
  const state = volumeSpikeInit();
  return volumes.map((volume) => volumeSpikeNext(state, bar(volume)));
};
const same = (count: number, volume: number) => Array.from({ length: count }, () => volume);

describe('volume spike', () => {
  test('IND-92 is the last volume by the mean of the 19 before', () => {
    const told = fed([...same(19, 10), 25, 10]);
    expect(told.slice(0, 19)).toEqual(same(19, 0).map(() => undefined));
    expect(told[19]).toBe(2.5);
    expect(told[20]).toBe(10 / ((18 * 10 + 25) / 19));
  });

  test('IND-92 leaves bars without trades out of the mean', () => {
    expect(fed([...same(9, 10), ...same(10, 0), 25])[19]).toBe(2.5);
    expect(fed([...same(19, 10), 0])[19]).toBe(0);
  });

  test('a mean of nothing is not defined', () => {
    expect(fed([...same(19, 0), 25])[19]).toBeUndefined();
  });

  test('a bar that lacks trades is not averaged either', () => {
    const state = volumeAverageInit(2);
    volumeAverageNext(state, bar(10));
    expect(volumeAverageNext(state, bar(2, true))).toBe(10);
  });

  test('refuses a period that is no count', () => {
    expect(() => volumeAverageInit(0)).toThrow(RangeError);
  });

  test('prop: IND-92 equals the definition, and resumes from JSON identically', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1_000), { maxLength: 80 }), (volumes) => {
        let state = volumeSpikeInit();
        volumes.forEach((volume, i) => {
          state = JSON.parse(JSON.stringify(state)) as VolumeSpikeState;
          const before = volumes.slice(Math.max(0, i - 19), i).filter((each) => each > 0);
          const mean = before.reduce((sum, each) => sum + each, 0) / before.length;
          expect(volumeSpikeNext(state, bar(volume))).toEqual(
            i < 19 || before.length === 0 ? undefined : volume / mean,
          );
        });
      }),
    );
  });
});
