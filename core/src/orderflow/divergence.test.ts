import { divergenceInit, divergenceNext, type DivergenceState } from './divergence.ts';

/** 15 quiet minutes: prices 90 to 110, CVD up to 50 and down to -50. */
function quiet(): DivergenceState {
  const state = divergenceInit();
  for (let minute = 0; minute < 15; minute += 1)
    expect(
      divergenceNext(state, { high: 110, low: 90, cvd: minute % 2 === 0 ? 50 : -50 }),
    ).toBeUndefined();
  return state;
}

describe('CVD divergence', () => {
  test.each([
    ['a new high that CVD does not follow', { high: 111, low: 100, cvd: 50 }, 'high'],
    ['a new high with a new high of CVD', { high: 111, low: 100, cvd: 51 }, null],
    ['a new low that CVD does not follow', { high: 100, low: 89, cvd: -50 }, 'low'],
    ['a new low with a new low of CVD', { high: 100, low: 89, cvd: -51 }, null],
    ['no new extreme', { high: 110, low: 90, cvd: 0 }, null],
  ] as const)('IND-54 %s', (_, minute, found) => {
    expect(divergenceNext(quiet(), minute)).toBe(found);
  });

  test('looks back 15 minutes and no further', () => {
    const state = quiet();
    divergenceNext(state, { high: 200, low: 100, cvd: 90 });
    for (let minute = 0; minute < 15; minute += 1)
      divergenceNext(state, { high: 110, low: 90, cvd: 50 });
    expect(divergenceNext(state, { high: 111, low: 100, cvd: 50 })).toBe('high');
  });

  test('a minute without a CVD begins the count anew; a restart does not', () => {
    const state = JSON.parse(JSON.stringify(quiet())) as DivergenceState;
    expect(divergenceNext(state, { high: 111, low: 100, cvd: 50 })).toBe('high');
    expect(divergenceNext(state, { high: 112, low: 100, cvd: undefined })).toBeUndefined();
    expect(divergenceNext(state, { high: 113, low: 100, cvd: 0 })).toBeUndefined();
  });
});
