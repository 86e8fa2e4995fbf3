/** Minutes before the last one that a new extreme is measured against. */
const LOOKBACK = 15;

/** Highs, lows and cumulative deltas of the last minutes, oldest first. JSON-able. */
export type DivergenceState = {
  readonly minutes: { readonly high: number; readonly low: number; readonly cvd: number }[];
};

/** One closed minute: its range, and CVD (1 h) at its close; `undefined` where that is not known. */
export type DivergenceInput = {
  readonly high: number;
  readonly low: number;
  readonly cvd: number | undefined;
};

/** Which extreme the flow does not follow: `high` warns of a fall, `low` of a rise. */
export type Divergence = 'high' | 'low';

export const divergenceInit = (): DivergenceState => ({ minutes: [] });

/**
 * Feeds one closed minute, updating `state` in place (IND-54): the price makes a new 15-minute high while CVD
 * of the last hour does not exceed its own high of those minutes, or a new low while CVD makes none.
 *
 * A minute that makes both extremes counts as a high. A minute without a CVD begins the count anew.
 *
 * @returns `null` without a divergence; `undefined` until 15 minutes came before.
 */
export function divergenceNext(
  state: DivergenceState,
  { high, low, cvd }: DivergenceInput,
): Divergence | null | undefined {
  const { minutes } = state;
  if (cvd === undefined) {
    minutes.length = 0;
    return undefined;
  }
  const found = minutes.length < LOOKBACK ? undefined : compare(minutes, { high, low, cvd });
  minutes.push({ high, low, cvd });
  if (minutes.length > LOOKBACK) minutes.shift();
  return found;
}

function compare(
  minutes: DivergenceState['minutes'],
  now: DivergenceState['minutes'][number],
): Divergence | null {
  const highest = Math.max(...minutes.map(({ high }) => high));
  const lowest = Math.min(...minutes.map(({ low }) => low));
  if (now.high > highest && now.cvd <= Math.max(...minutes.map(({ cvd }) => cvd))) return 'high';
  return now.low < lowest && now.cvd >= Math.min(...minutes.map(({ cvd }) => cvd)) ? 'low' : null;
}
