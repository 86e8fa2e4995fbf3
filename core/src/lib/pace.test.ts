import fc from 'fast-check';
import { admit, type Pace } from './pace.ts';
import { epochMs, type EpochMs } from './time.ts';

const PACE: Pace = { most: 3, withinMs: 1_000 };

/** Asks at each time in turn; the times that were admitted. */
function admittedOf(times: readonly number[], pace: Pace): number[] {
  let recent: readonly EpochMs[] = [];
  return times.filter((at) => {
    const said = admit(recent, epochMs(at), pace);
    if (said.admitted) recent = said.recent;
    return said.admitted;
  });
}

test('so many are admitted, and the next one hears when to come again', () => {
  expect(admittedOf([0, 100, 200, 300], PACE)).toEqual([0, 100, 200]);
  const recent = [0, 100, 200].map(epochMs);
  expect(admit(recent, epochMs(300), PACE)).toEqual({ admitted: false, retryAfterMs: 700 });
  expect(admit(recent, epochMs(1_000), PACE)).toMatchObject({ admitted: true });
});

test('one from a clock that is ahead counts', () => {
  const recent = [5_000, 5_000, 5_000].map(epochMs);
  expect(admit(recent, epochMs(0), PACE)).toEqual({ admitted: false, retryAfterMs: 6_000 });
});

test('no stretch of time ever holds more than are allowed, and nothing more is remembered', () => {
  const steps = fc.array(fc.integer({ min: 0, max: 700 }), { maxLength: 60 });
  fc.assert(
    fc.property(steps, fc.integer({ min: 1, max: 5 }), (gaps, most) => {
      let at = 0;
      const times = gaps.map((gap) => (at += gap));
      const admitted = admittedOf(times, { most, withinMs: 1_000 });
      for (const from of admitted)
        expect(
          admitted.filter((each) => each >= from && each < from + 1_000).length,
        ).toBeLessThanOrEqual(most);
      // Nothing is refused without a cause: whoever is refused has `most` others just before.
      expect(admitted.length).toBeGreaterThanOrEqual(Math.min(times.length, most));
    }),
  );
});
