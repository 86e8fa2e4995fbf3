import fc from 'fast-check';
import { NOON } from '../order/fixtures.ts';
import { epochMs } from '../lib/time.ts';
import { price } from '../lib/units.ts';
import { dumpPrecision, wentOn, type DumpExit } from './dump-precision.ts';

/** Minutes after an exit at half past a minute, each with its low and high. */
const minutesAfter = (bars: readonly (readonly [low: string, high: string])[]) =>
  bars.map(([low, high], index) => ({
    openAt: epochMs(NOON + index * 60_000),
    low: price(low),
    high: price(high),
  }));
const quiet = Array.from({ length: 11 }, () => ['99.5', '100.5'] as const);
const exit = (change: Partial<DumpExit> = {}): DumpExit => ({
  side: 'LONG',
  exitPrice: price('100'),
  closedAt: epochMs(NOON + 30_000),
  candles: minutesAfter(quiet),
  ...change,
});

test('PF-73 an exit was right when the price went on by 1 % within ten minutes', () => {
  const at = (minute: number, low: string) =>
    exit({ candles: minutesAfter(quiet.map((bar, n) => (n === minute ? [low, '100.5'] : bar))) });
  expect(wentOn(at(1, '99'))).toBe(true);
  expect(wentOn(at(10, '99'))).toBe(true);
  expect(wentOn(at(1, '99.01'))).toBe(false);
  // The minute of the exit has prices from before it, and the eleventh is too late.
  expect(wentOn(at(0, '90'))).toBe(false);
  const late = minutesAfter([...quiet, ['90', '100']]);
  expect(wentOn(exit({ candles: late }))).toBe(false);
});

test('PF-73 a SHORT is left rightly before a rise', () => {
  const rise = minutesAfter(quiet.map((bar, n) => (n === 4 ? ['99.5', '101'] : bar)));
  expect(wentOn(exit({ side: 'SHORT', candles: rise }))).toBe(true);
  expect(wentOn(exit({ side: 'SHORT' }))).toBe(false);
});

test('PF-73 what nobody recorded is not judged, unless it is known to have gone on', () => {
  const few = minutesAfter(quiet).slice(0, 6);
  expect(wentOn(exit({ candles: few }))).toBeNull();
  const [first, second, ...rest] = few;
  if (first === undefined || second === undefined) throw new Error('there are minutes');
  expect(wentOn(exit({ candles: [first, { ...second, low: price('98') }, ...rest] }))).toBe(true);
  expect(dumpPrecision([exit({ candles: [] })])).toEqual({
    ...{ exits: 1, judged: 0, right: 0, precisionPct: null },
  });
});

test('prop: precision is the share of what was judged, whatever the order', () => {
  const one = fc.constantFrom(true, false, null);
  fc.assert(
    fc.property(fc.array(one, { maxLength: 12 }), (wanted) => {
      const exits = wanted.map((verdict) => {
        if (verdict === null) return exit({ candles: [] });
        const bars = quiet.map((bar) => (verdict ? (['98', '100'] as const) : bar));
        return exit({ candles: minutesAfter(bars).toReversed() });
      });
      const found = dumpPrecision(exits);
      const judged = wanted.filter((verdict) => verdict !== null);
      expect([found.exits, found.judged]).toEqual([wanted.length, judged.length]);
      expect(found.right).toBe(judged.filter((verdict) => verdict).length);
      expect(dumpPrecision(exits.toReversed())).toEqual(found);
    }),
  );
});
