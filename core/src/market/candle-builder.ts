import { bucketStart, durationMs, epochMs, later, seconds, type EpochMs } from '../lib/time.ts';
import {
  addMoney,
  addQty,
  maxPrice,
  minPrice,
  notional,
  ZERO_MONEY,
  ZERO_QTY,
  type Money,
  type Price,
  type Qty,
} from '../lib/units.ts';
import { TIMEFRAMES, type Candle, type Trade } from './market.ts';

/** How much older than the newest trade a trade may be, and how long a bucket waits for such (MD-31, MD-43). */
export const LATENESS = seconds(2);
/** Minutes without a trade after which the builder starts afresh rather than filling them all. */
export const MAX_EMPTY_CANDLES = 1_440;

const BUCKET = durationMs(TIMEFRAMES['1m']);

/** A trade's place in the venue's order: its time, then its id. */
type Rank = { readonly at: EpochMs; readonly tradeId: string };
/** A bucket that still takes trades. */
type Bucket = {
  openAt: EpochMs;
  open: Price;
  high: Price;
  low: Price;
  close: Price;
  volume: Qty;
  buyVolume: Qty;
  quoteVolume: Money;
  trades: number;
  buyTrades: number;
  first: Rank;
  last: Rank;
};

/** What the builder of one market knows: plain data, safe to copy with `structuredClone`. */
export type BuilderState = {
  readonly marketKey: string;
  /** Buckets that still take trades, oldest first. */
  open: Bucket[];
  /** Everything before this is closed; `null` before the first trade. */
  closedUntil: EpochMs | null;
  /** Close of the last closed bucket: the price of an empty one (MD-44). */
  lastClose: Price | null;
  /** Time of the newest trade so far. */
  newestAt: EpochMs | null;
  /** Ids of the trades within the lateness (MD-30), in the order they came. */
  readonly seen: Map<string, EpochMs>;
};

/** What one step closed, and whether the trade was left out for being late or known. */
export type BuilderStep = {
  readonly state: BuilderState;
  readonly closed: Candle[];
  readonly late?: boolean;
  readonly duplicate?: boolean;
};

/**
 * A builder that has seen nothing.
 *
 * @param seed Where history ends: what came before `closedUntil` counts as closed, at `lastClose`. A
 *   worker that starts in the middle of a minute seeds the next one, so as not to publish half a candle.
 */
export const builderInit = (
  marketKey: string,
  seed?: { readonly closedUntil: EpochMs; readonly lastClose: Price | null },
): BuilderState => ({
  marketKey,
  open: [],
  closedUntil: seed === undefined ? null : bucketStart(seed.closedUntil, BUCKET),
  lastClose: seed?.lastClose ?? null,
  newestAt: null,
  seen: new Map(),
});

/** Venue order: by time, then by id. Ids that count up compare as numbers, since the shorter is the smaller. */
function comesBefore(a: Rank, b: Rank): boolean {
  if (a.at !== b.at) return a.at < b.at;
  if (a.tradeId.length !== b.tradeId.length) return a.tradeId.length < b.tradeId.length;
  return a.tradeId < b.tradeId;
}

const bucketOf = (trade: Trade): Bucket => ({
  openAt: bucketStart(trade.at, BUCKET),
  open: trade.price,
  high: trade.price,
  low: trade.price,
  close: trade.price,
  volume: ZERO_QTY,
  buyVolume: ZERO_QTY,
  quoteVolume: ZERO_MONEY,
  trades: 0,
  buyTrades: 0,
  first: { at: trade.at, tradeId: trade.tradeId },
  last: { at: trade.at, tradeId: trade.tradeId },
});

/** Sums and extremes do not depend on the order; the first and the last go by the venue's. */
function count(bucket: Bucket, trade: Trade): void {
  const rank = { at: trade.at, tradeId: trade.tradeId };
  if (comesBefore(rank, bucket.first)) [bucket.first, bucket.open] = [rank, trade.price];
  if (comesBefore(bucket.last, rank)) [bucket.last, bucket.close] = [rank, trade.price];
  bucket.high = maxPrice(bucket.high, trade.price);
  bucket.low = minPrice(bucket.low, trade.price);
  bucket.volume = addQty(bucket.volume, trade.size);
  if (trade.side === 'buy') {
    bucket.buyVolume = addQty(bucket.buyVolume, trade.size);
    bucket.buyTrades += 1;
  }
  bucket.quoteVolume = addMoney(bucket.quoteVolume, notional(trade.price, trade.size, 'floor'));
  bucket.trades += 1;
}

function place(state: BuilderState, trade: Trade): void {
  const openAt = bucketStart(trade.at, BUCKET);
  let bucket = state.open.find((each) => each.openAt === openAt);
  if (bucket === undefined) {
    bucket = bucketOf(trade);
    state.open.push(bucket);
    state.open.sort((a, b) => a.openAt - b.openAt);
  }
  count(bucket, trade);
}

