import type { Quote } from '@tradewind/adapters/venue/venue';
import type { BoardPrice } from '@tradewind/contracts/documents/market';
import { epochMs, type EpochMs } from '@tradewind/core/lib/time';
import { toNumber, type Price } from '@tradewind/core/lib/units';
import { conflictInit, conflictLimit, conflictNext } from '@tradewind/core/market/conflict';
import { isWithin, TOLERANCES } from '@tradewind/core/market/freshness';
import { dataQualityOf, mayPriceExit, type SourceRole } from '@tradewind/core/market/quality';
import {
  symbolInit,
  symbolStatus,
  symbolTrade,
  type SymbolStatus,
} from '@tradewind/core/market/symbol-staleness';
import type { FeedKey, Followed } from './ports.ts';

type Seen = {
  readonly price: Price;
  /** The venue's time, market clock. */
  readonly at: number;
  /** Wall clock. */
  readonly receivedAt: number;
};
type Last = Seen & { readonly source: BoardPrice['source'] };

const ROLES: Readonly<Record<Last['source'], SourceRole>> = {
  ws: 'stream',
  rest: 'rest',
  external: 'quotes',
};

/** What else a price depends on, beside itself. */
export type PriceContext = {
  /** Wall clock. */
  readonly now: EpochMs;
  /** The connection is live, has been for a while, and what it missed was read (MD-65). */
  readonly isTrusted: boolean;
};

/** What the board says of a price. */
function recordOf(
  { price, at, receivedAt, source }: Last,
  told: Pick<BoardPrice, 'symbol' | 'bid' | 'ask' | 'stale' | 'conflict'>,
): BoardPrice {
  return {
    ...told,
    price,
    at: epochMs(at),
    receivedAt: epochMs(receivedAt),
    source,
    degraded: source !== 'ws',
    dataQuality: dataQualityOf(told.stale ? undefined : ROLES[source]),
  };
}

/** What an external source said, while the venue says nothing and it is young enough (01, section 2). */
function standIn(outside: Last | null, venue: Last & { heardAt: number }, now: EpochMs) {
  if (outside === null || outside.at <= venue.at) return null;
  const silence = { quoteAgeMs: now - outside.at, venueSilentMs: now - venue.heardAt };
  return mayPriceExit('quotes', silence) ? outside : null;
}

/** The last price of one market, how it came about, and how far it is to be trusted. */
export type MarketPrice = ReturnType<typeof createMarketPrice>;

export function createMarketPrice({ marketKey, symbol }: Followed, { market }: FeedKey) {
  const rhythm = symbolInit();
  const dispute = conflictInit();
  let last: Last | null = null;
  let quote: Quote | null = null;
  let told: Last | null = null;
  let outside: Last | null = null;
  const heardAt = (): number | undefined =>
    last === null ? undefined : Math.max(last.receivedAt, told?.receivedAt ?? 0);
  const outsider = (now: EpochMs): Last | null =>
    last === null ? null : standIn(outside, { ...last, heardAt: heardAt() ?? now }, now);
  const status = (now: EpochMs): SymbolStatus => symbolStatus(rhythm, now, { isOpen: true });
  const quoteAt = (now: EpochMs): Quote | null =>
    quote !== null && isWithin(now - quote.receivedAt, TOLERANCES.spreadFilter.maxMs)
      ? quote
      : null;
  return {
    marketKey,
    /** A trade of the stream. */
    onTrade: (seen: Seen): void => {
      symbolTrade(rhythm, seen.receivedAt);
      if (last === null || seen.at >= last.at) last = { ...seen, source: 'ws' };
    },
    onQuote: (seen: Quote): void => {
      quote = seen;
    },
    /** What REST says. True where it stands in for a stream that is silent: the price counts. */
    onRest: (seen: Seen, isStandIn: boolean): boolean => {
      told = { ...seen, source: 'rest' };
      if (!isStandIn) return false;
      // The price of an older trade than the last one is news of nothing.
      if (last !== null && seen.at < last.at) return false;
      last = told;
      return true;
    },
    /** What a source beside the venue says. True where it stands in for a venue that says nothing at all. */
    onExternal: (seen: Seen, now: EpochMs): boolean => {
      outside = { ...seen, source: 'external' };
      return outsider(now) !== null;
    },
    /** Compares the stream's price with what REST just said (MD-12). */
    compare: (now: EpochMs): void => {
      const stream = last?.source === 'ws' ? toNumber(last.price) : undefined;
      const other = told === null ? undefined : toNumber(told.price);
      conflictNext(dispute, { venue: stream, other, now }, conflictLimit(market));
    },
    /** They differ: more comparisons are needed to know for how long. */
    isDisputed: (): boolean => dispute.since !== null,
    isConflicting: (): boolean => dispute.active,
    status,
    price: (): Price | undefined => last?.price,
    /** Market time of the last trade of the stream, or of what stood in for it. */
    lastAt: (): EpochMs | null => (last === null ? null : epochMs(last.at)),
    /** Wall time at which the venue's last price arrived, by stream or REST. */
    heardAt,
    /** What the board says of it; `undefined` before any price. */
    record: ({ now, isTrusted }: PriceContext): BoardPrice | undefined => {
      if (last === null) return undefined;
      const top = quoteAt(now);
      const stale = last.source === 'ws' && (!isTrusted || status(now) === 'stale');
      const conflict = dispute.active;
      const other = outsider(now);
      if (other !== null)
        return recordOf(other, { symbol, bid: null, ask: null, stale: false, conflict });
      const [bid, ask] = [top?.bid ?? null, top?.ask ?? null];
      return recordOf(last, { symbol, bid, ask, stale, conflict });
    },
  };
}
