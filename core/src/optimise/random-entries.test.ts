import { diceOf, roll } from './dice.ts';
import { entrySignificance, type MarketTrades, type PlacedTrade } from './random-entries.ts';

/** A random walk that jumps by 1 % after each of the given rows. */
function walk(seed: number, jumpsAfter: ReadonlySet<number> = new Set()): Float64Array {
  const dice = diceOf(seed, 'walk');
  const open = new Float64Array(2_000);
  let price = 100;
  for (let row = 0; row < open.length; row += 1) {
    open[row] = price;
    price *= 1 + (dice() - 0.5) * 0.004 + (jumpsAfter.has(row) ? 0.01 : 0);
  }
  return open;
}
const longAt = (rows: readonly number[], bars = 5): PlacedTrade[] =>
  rows.map((entryRow) => ({ entryRow, exitRow: entryRow + bars, side: 'LONG' }));
const ROWS = Array.from({ length: 40 }, (_, index) => 20 + index * 45);
const judge = (market: Partial<MarketTrades>, costPct = 0) =>
  entrySignificance([{ open: walk(1), fromRow: 0, trades: longAt(ROWS), ...market }], {
    costPct,
    permutations: 499,
    seed: 7,
  });

test('entries that foresee each jump are told from random ones', () => {
  const { pValue, meanReturnPct, randomMeanReturnPct } = judge({ open: walk(1, new Set(ROWS)) });
  expect(pValue).toBe(1 / 500);
  expect(meanReturnPct).toBeGreaterThan(randomMeanReturnPct.p95);
});

test('the mirror of a good entry is as bad a short', () => {
  const trades = longAt(ROWS).map((trade) => ({ ...trade, side: 'SHORT' as const }));
  expect(judge({ open: walk(1, new Set(ROWS)), trades }).pValue).toBeGreaterThan(0.99);
});

test('random entries have p-values that are spread evenly: about one in ten is below 0.1', () => {
  const pValues = Array.from({ length: 100 }, (_, index) => {
    const dice = diceOf(index, 'entries');
    // One entry in each stretch of 45 bars, anywhere within it.
    return judge({
      open: walk(index + 50),
      trades: longAt(ROWS.map((row) => row + roll(dice, 40))),
    }).pValue;
  });
  const share = (below: number) => pValues.filter((p) => p < below).length / pValues.length;
  expect(share(0.1)).toBeLessThan(0.2);
  expect(share(0.5)).toBeGreaterThan(0.35);
  expect(share(0.5)).toBeLessThan(0.65);
});

test('costs are the same for both: they move the means and not the p-value', () => {
  const [free, dear] = [judge({}), judge({}, 0.2)];
  expect(dear.pValue).toBe(free.pValue);
  expect(dear.meanReturnPct).toBeCloseTo(free.meanReturnPct - 0.2, 12);
  expect(dear.randomMeanReturnPct.mean).toBeCloseTo(free.randomMeanReturnPct.mean - 0.2, 12);
});

test('random entries stay behind the warm-up and within the data, however full these are', () => {
  // Held from the first to the last bar that can be entered: there is only one placement.
  const whole = judge({ fromRow: 100, trades: [{ entryRow: 100, exitRow: 1_999, side: 'LONG' }] });
  expect(whole.randomMeanReturnPct.p5).toBe(whole.meanReturnPct);
  expect(whole.randomMeanReturnPct.p95).toBe(whole.meanReturnPct);
  expect(whole.pValue).toBe(1);
});

test('every placement is as likely', () => {
  // Two holds of one bar on five bars: rows 0 to 3 can be entered, in six ways. The open tells which were.
  const open = Float64Array.from([1, 10, 10, 100, 1_000]);
  const found = entrySignificance([{ open, fromRow: 0, trades: longAt([0, 1], 1) }], {
    costPct: 0,
    permutations: 6_000,
    seed: 1,
  });
  const gross = [0, 1, 2, 3].map((row) => (open[row + 1] ?? 0) / (open[row] ?? 1) - 1);
  const mean = gross.reduce((a, b) => a + b, 0) / 4;
  expect(found.randomMeanReturnPct.mean / 100 / mean).toBeCloseTo(1, 1);
});

test('overlapping trades and none at all are not judged', () => {
  expect(() => judge({ trades: [] })).toThrow('judged by trades');
  expect(() => judge({ trades: longAt(ROWS, 60) })).toThrow('do not overlap');
});