const candleOf = (bucket: Bucket): Candle => ({
  openAt: bucket.openAt,
  open: bucket.open,
  high: bucket.high,
  low: bucket.low,
  close: bucket.close,
  volume: bucket.volume,
  buyVolume: bucket.buyVolume,
  quoteVolume: bucket.quoteVolume,
  trades: bucket.trades,
  buyTrades: bucket.buyTrades,
  gapFilled: false,
  incomplete: false,
  revision: 0,
  source: 'trades',
});

/** A minute without trades: the price before it, and no volume (MD-44). */
const emptyCandle = (openAt: EpochMs, lastClose: Price): Candle => ({
  openAt,
  open: lastClose,
  high: lastClose,
  low: lastClose,
  close: lastClose,
  volume: ZERO_QTY,
  buyVolume: ZERO_QTY,
  quoteVolume: ZERO_MONEY,
  trades: 0,
  buyTrades: 0,
  gapFilled: false,
  incomplete: false,
  revision: 0,
  source: 'trades',
});

/** The minutes without trades from `from` up to `until`; none where their price is unknown or too old. */
function emptyCandles(state: BuilderState, from: EpochMs, until: EpochMs): Candle[] {
  const length = (until - from) / BUCKET;
  const { lastClose } = state;
  if (lastClose === null || length > MAX_EMPTY_CANDLES) {
    state.lastClose = null;
    return [];
  }
  return Array.from({ length }, (_, index) =>
    emptyCandle(epochMs(from + index * BUCKET), lastClose),
  );
}

/** Closes every bucket whose grace is over at `now`, filling minutes without trades. */
function closeUntil(state: BuilderState, now: EpochMs): Candle[] {
  const closed: Candle[] = [];
  if (state.closedUntil === null || now < LATENESS) return closed;
  const end = bucketStart(epochMs(now - LATENESS), BUCKET);
  let at = state.closedUntil;
  while (at < end) {
    const bucket = state.open[0];
    if (bucket?.openAt === at) {
      closed.push(candleOf(bucket));
      state.lastClose = bucket.close;
      state.open.shift();
      at = later(at, BUCKET);
    } else {
      const until: EpochMs = bucket !== undefined && bucket.openAt < end ? bucket.openAt : end;
      closed.push(...emptyCandles(state, at, until));
      at = until;
    }
  }
  state.closedUntil = at;
  return closed;
}

/** Forgets ids that could only come again as late trades. */
function forget(state: BuilderState, oldest: number): void {
  for (const [tradeId, at] of state.seen) {
    if (at >= oldest) return;
    state.seen.delete(tradeId);
  }
}

/**
 * Feeds one trade to the one-minute candles of its market, updating `state` in place.
 *
 * A bucket closes once a trade, or `builderAdvance`, is two seconds past its end. Until then it takes
 * trades in any order, so that the same trades give the same candles however they were shuffled within
 * the lateness (MD-41). Sums are exact. A trade that comes twice counts once (MD-30); one that is later
 * than the lateness is left out and reported (MD-31).
 *
 * @throws RangeError when the trade belongs to another market.
 */
export function builderAdd(state: BuilderState, trade: Trade): BuilderStep {
  if (trade.marketKey !== state.marketKey)
    throw new RangeError(`Invariant: a trade of ${state.marketKey}, was ${trade.marketKey}`);
  if (state.seen.has(trade.tradeId)) return { state, closed: [], duplicate: true };
  const newestAt = Math.max(state.newestAt ?? trade.at, trade.at);
  const oldest = newestAt - LATENESS;
  if (trade.at < oldest || (state.closedUntil !== null && trade.at < state.closedUntil))
    return { state, closed: [], late: true };
  state.newestAt = epochMs(newestAt);
  state.seen.set(trade.tradeId, trade.at);
  forget(state, oldest);
  const bucketAt = bucketStart(trade.at, BUCKET);
  place(state, trade);
  // A first trade may be overtaken by older ones within the lateness.
  state.closedUntil ??= bucketStart(epochMs(Math.max(0, bucketAt - LATENESS)), BUCKET);
  return { state, closed: closeUntil(state, state.newestAt) };
}

/**
 * Closes what is due at `now` without a trade, updating `state` in place (MD-43).
 *
 * @param now Market time, less what trades need to arrive: at a replay's speed that delay grows as well.
 */
export const builderAdvance = (state: BuilderState, now: EpochMs): BuilderStep => ({
  state,
  closed: closeUntil(state, now),
});

/** The newest bucket as it stands, to be shown and never to be decided on (MD-45). */
export function forming(state: BuilderState): Candle | undefined {
  const bucket = state.open.at(-1);
  return bucket === undefined ? undefined : candleOf(bucket);
}
