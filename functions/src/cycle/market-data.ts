import type { ExecutionPorts } from '@tradewind/adapters/execution/ports';
import type { BookDoc } from '@tradewind/contracts/documents/book';
import { isTold } from '@tradewind/adapters/market/judge-price';
import type { Prices } from '@tradewind/adapters/market/read-prices';
import { chunkDoc, type LivePriceDoc } from '@tradewind/contracts/documents/market';
import { chunkId, paths } from '@tradewind/contracts/paths';
import { bucketStart, epochMs, minutes, type EpochMs } from '@tradewind/core/lib/time';
import type { Candle } from '@tradewind/core/market/market';
import {
  CYCLE_BOARD,
  livePriceOf,
  priceOf,
  storeCandles,
  type FetchedPrice,
} from './store-market.ts';

/** Values by variant; `null` until ready and where the data do not suffice. */
export type Readings = Readonly<Record<string, number | null>>;

/** What is known of a market: one-minute candles, oldest first, and the last price. */
export type MarketData = {
  readonly candles: readonly Candle[];
  /** What the stream's analytics said at the close of a bar, by that close; only the youngest of each hour are kept. */
  readonly readings: ReadonlyMap<number, Readings>;
  /** As the boards have it, or younger where the venue was asked. */
  readonly livePrice: LivePriceDoc | undefined;
  /** What the venue was asked for, for the cycle's board; `null` where a worker does that. */
  readonly fetchedPrice: FetchedPrice | null;
  /** Market time of the youngest fact; `null` when nothing is known. */
  readonly knownAt: EpochMs | null;
};

const MINUTE = 60_000;
const HOUR = minutes(60);
/** Most candles that the venue returns in one call. */
const PAGE = 1_000;
/** Market time by which a candle may reach its chunk after the price that closed it. */
const WORKER_LAG = 180_000;

const closeOf = (candle: Candle): EpochMs => epochMs(candle.openAt + MINUTE);

/** Ids and starts of the hours that hold `[from, to)`. */
const hoursOf = (from: EpochMs, to: EpochMs): EpochMs[] => {
  const first = bucketStart(from, HOUR);
  return Array.from({ length: Math.max(0, Math.ceil((to - first) / HOUR)) }, (_, index) =>
    epochMs(first + index * HOUR),
  );
};

type Range = { readonly from: EpochMs; readonly to: EpochMs };

type Stored = {
  /** Closed candles of the range by opening time. */
  readonly known: Map<number, Candle>;
  readonly readings: ReadonlyMap<number, Readings>;
};

/** What chunks hold of the range. */
async function storedMarket(
  { store }: ExecutionPorts,
  marketKey: string,
  { from, to }: Range,
): Promise<Stored> {
  const chunks = await Promise.all(
    hoursOf(from, to).map((hour) => store.get(paths.chunk(marketKey, chunkId(hour)), chunkDoc)),
  );
  const candles = chunks.flatMap((chunk) => chunk?.candles ?? []);
  const analytics = chunks.map((chunk) => chunk?.analytics ?? null).filter((one) => one !== null);
  return {
    known: new Map(
      candles
        .filter(({ openAt }) => openAt >= from && openAt < to)
        .map((candle) => [candle.openAt, candle]),
    ),
    readings: new Map(analytics.map(({ asOf, readings }) => [asOf, readings])),
  };
}

/**
 * First to last minute that is missing.
 *
 * While the worker is live, the minutes after its last candle are still being built there: they
 * count only when its prices are `WORKER_LAG` beyond them, or when it has written nothing at all.
 */
function missing(
  known: Map<number, Candle>,
  { from, to }: Range,
  worker: LivePriceDoc | undefined,
): Range | null {
  const expected =
    worker === undefined || (known.size === 0 && to - from > WORKER_LAG)
      ? to
      : Math.min(
          to,
          Math.max(worker.at - WORKER_LAG, ...[...known.keys()].map((at) => at + MINUTE)),
        );
  const holes: number[] = [];
  for (let at: number = from; at + MINUTE <= expected; at += MINUTE)
    if (!known.has(at)) holes.push(at);
  const [first, last] = [holes[0], holes.at(-1)];
  if (first === undefined || last === undefined) return null;
  return { from: epochMs(first), to: epochMs(last + MINUTE) };
}

