import type { ExecutionPorts } from '@tradewind/adapters/execution/ports';
import {
  boardDoc,
  CHUNK_KEPT_MS,
  chunkDoc,
  type BoardDoc,
  type BoardPrice,
  type ChunkDoc,
  type LivePriceDoc,
} from '@tradewind/contracts/documents/market';
import { chunkId, paths } from '@tradewind/contracts/paths';
import { bucketStart, durationMs, later, minutes, type EpochMs } from '@tradewind/core/lib/time';
import type { Candle, Origin } from '@tradewind/core/market/market';

/** The board of a desk without a worker. */
export const CYCLE_BOARD = 'cycle';

const HOUR = minutes(60);
/** Three times the cycle's cadence, wall clock (ARC-40). */
const MAX_AGE_MS = 180_000;
/** MD-11: what the venue told over REST. */
const REST_QUALITY = 0.6;

/** What is stored already stays, but for a candle that is known to lack trades (MD-23). */
function merged(known: readonly Candle[], fetched: readonly Candle[]): Candle[] {
  const candles = new Map(fetched.map((candle) => [candle.openAt, candle]));
  for (const candle of known) {
    const better = candles.get(candle.openAt);
    candles.set(
      candle.openAt,
      candle.incomplete && better !== undefined
        ? { ...better, revision: candle.revision + 1 }
        : candle,
    );
  }
  return [...candles.values()].sort((a, b) => a.openAt - b.openAt);
}

const sameCandles = (known: readonly Candle[], next: readonly Candle[]): boolean =>
  known.length === next.length && known.every((candle, index) => candle === next[index]);

/**
 * Adds the venue's candles to the chunks they belong to (MD-81). Candles that are there stay as they
 * are, and so does everything that a worker has stored beside them.
 */
export async function storeCandles(
  { store, clock }: ExecutionPorts,
  { marketKey, origin }: { readonly marketKey: string; readonly origin: ChunkDoc['origin'] },
  candles: readonly Candle[],
): Promise<void> {
  const hours = new Set(candles.map(({ openAt }) => bucketStart(openAt, HOUR)));
  const inHour = (hourAt: EpochMs) => candles.filter((c) => bucketStart(c.openAt, HOUR) === hourAt);
  await Promise.all(
    [...hours].map((hourAt) =>
      store.transact(async (tx) => {
        const path = paths.chunk(marketKey, chunkId(hourAt));
        const known = await tx.get(path, chunkDoc);
        const next = merged(known?.candles ?? [], inHour(hourAt));
        if (known !== undefined && sameCandles(known.candles, next)) return;
        const now = clock.wallNow();
        const bare = { profiles: [], zones: [], gaps: [], analytics: null, venueAt: null };
        tx.set(path, chunkDoc, {
          ...bare,
          maxAgeMs: MAX_AGE_MS,
          origin,
          ...known,
          marketKey,
          timeframe: '1m',
          hourAt,
          candles: next,
          receivedAt: now,
          updatedAt: now,
          expiresAt: later(now, durationMs(CHUNK_KEPT_MS)),
        });
      }),
    ),
  );
}

type Market = { readonly marketKey: string; readonly symbol: string };

/** What the venue said of one market, as the cycle's board has it. */
export type FetchedPrice = {
  readonly marketKey: string;
  readonly origin: Origin;
  readonly price: BoardPrice;
};

/**
 * The price of the youngest candle that traded, for the gate to decide on while no worker streams.
 * Its time is the candle's opening: the trade was later, and a price may look older, never younger.
 *
 * @returns `null` when no candle traded.
 */
export function priceOf(
  market: Market,
  read: { readonly candles: readonly Candle[]; readonly origin: Origin; readonly now: EpochMs },
): FetchedPrice | null {
  const last = read.candles.findLast(({ volume }) => volume > 0n);
  if (last === undefined) return null;
  const price: BoardPrice = {
    symbol: market.symbol,
    price: last.close,
    bid: null,
    ask: null,
    at: last.openAt,
    receivedAt: read.now,
    source: 'rest',
    stale: false,
    // Without a worker the venue's REST is the first source there is, not a second best (MD-62).
    degraded: false,
    conflict: false,
    dataQuality: REST_QUALITY,
  };
  return { marketKey: market.marketKey, origin: read.origin, price };
}

/** The price as who reads the board will see it. */
export const livePriceOf = ({ marketKey, origin, price }: FetchedPrice): LivePriceDoc => ({
  ...price,
  marketKey,
  origin,
  shard: CYCLE_BOARD,
  writtenAt: price.receivedAt,
  maxAgeMs: MAX_AGE_MS,
});

/** What this cycle did not ask for is older than the board's age says, and is marked. */
const aged = (prices: BoardDoc['prices'], now: EpochMs): BoardDoc['prices'] =>
  Object.fromEntries(
    Object.entries(prices).map(([key, told]) => [
      key,
      { ...told, stale: told.stale || now - told.receivedAt > MAX_AGE_MS },
    ]),
  );

/** Puts prices on the cycle's board, in one write for all of them; the others on it stay. */
export async function writeBoard(
  { store, clock }: ExecutionPorts,
  prices: readonly FetchedPrice[],
): Promise<void> {
  const [first] = prices;
  if (first === undefined) return;
  const path = paths.board(CYCLE_BOARD);
  await store.transact(async (tx) => {
    const known = await tx.get(path, boardDoc);
    const now = clock.wallNow();
    const told = prices.map(({ marketKey, price }) => [marketKey, price] as const);
    tx.set(path, boardDoc, {
      shard: CYCLE_BOARD,
      prices: { ...aged(known?.prices ?? {}, now), ...Object.fromEntries(told) },
      origin: first.origin,
      writtenAt: now,
      maxAgeMs: MAX_AGE_MS,
    });
  });
}
