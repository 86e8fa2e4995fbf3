import fc from 'fast-check';
import { uniform } from '../simulation/random.ts';
import {
  meanReversionDistance,
  meanReversionInit,
  meanReversionNext,
  meanReversionOf,
  type MeanReversionState,
} from './mean-reversion.ts';

const fed = (values: readonly number[], state: MeanReversionState = meanReversionInit()) => {
  for (const value of values) meanReversionNext(state, value);
  return state;
};

/** Excursion lengths by the definition, over plain arrays of all bars. */
function naive(closes: readonly number[]): number[] {
  let ema = closes.slice(0, 20).reduce((sum, each) => sum + each, 0) / 20;
  const residuals = closes.slice(19).map((close, i) => {
    if (i > 0) ema += ((close - ema) * 2) / 21;
    return close - ema;
  });
  const lengths: number[] = [];
  let since: number | undefined;
  residuals.forEach((residual, i) => {
    if (i < 49) return;
    const window = residuals.slice(i - 49, i + 1);
    const mean = window.reduce((sum, each) => sum + each, 0) / 50;
    const sigma = Math.sqrt(window.reduce((sum, each) => sum + (each - mean) ** 2, 0) / 50);
    if (since === undefined) {
      if (Math.abs(residual) > 2 * sigma) since = i;
      return;
    }
    const lasted = i - since;
    const isBack = Math.abs(residual) < sigma;
    if (lasted === 20 || (isBack && lasted < 20)) lengths.push(lasted);
    if (isBack) since = undefined;
  });
  return lengths;
}

const noise = (count: number, seed = 3): number[] => {
  let next = seed;
  return Array.from({ length: count }, () => {
    const draw = uniform(next);
    next = draw.seed;
    return 1_000 + Math.round(40 * (draw.value - 0.5));
  });
};

/** Quiet noise with one shock every 40 bars that lasts for some. */
const shocks = (lasting: number) =>
  noise(300).map((close, i) => (i > 80 && i % 40 < lasting ? close + 300 : close));

describe('mean-reversion strength', () => {
  test('IND-T14 is 0.3 on a drift that never returns', () => {
    const drift = Array.from({ length: 200 }, (_, i) => 1_000 + 5 * i);
    expect(meanReversionOf(fed(drift))).toEqual({ strength: 0.3, sufficient: true });
    const noisy = noise(200).map((close, i) => close + 60 * i);
    expect(meanReversionOf(fed(noisy)).strength).toBe(0.3);
  });

  test('IND-87 IND-88 is strong when shocks last for a bar or two', () => {
    expect(meanReversionOf(fed(shocks(2))).strength).toBe(0.9);
  });

  test('IND-87 an excursion that does not come back counts as 20 bars, once', () => {
    const state = fed([...noise(100), ...Array.from({ length: 60 }, (_, i) => 3_000 + 300 * i)]);
    expect(state.excursions.at(-1)?.bars).toBe(20);
    expect(state.awaySince).not.toBeNull();
  });

  test.each([
    ['fewer than 50 residuals', noise(68), false],
    ['no excursion', Array.from({ length: 200 }, (_, i) => 1_000 + (i % 2)), true],
    ['a constant series', Array.from({ length: 200 }, () => 0.1), true],
  ])('IND-87 is 0.5 with %s', (_, values, sufficient) => {
    expect(meanReversionOf(fed(values))).toEqual({ strength: 0.5, sufficient });
  });

  test.each([
    [3, 0.9],
    [4, 0.7],
    [7, 0.7],
    [8, 0.5],
    [12, 0.5],
    [13, 0.3],
  ])('IND-87 a mean duration of %i bars gives %f', (bars, strength) => {
    const state = fed(noise(100));
    state.excursions = [{ endedAt: state.bars, bars }];
    expect(meanReversionOf(state).strength).toBe(strength);
  });

  test('IND-89 tells how many σ a price lies from the average', () => {
    const state = fed(noise(120));
    const { average, sigma } = state;
    expect(average).not.toBeNull();
    if (average === null || sigma === null) return;
    expect(meanReversionDistance(state, average - 2 * sigma)).toBeCloseTo(-2, 10);
    expect(meanReversionDistance(state, average)).toBe(0);
  });

  test('IND-89 is not defined before it is ready and while residuals do not vary', () => {
    expect(meanReversionDistance(fed(noise(60)), 1_000)).toBeUndefined();
    expect(meanReversionDistance(fed(Array.from({ length: 100 }, () => 5)), 5)).toBeUndefined();
  });

  test('prop: IND-87 finds the excursions of the definition, with the average of each bar', () => {
    const moves = fc.array(fc.integer({ min: -60, max: 60 }), { minLength: 80, maxLength: 300 });
    fc.assert(
      fc.property(moves, (steps) => {
        let close = 100_000;
        const closes = steps.map((step) => (close += step * (step % 11 === 0 ? 40 : 1)));
        const lengths = fed(closes).excursions.map(({ bars }) => bars);
        const all = naive(closes);
        expect(lengths).toEqual(all.slice(all.length - lengths.length));
      }),
      { numRuns: 60 },
    );
  });

  test('prop: IND-T17 resumes from JSON identically and stays bounded', () => {
    const moves = fc.array(fc.integer({ min: -500, max: 500 }), { minLength: 80, maxLength: 700 });
    fc.assert(
      fc.property(moves, fc.nat(), (steps, at) => {
        let close = 1_000_000;
        const closes = steps.map((step) => (close += step));
        const cut = at % closes.length;
        const stored = JSON.stringify(fed(closes.slice(0, cut)));
        const resumed = fed(closes.slice(cut), JSON.parse(stored) as MeanReversionState);
        expect(resumed).toEqual(fed(closes));
        expect(resumed.residuals.length).toBeLessThanOrEqual(50);
        expect(resumed.excursions.length).toBeLessThanOrEqual(128);
      }),
      { numRuns: 40 },
    );
  });
});
