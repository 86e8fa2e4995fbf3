import fc from 'fast-check';
import { MAX_ZONES_PER_SIDE } from './zone-merge.ts';
import { feed, told } from './zone-testing.ts';
import type { Zone } from './zone.ts';
import { zonesInit, type ZonesState } from './zones.ts';

describe('zones over random markets', () => {
  const bars = fc.array(
    fc.tuple(fc.integer({ min: -25, max: 25 }), fc.nat(25), fc.nat(25), fc.nat(30)),
    { minLength: 10, maxLength: 400 },
  );
  const barsOf = (moves: readonly (readonly [number, number, number, number])[]) => {
    let close = 10_000;
    return moves.map(([move, up, down, kind]) => {
      const open = close;
      close += move;
      return told([open, Math.max(open, close) + up, Math.min(open, close) - down, close], {
        trades: kind === 0 ? 0 : 5,
        volume: kind === 0 ? 0 : kind,
        incomplete: kind === 1,
      });
    });
  };

  test('prop: zones are bounded in number, width, strength and age, apart from each other, and whole', () => {
    fc.assert(
      fc.property(bars, (moves) => {
        const state = zonesInit('1m');
        barsOf(moves).forEach((bar, i) => {
          const { zones } = feed([bar], { state, from: i });
          for (const side of ['demand', 'supply'] as const)
            expect(zones.filter(({ type }) => type === side).length).toBeLessThanOrEqual(
              MAX_ZONES_PER_SIDE,
            );
          for (const zone of zones) {
            expect(zone.high).toBeGreaterThanOrEqual(zone.low);
            expect(zone.high - zone.low).toBeLessThanOrEqual(15);
            expect(zone.strength).toBeGreaterThanOrEqual(0);
            expect(zone.strength).toBeLessThanOrEqual(100);
            expect(zone.status).toBe(zone.testCount > 0 ? 'tested' : 'fresh');
            expect(Number.isSafeInteger(zone.low) && Number.isSafeInteger(zone.high)).toBe(true);
          }
          expect(new Set(zones.map(({ zoneId }) => zoneId)).size).toBe(zones.length);
        });
        expect(state.recent.length).toBeLessThanOrEqual(8);
      }),
      { numRuns: 60 },
    );
  });

  test('prop: a market upside down has the mirrored zones', () => {
    fc.assert(
      fc.property(bars, (moves) => {
        const upright = barsOf(moves);
        const mirrored = upright.map((bar) => ({
          ...bar,
          open: 20_000 - bar.open,
          high: 20_000 - bar.low,
          low: 20_000 - bar.high,
          close: 20_000 - bar.close,
        }));
        const bounds = (zones: readonly Zone[], turn: (price: number) => number) =>
          zones.map(({ low, high, strength, testCount }) => [
            Math.min(turn(low), turn(high)),
            Math.max(turn(low), turn(high)),
            strength,
            testCount,
          ]);
        expect(bounds(feed(mirrored).zones, (price) => 20_000 - price)).toEqual(
          bounds(feed(upright).zones, (price) => price),
        );
      }),
      { numRuns: 40 },
    );
  });

  test('prop: IND-T17 a state that went through JSON continues identically', () => {
    fc.assert(
      fc.property(bars, fc.nat(), (moves, at) => {
        const cut = at % moves.length;
        const all = barsOf(moves);
        const { state } = feed(all.slice(0, cut));
        const stored = JSON.parse(JSON.stringify(state)) as ZonesState;
        const rest = all.slice(cut);
        const resumed = feed(rest, { state: stored, from: cut });
        expect(resumed).toEqual(feed(rest, { state, from: cut }));
      }),
      { numRuns: 40 },
    );
  });
});
