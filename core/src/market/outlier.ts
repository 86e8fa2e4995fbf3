import type { MarketKind } from '../instrument/instrument.ts';
import type { Tick } from './tick.ts';

/** How many trades the median is of. */
const WINDOW = 20;
/** Within this a second trade confirms the first one (MD-32). */
export const CONFIRM_MS = 3_000;

type Held = {
  readonly id: number | string;
  readonly at: number;
  readonly price: number;
  readonly size: number;
  readonly isBuy: boolean;
  /** An ordinary trade came after it. */
  doubted: boolean;
};

/** What the guard of one market knows: plain data that survives JSON. */
export type OutlierState = {
  /** Largest distance from the median, as a share of it: 0.1 = 10 %. */
  readonly limit: number;
  /** Prices of the last trades that passed, in no particular order; `next` is the place of the oldest. */
  prices: number[];
  next: number;
  /** Bounds that hold all of `prices`: what is near both of them is near their median. */
  low: number;
  high: number;
  /** Trades in quarantine, in the order they came. */
  held: Held[];
  /** Trades that nothing confirmed, so far. */
  discarded: number;
};

/** The limit of MD-32: 30 % where prices jump for a living, 10 % elsewhere. */
export const outlierLimit = (market: MarketKind, isMeme = false): number =>
  market === 'dex' || isMeme ? 0.3 : 0.1;

/** A guard that has seen nothing. @param limit Share of the median, such as `outlierLimit` gives. */
export const outlierInit = (limit: number): OutlierState => ({
  limit,
  prices: [],
  next: 0,
  low: 0,
  high: 0,
  held: [],
  discarded: 0,
});

function remember(state: OutlierState, price: number): void {
  const { prices } = state;
  if (prices.length === 0) [state.low, state.high] = [price, price];
  if (price < state.low) state.low = price;
  if (price > state.high) state.high = price;
  if (prices.length < WINDOW) prices.push(price);
  else {
    prices[state.next] = price;
    state.next = (state.next + 1) % WINDOW;
  }
}

const isNear = (state: OutlierState, reference: number, price: number): boolean =>
  Math.abs(price - reference) <= state.limit * reference;

/** Near the median for certain, since the median lies between the bounds: spares finding it. */
const isPlain = ({ low, high, limit }: OutlierState, price: number): boolean =>
  price - low <= limit * low && high - price <= limit * high;

function isOrdinary(state: OutlierState, price: number): boolean {
  if (state.prices.length === 0) return true;
  if (isPlain(state, price)) return true;
  const sorted = [...state.prices].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? price;
  const lower = sorted.length % 2 === 0 ? (sorted[middle - 1] ?? upper) : upper;
  // The bounds only ever widen as prices leave the window: this is the moment to take them in again.
  state.low = sorted[0] ?? price;
  state.high = sorted.at(-1) ?? price;
  return isNear(state, (lower + upper) / 2, price);
}

/** An ordinary trade speaks against what is held; what it has spoken against for too long is discarded. */
function doubt(state: OutlierState, at: number): void {
  const kept = state.held.filter((each) => at - each.at <= CONFIRM_MS);
  state.discarded += state.held.length - kept.length;
  for (const each of kept) each.doubted = true;
  state.held = kept;
}

const confirms = (state: OutlierState, held: Held, tick: Tick): boolean =>
  held.id !== tick.id &&
  isNear(state, held.price, tick.price) &&
  (!held.doubted || Math.abs(tick.at - held.at) <= CONFIRM_MS);

function hold(state: OutlierState, { id, at, price, size, isBuy }: Tick): void {
  if (state.held.some((each) => each.id === id)) return;
  state.held.push({ id, at, price, size, isBuy, doubted: false });
  if (state.held.length <= WINDOW) return;
  state.held.shift();
  state.discarded += 1;
}

/** The market has moved: the trades around the new price come out in the order they came, and count from now on. */
function accept(state: OutlierState, tick: Tick, release: (tick: Tick) => void): void {
  const agreeing = state.held.filter((each) => isNear(state, each.price, tick.price));
  state.discarded += state.held.length - agreeing.length;
  state.held = [];
  state.prices = [];
  state.next = 0;
  for (const each of agreeing) {
    remember(state, each.price);
    release(each);
  }
  remember(state, tick.price);
}

/**
 * Guards the bars and the stops against a single print far from the market (MD-32), changing `state` in place.
 *
 * A trade further from the median of the last 20 than the limit is held back until another trade near it comes
 * within 3 s; where no trade at the old price came in between, the next one near it will do, so that a market that
 * trades once a minute is not held back for ever. Trades that are released keep their time and id: bars that are
 * closed by then leave them out as late.
 *
 * @param tick Read and not kept.
 * @param release Takes the trades that this one confirmed. They come before it.
 * @returns Whether the trade itself counts now.
 */
export function outlierNext(
  state: OutlierState,
  tick: Tick,
  release: (tick: Tick) => void,
): 'passed' | 'quarantined' {
  if (isOrdinary(state, tick.price)) {
    if (state.held.length > 0) doubt(state, tick.at);
    remember(state, tick.price);
    return 'passed';
  }
  if (state.held.some((held) => confirms(state, held, tick))) {
    accept(state, tick, release);
    return 'passed';
  }
  hold(state, tick);
  return 'quarantined';
}
