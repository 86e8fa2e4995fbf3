/**
 * The tape: what every tick window of one market reads.
 *
 * Not the trades but the points in time at which something traded, each with running totals since the tape's
 * start: a window's value is the difference of two points, however long the window is (IND-01). All of it is
 * whole steps and milliseconds, so that differences are exact (docs/order-flow.md). JSON-able.
 */
export type TapeState = {
  /** How far back from the newest trade a window may reach, ms. */
  horizonMs: number;
  /** Points that are kept at most. */
  capacity: number;
  /** Points at which the next trim runs; grows towards `capacity`. */
  limit: number;
  count: number;
  /** Point `i` lies at `i * STRIDE`, oldest first; what lies beyond `count` is stale. */
  readonly cells: number[];
  /** Id of the last trade of each point: it decides whose price holds. */
  readonly ids: (number | string)[];
  /** Lowest and highest price of each {@link BLOCK} points. */
  readonly blockLows: number[];
  readonly blockHighs: number[];
  /** Spans without data: start, end, start, end … in epoch milliseconds, oldest first. */
  readonly gaps: number[];
};

/** Fields of a point; amounts count from the tape's start to the point, itself included. */
export const AT = 0;
/** Price of the last trade at the point, ticks: it holds until the next point. */
export const PRICE = 1;
export const LOW = 2;
export const HIGH = 3;
/** Integral of the price over time up to the point, ticks × ms. */
export const AREA = 4;
export const VOLUME = 5;
export const BUY_VOLUME = 6;
export const TRADES = 7;
export const BUYS = 8;
/** Numbers per point. */
export const STRIDE = 9;
/** Points per block: a range is read from its blocks, and from points at its two ends only. */
export const BLOCK = 64;
/** Newest points that a trim never merges. */
export const EXACT_POINTS = 1_024;

const FIRST_LIMIT = 256;
/** The furthest that windows look back, seconds. */
export const MAX_HORIZON_SECONDS = 86_400;

// A trim keeps one point a second and the exact ones at most, so that each frees half of it.
const capacityFor = (horizonSeconds: number): number => 2 * (horizonSeconds + EXACT_POINTS);

/**
 * A tape that has seen nothing and serves windows of up to `horizonSeconds`.
 *
 * @throws RangeError unless that is a whole number from 1 to 86,400.
 */
export function tapeInit(horizonSeconds: number): TapeState {
  if (
    !Number.isInteger(horizonSeconds) ||
    horizonSeconds < 1 ||
    horizonSeconds > MAX_HORIZON_SECONDS
  )
    throw new RangeError(
      `Invariant: a tape reaches back 1 to ${MAX_HORIZON_SECONDS} whole seconds, was ${horizonSeconds}`,
    );
  return {
    horizonMs: horizonSeconds * 1_000,
    capacity: capacityFor(horizonSeconds),
    limit: FIRST_LIMIT,
    count: 0,
    cells: [],
    ids: [],
    blockLows: [],
    blockHighs: [],
    gaps: [],
  };
}

/**
 * Has the tape serve windows of up to `horizonSeconds` from now on: longer ones are ready once it reaches back so far,
 * and what no window reaches any more leaves with the next trim.
 */
export function tapeReach(tape: TapeState, horizonSeconds: number): void {
  tape.horizonMs = horizonSeconds * 1_000;
  // Room that has been taken stays: points are never more than its half after a trim.
  tape.capacity = Math.max(tape.capacity, capacityFor(horizonSeconds));
}

/** Index of the last point at or before `at`; -1 when the tape begins later. O(log points). */
export function pointAt({ cells, count }: TapeState, at: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((cells[middle * STRIDE + AT] ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Opens the block that begins with point `index`, or takes a price into the one that holds it. */
export function countInBlock(tape: TapeState, index: number, price: number): void {
  const { blockLows, blockHighs } = tape;
  const block = Math.floor(index / BLOCK);
  if (index % BLOCK === 0) {
    blockLows[block] = price;
    blockHighs[block] = price;
  } else widenBlock(tape, block, price);
}

/** Takes a price into a block. */
export function widenBlock(
  { blockLows, blockHighs }: TapeState,
  block: number,
  price: number,
): void {
  if (price < (blockLows[block] ?? 0)) blockLows[block] = price;
  if (price > (blockHighs[block] ?? 0)) blockHighs[block] = price;
}

/** Builds the blocks anew, from that of point `from` on. */
export function rebuildBlocks(tape: TapeState, from: number): void {
  const { cells, count } = tape;
  for (let index = from - (from % BLOCK); index < count; index++) {
    countInBlock(tape, index, cells[index * STRIDE + LOW] ?? 0);
    widenBlock(tape, Math.floor(index / BLOCK), cells[index * STRIDE + HIGH] ?? 0);
  }
}
