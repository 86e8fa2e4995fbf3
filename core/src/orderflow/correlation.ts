/** Pairs of returns that are looked at: 24 hours of five minutes. */
const WINDOW = 288;
/** Pairs below which the correlation is unknown. */
const MIN_PAIRS = 144;
const STEP_MS = 300_000;
/** Sums of squared deviations below this may be what rounding left: they are counted anew before they are used. */
const SUSPECT = 1e-9;
/** Updates after which the sums are counted anew, so that no drift stays (IND-02). */
const REBUILD_EVERY = 288;

/** Running sums of two series of log returns. JSON-able. */
export type CorrelationState = {
  /** Start of the last five minutes; -1 before the first. */
  lastAt: number;
  closeA: number;
  closeB: number;
  /** The last 288 slots of five minutes as returns of a and b in turn; `null` where one is not known. */
  readonly pairs: (number | null)[];
  /** Slot that is written next. */
  next: number;
  count: number;
  sumA: number;
  sumB: number;
  squareA: number;
  squareB: number;
  product: number;
  updates: number;
};

/** Closes of both markets for the same five minutes; `null` where a market has none. */
export type CorrelationInput = {
  readonly openAt: number;
  readonly a: number | null;
  readonly b: number | null;
};

/** A correlation that has seen nothing. */
export const correlationInit = (): CorrelationState => ({
  lastAt: -1,
  closeA: 0,
  closeB: 0,
  pairs: Array.from({ length: 2 * WINDOW }, () => null),
  next: 0,
  count: 0,
  sumA: 0,
  sumB: 0,
  squareA: 0,
  squareB: 0,
  product: 0,
  updates: 0,
});

function count(state: CorrelationState, slot: number, sign: 1 | -1): void {
  const [a, b] = [state.pairs[2 * slot] ?? null, state.pairs[2 * slot + 1] ?? null];
  if (a === null || b === null) return;
  state.count += sign;
  state.sumA += sign * a;
  state.sumB += sign * b;
  state.squareA += sign * a * a;
  state.squareB += sign * b * b;
  state.product += sign * a * b;
}

function put(state: CorrelationState, a: number | null, b: number | null): void {
  const slot = state.next;
  count(state, slot, -1);
  state.pairs[2 * slot] = a;
  state.pairs[2 * slot + 1] = b;
  count(state, slot, 1);
  state.next = (slot + 1) % WINDOW;
  state.updates += 1;
  const isSuspect = state.count >= MIN_PAIRS && Math.min(...spreads(state)) < SUSPECT;
  if (isSuspect || state.updates % REBUILD_EVERY === 0) rebuild(state);
}

/** Sums of squared deviations from the mean, of a and of b. */
const spreads = ({
  count: n,
  sumA,
  sumB,
  squareA,
  squareB,
}: CorrelationState): [number, number] => [
  squareA - (sumA * sumA) / n,
  squareB - (sumB * sumB) / n,
];

function rebuild(state: CorrelationState): void {
  state.count = 0;
  state.sumA = 0;
  state.sumB = 0;
  state.squareA = 0;
  state.squareB = 0;
  state.product = 0;
  for (let slot = 0; slot < WINDOW; slot++) count(state, slot, 1);
}

const logReturn = (before: number, after: number | null): number | null =>
  after !== null && after > 0 && before > 0 ? Math.log(after / before) : null;

/**
 * Feeds one closed five minutes of two markets, updating `state` in place (IND-98): Pearson's correlation of
 * their log returns over the last 24 hours.
 *
 * Slots that were skipped count as not known. O(1) by running sums.
 *
 * @returns See {@link correlationOf}.
 * @throws RangeError unless `openAt` is a later multiple of five minutes.
 */
export function correlationNext(
  state: CorrelationState,
  { openAt, a, b }: CorrelationInput,
): number | undefined {
  if (openAt % STEP_MS !== 0 || openAt <= state.lastAt)
    throw new RangeError(
      `Invariant: five minutes come oldest first, ${openAt} came after ${state.lastAt}`,
    );
  const skipped = state.lastAt < 0 ? 0 : Math.min(WINDOW, (openAt - state.lastAt) / STEP_MS - 1);
  for (let slot = 0; slot < skipped; slot++) put(state, null, null);
  if (state.lastAt >= 0 && skipped === 0)
    put(state, logReturn(state.closeA, a), logReturn(state.closeB, b));
  else put(state, null, null);
  state.lastAt = openAt;
  state.closeA = a ?? 0;
  state.closeB = b ?? 0;
  return correlationOf(state);
}

/**
 * The correlation as of the last five minutes.
 *
 * @returns -1 to 1; `undefined`, which stands for unknown, below 144 pairs or where one price never moved.
 */
export function correlationOf(state: CorrelationState): number | undefined {
  const { count: n, sumA, sumB, squareA, squareB, product } = state;
  if (n < MIN_PAIRS) return undefined;
  const [spreadA, spreadB] = spreads(state);
  const varies = spreadA > squareA * 1e-12 && spreadB > squareB * 1e-12;
  if (!varies) return undefined;
  const value = (product - (sumA * sumB) / n) / Math.sqrt(spreadA * spreadB);
  return Math.max(-1, Math.min(1, value));
}
