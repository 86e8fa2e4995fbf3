import type { Seed } from '../simulation/random.ts';
import { diceOf, roll, shuffle, type Dice } from './dice.ts';
import { spreadOf, type Spread } from './spread.ts';

/** A round trip by the rows of its market's bars that it was entered and left in. */
export type PlacedTrade = {
  readonly entryRow: number;
  readonly exitRow: number;
  readonly side: 'LONG' | 'SHORT';
};

/** The trades of one market, none of them overlapping, and the opens of its bars. */
export type MarketTrades = {
  readonly open: Float64Array;
  /** First row that could have been entered: what lies before only warmed up. */
  readonly fromRow: number;
  readonly trades: readonly PlacedTrade[];
};

type EntrySignificance = {
  readonly permutations: number;
  readonly trades: number;
  /** Mean result of a trade, percent of its value, costs included: the strategy's entries and random ones. */
  readonly meanReturnPct: number;
  readonly randomMeanReturnPct: Spread;
  /**
   * Probability that random entries do at least as well: (1 + how many did) / (1 + permutations), so that it is never
   * zero (Phipson and Smyth 2010).
   */
  readonly pValue: number;
};

type Hold = { readonly bars: number; readonly side: 'LONG' | 'SHORT' };

/** Sum of the trades' results as shares of their values, before costs, from open to open. */
const grossOf = (open: Float64Array, entryRow: number, { bars, side }: Hold): number => {
  const change = (open[entryRow + bars] ?? NaN) / (open[entryRow] ?? NaN) - 1;
  return side === 'LONG' ? change : -change;
};

/** `count` different numbers below `below`, in order (Floyd). */
function distinct(count: number, below: number, dice: Dice): readonly number[] {
  const chosen = new Set<number>();
  for (let top = below - count; top < below; top += 1) {
    const number = roll(dice, top + 1);
    chosen.add(chosen.has(number) ? top : number);
  }
  return [...chosen].sort((a, b) => a - b);
}

/**
 * The same holds in random order at random places, none overlapping, every placement as likely: the idle bars are
 * dealt out among the gaps between them.
 */
function randomGross({ open, fromRow }: MarketTrades, holds: readonly Hold[], dice: Dice): number {
  const order = [...holds];
  shuffle(order, dice);
  const held = holds.reduce((sum, { bars }) => sum + bars, 0);
  const idle = open.length - 1 - fromRow - held;
  const places = distinct(order.length, idle + order.length, dice);
  let sum = 0;
  let before = 0;
  order.forEach((hold, index) => {
    const entryRow = fromRow + (places[index] ?? 0) - index + before;
    sum += grossOf(open, entryRow, hold);
    before += hold.bars;
  });
  return sum;
}

/**
 * Whether a strategy's entries are better than random ones: as many, held as long, on the same side, at the same cost
 * (seeded permutation test). All are judged from open to open of the bars they fall in, so that only the time of entry
 * differs.
 *
 * @param costPct what a round trip costs, percent of its value
 * @throws RangeError without trades, or where they overlap.
 */
export function entrySignificance(
  markets: readonly MarketTrades[],
  {
    costPct,
    permutations,
    seed,
  }: { readonly costPct: number; readonly permutations: number; readonly seed: Seed },
): EntrySignificance {
  const holdsOf = markets.map(({ trades }) =>
    trades.map(({ entryRow, exitRow, side }) => ({ bars: exitRow - entryRow, side })),
  );
  const count = holdsOf.flat().length;
  if (count === 0) throw new RangeError('Invariant: entries are judged by trades');
  markets.forEach(({ open, fromRow }, index) => {
    const held = (holdsOf[index] ?? []).reduce((sum, { bars }) => sum + bars, 0);
    if (held > open.length - 1 - fromRow)
      throw new RangeError('Invariant: the trades of a market do not overlap');
  });
  const meanOf = (gross: number): number => (gross / count) * 100 - costPct;
  const observed = meanOf(
    markets
      .flatMap(({ open, trades }, index) =>
        trades.map(({ entryRow }, trade) => {
          const hold = holdsOf[index]?.[trade];
          return hold === undefined ? 0 : grossOf(open, entryRow, hold);
        }),
      )
      .reduce((sum, gross) => sum + gross, 0),
  );
  const dice = diceOf(seed, 'random entries');
  const random = new Float64Array(permutations);
  for (let at = 0; at < permutations; at += 1)
    random[at] = meanOf(
      markets.reduce(
        (sum, market, index) => sum + randomGross(market, holdsOf[index] ?? [], dice),
        0,
      ),
    );
  const asGood = random.reduce((sum, mean) => sum + (mean >= observed ? 1 : 0), 0);
  return {
    permutations,
    trades: count,
    meanReturnPct: observed,
    randomMeanReturnPct: spreadOf(random),
    pValue: (1 + asGood) / (1 + permutations),
  };
}
