import { SERIES, type Bar } from '../market/bar.ts';
import { priceAt, spanOf, type TickWindow } from './tick-window-read.ts';
import type { TapeState } from './tick-window-tape.ts';

const SECOND = SERIES['1s'];
/** Seconds after which the running sums are counted anew from the oldest kept (IND-02). */
const REBASE_EVERY = 10_000;

/**
 * Prices at the end of each second, as running sums of their log returns and of the squares. JSON-able.
 *
 * Slot `k % slots` belongs to the end of second `k`.
 */
export type SamplesState = {
  slots: number;
  /** Number of the last sampled second end; -1 before the first. */
  last: number;
  /** Seconds in a row that are known, the last one included: a return needs two. */
  known: number;
  /** Price at the last second's end, ticks. */
  price: number;
  sums: number[];
  squares: number[];
  updates: number;
};

/** Samples for windows of up to `horizonSeconds`. */
export const samplesInit = (horizonSeconds: number): SamplesState => ({
  slots: horizonSeconds + 1,
  last: -1,
  known: 0,
  price: 0,
  sums: Array.from({ length: horizonSeconds + 1 }, () => 0),
  squares: Array.from({ length: horizonSeconds + 1 }, () => 0),
  updates: 0,
});

/** Samples for windows of up to `horizonSeconds` from now on, with all that is known; never for fewer than before. */
export function samplesReach(state: SamplesState, horizonSeconds: number): void {
  const { slots: before, last, known } = state;
  const slots = horizonSeconds + 1;
  if (slots <= before) return;
  const moved = (old: readonly number[]): number[] => {
    const next = Array.from({ length: slots }, () => 0);
    for (let second = last - known + 1; second <= last; second += 1)
      next[second % slots] = old[second % before] ?? 0;
    return next;
  };
  state.sums = moved(state.sums);
  state.squares = moved(state.squares);
  state.slots = slots;
}

function put(state: SamplesState, second: number, logReturn: number): void {
  const { slots, sums, squares } = state;
  const before = (second - 1) % slots;
  const slot = second % slots;
  sums[slot] = (sums[before] ?? 0) + logReturn;
  squares[slot] = (squares[before] ?? 0) + logReturn * logReturn;
  state.last = second;
  state.known = Math.min(state.known + 1, slots);
  state.updates += 1;
  if (state.updates % REBASE_EVERY === 0) rebase(state);
}

/** Takes the oldest kept sums off all of them: differences stay, and what has left no longer weighs on them. */
function rebase({ slots, sums, squares, last, known }: SamplesState): void {
  const oldest = (last - known + 1) % slots;
  const [sum, square] = [sums[oldest] ?? 0, squares[oldest] ?? 0];
  for (let slot = 0; slot < slots; slot++) {
    sums[slot] = (sums[slot] ?? 0) - sum;
    squares[slot] = (squares[slot] ?? 0) - square;
  }
}

/** Feeds the closed bar of one second, updating `state` in place. After a hole sampling begins anew. */
export function samplesNext(state: SamplesState, bar: Bar): void {
  const second = bar.openAt / SECOND + 1;
  const isNext = state.known > 0 && second === state.last + 1;
  if (!isNext) state.known = 0;
  put(state, second, isNext && bar.close !== state.price ? Math.log(bar.close / state.price) : 0);
  state.price = bar.close;
}

/** Sums up to the end of a second: kept ones, or those on from the last kept by the tape's prices. */
function sumsAt(
  { state, tape }: Sampled,
  second: number,
): { readonly sum: number; readonly square: number } {
  if (second <= state.last) {
    const slot = second % state.slots;
    return { sum: state.sums[slot] ?? 0, square: state.squares[slot] ?? 0 };
  }
  let sum = state.sums[state.last % state.slots] ?? 0;
  let square = state.squares[state.last % state.slots] ?? 0;
  let before = state.price;
  for (let open = state.last + 1; open <= second; open++) {
    const price = priceAt(tape, open * SECOND - 1) ?? before;
    const logReturn = price === before ? 0 : Math.log(price / before);
    sum += logReturn;
    square += logReturn * logReturn;
    before = price;
  }
  return { sum, square };
}

type Sampled = { readonly state: SamplesState; readonly tape: TapeState };

/**
 * VOLATILITY_TICK(t1, t2): standard deviation of the log returns of the price sampled at the end of each whole
 * second of a window (IND-39). The sample's deviation, as that of IND-20.
 *
 * Seconds that are still open for late trades are read from the tape: a few, while bars close in time.
 *
 * @returns A fraction, of the part of the window that was sampled; `undefined` below two returns.
 */
export function tickVolatility(
  sampled: Sampled,
  window: TickWindow,
  now: number,
): number | undefined {
  const { from, to } = spanOf(window, now);
  const { state } = sampled;
  const first = Math.max(Math.ceil(from / SECOND), state.last - state.known + 1);
  const last = Math.floor(to / SECOND);
  const count = last - first;
  if (state.known === 0 || count < 2 || last - state.last > state.slots) return undefined;
  const [before, after] = [sumsAt(sampled, first), sumsAt(sampled, last)];
  const mean = (after.sum - before.sum) / count;
  return Math.sqrt(Math.max(0, after.square - before.square - count * mean * mean) / (count - 1));
}
