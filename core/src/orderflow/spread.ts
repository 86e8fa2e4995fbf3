import { judgeAge } from '../market/freshness.ts';
import type { Tick } from '../market/tick.ts';
import { isLaterId } from './tick-window-late.ts';

/** Top of book, in ticks of the market's grid; `at` in epoch milliseconds. */
export type Quote = { readonly bid: number; readonly ask: number; readonly at: number };

/** Trades that the estimate looks at. */
export const ROLL_TRADES = 200;
/** Room for as many again, so that they are moved once in so many trades. */
const ROOM = 2 * ROLL_TRADES;

/** The last trades of a market, oldest first, as time and price in turn. JSON-able. */
export type RollState = {
  count: number;
  readonly cells: number[];
  readonly ids: (number | string)[];
};

/** An estimate that has seen nothing. */
export const rollInit = (): RollState => ({ count: 0, cells: [], ids: [] });

/** Feeds one trade, updating `state` in place; a late one takes its place in the venue's order. O(1) amortised. */
export function rollNext(state: RollState, { id, at, price }: Tick): void {
  if (state.count === ROOM) makeRoom(state);
  const { cells, ids } = state;
  let index = state.count;
  while (index > 0 && isBefore(state, index - 1, { id, at })) {
    cells[2 * index] = cells[2 * index - 2] ?? 0;
    cells[2 * index + 1] = cells[2 * index - 1] ?? 0;
    ids[index] = ids[index - 1] ?? 0;
    index -= 1;
  }
  cells[2 * index] = at;
  cells[2 * index + 1] = price;
  ids[index] = id;
  state.count += 1;
}

/** True when a trade comes before the one at `index`. */
function isBefore(
  { cells, ids }: RollState,
  index: number,
  { id, at }: Pick<Tick, 'id' | 'at'>,
): boolean {
  const other = cells[2 * index] ?? 0;
  return at < other || (at === other && isLaterId(ids[index] ?? 0, id));
}

function makeRoom(state: RollState): void {
  const { cells, ids } = state;
  const dropped = ROOM - ROLL_TRADES;
  for (let cell = 0; cell < 2 * ROLL_TRADES; cell++) cells[cell] = cells[cell + 2 * dropped] ?? 0;
  for (let index = 0; index < ROLL_TRADES; index++) ids[index] = ids[index + dropped] ?? 0;
  state.count = ROLL_TRADES;
}

/**
 * The spread that bid-ask bounce gives away, by Roll (1984): 200 × √max(0, −cov) / price, where cov is the
 * covariance of successive price changes over the last 200 trades (IND-37).
 *
 * @returns Percent >= 0; `undefined` before 200 trades.
 */
export function rollSpread({ cells, count }: RollState): number | undefined {
  if (count < ROLL_TRADES) return undefined;
  const first = count - ROLL_TRADES;
  const pairs = ROLL_TRADES - 2;
  const price = (index: number): number => cells[2 * index + 1] ?? 0;
  let [product, earlier, later] = [0, 0, 0];
  for (let index = first + 2; index < count; index++) {
    const before = price(index - 1) - price(index - 2);
    const change = price(index) - price(index - 1);
    product += before * change;
    earlier += before;
    later += change;
  }
  const covariance = product / pairs - (earlier / pairs) * (later / pairs);
  return (200 * Math.sqrt(Math.max(0, -covariance))) / price(count - 1);
}

/** A spread, and whether it was estimated from trades rather than quoted. */
export type Spread = { readonly pct: number; readonly estimated: boolean };

/**
 * SPREAD_PCT: 100 × (ask − bid) / mid of the top of book, or else Roll's estimate (IND-37). Limit 1.0.
 *
 * A crossed quote, and one that is too old for the spread filter or from the future, does not count.
 */
export function spreadPct(
  { quote, roll }: { readonly quote: Quote | null; readonly roll: RollState },
  now: number,
): Spread | undefined {
  if (quote !== null && isUsable(quote, now))
    return { pct: (200 * (quote.ask - quote.bid)) / (quote.ask + quote.bid), estimated: false };
  const pct = rollSpread(roll);
  return pct === undefined ? undefined : { pct, estimated: true };
}

const isUsable = ({ bid, ask, at }: Quote, now: number): boolean =>
  bid > 0 && ask >= bid && judgeAge('spreadFilter', now - at) !== 'refuse';