/** The range over REST, page by page; also the forming candle where the range reaches it. */
async function fetchCandles(
  ports: ExecutionPorts,
  source: { readonly book: BookDoc; readonly symbol: string },
  { from, to }: Range,
): Promise<Candle[]> {
  const venue = await ports.venueOf(source.book);
  const candles: Candle[] = [];
  for (let since = from; since < to;) {
    const page = await venue.candles(source.symbol, { since, limit: PAGE });
    if (!page.ok)
      throw new Error(`Candles of ${source.symbol} could not be read: ${page.error.message}`);
    const fresh = page.value.filter(({ openAt }) => openAt >= since);
    candles.push(...fresh);
    const last = fresh.at(-1);
    if (last === undefined || fresh.length < PAGE) break;
    since = closeOf(last);
  }
  return candles;
}

/** True when a worker, not the cycle, has this price in its care. */
const isLive = (price: LivePriceDoc | undefined, wallNow: EpochMs): boolean =>
  price !== undefined && price.shard !== CYCLE_BOARD && isTold(price, wallNow);

/** What REST gave for the missing minutes; a venue that does not answer stops no bot. */
async function fetchMissing(
  ports: ExecutionPorts,
  source: { readonly book: BookDoc; readonly symbol: string },
  holes: Range,
): Promise<Candle[] | null> {
  try {
    return await fetchCandles(ports, source, holes);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    ports.log.warn('history is incomplete', { symbol: source.symbol, reason });
    return null;
  }
}

/** A market to read, for a book that trades on it. */
export type Source = {
  readonly market: { readonly marketKey: string; readonly symbol: string };
  readonly book: BookDoc;
  /** What the boards say. */
  readonly prices: Prices;
};

/** Fills `known` over REST; where no worker is live, what was read is also stored, with the price. */
async function fillHoles(
  ports: ExecutionPorts,
  { market, book }: Source,
  facts: {
    readonly known: Map<number, Candle>;
    readonly holes: Range;
    readonly workerIsLive: boolean;
  },
): Promise<FetchedPrice | null> {
  const { known, holes, workerIsLive } = facts;
  const fetched = await fetchMissing(ports, { book, symbol: market.symbol }, holes);
  if (fetched === null) {
    // Bars beyond a hole would be judged without it: wait for an answer instead.
    for (const openAt of [...known.keys()]) if (openAt >= holes.from) known.delete(openAt);
    return null;
  }
  const closed = fetched
    .filter(({ openAt }) => openAt < holes.to)
    .map((candle) => ({ ...candle, gapFilled: true }));
  for (const candle of closed) if (!known.has(candle.openAt)) known.set(candle.openAt, candle);
  if (workerIsLive) return null;
  const origin = book.origin;
  await storeCandles(ports, { marketKey: market.marketKey, origin }, closed);
  return priceOf(market, { candles: fetched, origin, now: ports.clock.wallNow() });
}

/**
 * Closed candles from `from` to now. They come from the chunks that the worker writes; what is
 * missing there is read over REST, and where no worker is live also stored.
 */
export async function loadMarket(
  ports: ExecutionPorts,
  source: Source,
  from: EpochMs,
): Promise<MarketData> {
  const { marketKey } = source.market;
  const { clock } = ports;
  const now = clock.marketNow();
  const range = { from: bucketStart(from, minutes(1)), to: bucketStart(now, minutes(1)) };
  const { known, readings } = await storedMarket(ports, marketKey, range);
  const storedPrice = source.prices.get(marketKey);
  const workerIsLive = isLive(storedPrice, clock.wallNow());
  const holes = missing(known, range, workerIsLive ? storedPrice : undefined);
  const fetchedPrice =
    holes === null ? null : await fillHoles(ports, source, { known, holes, workerIsLive });
  const livePrice = fetchedPrice === null ? storedPrice : livePriceOf(fetchedPrice);
  const candles = [...known.values()].sort((a, b) => a.openAt - b.openAt);
  const last = candles.at(-1);
  const times = [livePrice?.at ?? null, last === undefined ? null : closeOf(last)];
  const knownAt = times.filter((at) => at !== null).sort((a, b) => b - a)[0] ?? null;
  return { candles, readings, livePrice, fetchedPrice, knownAt };
}
