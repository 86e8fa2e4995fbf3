import { emaInit, emaNext, type EmaState } from '../indicator/ema.ts';
import { refuse } from '../indicator/guard.ts';

/** Bars of the average that price is measured from. */
const EMA_BARS = 20;
/** Residuals that their spread is taken over (IND-87). */
const SPREAD_BARS = 50;
/** An excursion that has not come back by then counts as this long. */
const CENSORED_AT = 20;
/** Bars that excursions are remembered for. */
const MEMORY_BARS = 256;
/** Residuals smaller than this share of the price are rounding. */
const NOISE = 1e-9;

/** An excursion that is over, or was cut off. */
type Excursion = { readonly endedAt: number; readonly bars: number };

/** Residuals of one series of closed bars, and how long price stayed away. JSON-able. */
export type MeanReversionState = {
  readonly ema: EmaState;
  /** Bars fed so far. */
  bars: number;
  /** Ring of the last 50 residuals. */
  readonly residuals: number[];
  slot: number;
  /** Of the ring: running mean and sum of squared deviations. */
  mean: number;
  squares: number;
  /** The bar at which the running excursion began; `null` when price is not away. */
  awaySince: number | null;
  /** Excursions that ended within the last 256 bars, oldest first. */
  excursions: Excursion[];
  /** The average and the spread as of the last bar; `null` until ready. */
  average: number | null;
  sigma: number | null;
};

export const meanReversionInit = (): MeanReversionState => ({
  ema: emaInit(EMA_BARS),
  bars: 0,
  residuals: [],
  slot: 0,
  mean: 0,
  squares: 0,
  awaySince: null,
  excursions: [],
  average: null,
  sigma: null,
});

/** Mean and squares of the whole ring anew, so that rounding errors never outlive one window. */
function recount(state: MeanReversionState): void {
  const { residuals } = state;
  state.mean = residuals.reduce((sum, each) => sum + each, 0) / residuals.length;
  state.squares = residuals.reduce((sum, each) => sum + (each - state.mean) ** 2, 0);
}

/** Takes a residual into the ring (Welford's update, with replacement); its spread, once the ring is full. */
function spread(state: MeanReversionState, residual: number): number | null {
  const { residuals, slot, mean } = state;
  const leaving = residuals[slot];
  residuals[slot] = residual;
  state.slot = (slot + 1) % SPREAD_BARS;
  if (leaving !== undefined) {
    state.mean += (residual - leaving) / SPREAD_BARS;
    state.squares += (residual - leaving) * (residual - state.mean + leaving - mean);
  }
  if (state.slot === 0) recount(state);
  return residuals.length < SPREAD_BARS
    ? null
    : Math.sqrt(Math.max(0, state.squares) / SPREAD_BARS);
}

/** Begins, ends or cuts off the running excursion. */
function follow(state: MeanReversionState, away: number, sigma: number): void {
  const since = state.awaySince;
  if (since === null) {
    if (away > 2 * sigma) state.awaySince = state.bars;
  } else {
    const lasted = state.bars - since;
    // A cut-off excursion goes on unheard until price is back, so that one drift counts once.
    if (lasted === CENSORED_AT || (away < sigma && lasted < CENSORED_AT))
      state.excursions.push({ endedAt: state.bars, bars: lasted });
    if (away < sigma) state.awaySince = null;
  }
  const [oldest] = state.excursions;
  if (oldest !== undefined && oldest.endedAt <= state.bars - MEMORY_BARS) state.excursions.shift();
}

/** How soon price comes back to its average (IND-87, IND-88). */
export type MeanReversion = {
  /** 0.9, 0.7, 0.5 or 0.3: below 0.5 weak, above 0.7 strong. */
  readonly strength: number;
  /** False while there are too few bars to say anything: no signal. */
  readonly sufficient: boolean;
};

/** Strength of a mean duration in bars (IND-87). */
function strengthOf(duration: number): number {
  if (duration <= 3) return 0.9;
  if (duration <= 7) return 0.7;
  return duration <= 12 ? 0.5 : 0.3;
}

/** The strength as of the last bar: 0.5 without an excursion in the last 256 bars. */
export function meanReversionOf({ excursions, sigma }: MeanReversionState): MeanReversion {
  if (sigma === null) return { strength: 0.5, sufficient: false };
  if (excursions.length === 0) return { strength: 0.5, sufficient: true };
  const total = excursions.reduce((sum, { bars }) => sum + bars, 0);
  return { strength: strengthOf(total / excursions.length), sufficient: true };
}

/**
 * Feeds the close of the next closed bar, in place, in order from the oldest (IND-87).
 *
 *   residual  = close - EMA(20) at that bar;  σ = standard deviation of the last 50 residuals
 *   excursion = from |residual| > 2σ until |residual| < σ, at most 20 bars
 *
 * The strength follows from the mean length of the excursions that ended within 256 bars; one that still
 * runs counts once it ends or reaches 20.
 *
 * @throws RangeError when `close` is not finite.
 */
export function meanReversionNext(state: MeanReversionState, close: number): MeanReversion {
  if (!Number.isFinite(close)) refuse('close', close);
  state.bars += 1;
  const average = emaNext(state.ema, close);
  if (average === undefined) return meanReversionOf(state);
  const exact = close - average;
  const residual = Math.abs(exact) < NOISE * Math.abs(close) ? 0 : exact;
  const sigma = spread(state, residual);
  state.average = average;
  state.sigma = sigma;
  if (sigma !== null) follow(state, Math.abs(residual), sigma);
  return meanReversionOf(state);
}

/**
 * How many σ a price lies from the average of the last closed bar (IND-89).
 *
 * @param price In the unit of the closes.
 * @returns `undefined` until ready, and while residuals do not vary.
 */
export function meanReversionDistance(
  { average, sigma }: MeanReversionState,
  price: number,
): number | undefined {
  if (average === null || sigma === null || sigma <= NOISE * Math.abs(average)) return undefined;
  return (price - average) / sigma;
}
