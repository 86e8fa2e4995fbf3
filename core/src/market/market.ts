import type { EpochMs } from '../lib/time.ts';
import type { Money, Price, Qty } from '../lib/units.ts';

/** Where a value came from; what is not `live` never enters a live book (ARC-26). */
export type Origin = 'live' | 'recorded' | 'synthetic';

/** One executed trade, as the venue printed it (MD-01). */
export type Trade = {
  readonly marketKey: string;
  readonly tradeId: string;
  readonly price: Price;
  readonly size: Qty;
  /** The aggressor's side. */
  readonly side: 'buy' | 'sell';
  /** The venue's own time. */
  readonly at: EpochMs;
};

/** Lengths of candles, by name. */
export const TIMEFRAMES = { '1m': 60_000, '5m': 300_000, '15m': 900_000, '1h': 3_600_000 } as const;
export type Timeframe = keyof typeof TIMEFRAMES;

/** Trades of one bucket `[openAt, openAt + timeframe)`. */
export type Candle = {
  readonly openAt: EpochMs;
  readonly open: Price;
  readonly high: Price;
  readonly low: Price;
  readonly close: Price;
  readonly volume: Qty;
  /** Base volume bought by aggressors; `null` where the source does not tell. */
  readonly buyVolume: Qty | null;
  readonly quoteVolume: Money;
  readonly trades: number;
  /** Trades whose aggressor bought; `null` where the source does not tell. */
  readonly buyTrades: number | null;
  /** Built from what the venue told after a gap, not from the live stream (MD-23). */
  readonly gapFilled: boolean;
  /** Trades of it are known to be missing: shown, and not decided on (MD-73). */
  readonly incomplete: boolean;
  /** 0 when first published; one more with each correction (MD-33). */
  readonly revision: number;
  /** Built from trades, or the venue's own candle (MD-46). */
  readonly source: 'trades' | 'venue';
};

/** True for a bucket without trades: it repeats the price before it (MD-44). */
export const isEmpty = ({ trades, incomplete }: Candle): boolean => trades === 0 && !incomplete;

/** The latest known price of a market, and how old it may get. */
export type LivePrice = {
  readonly marketKey: string;
  readonly price: Price;
  /** The venue's time of the trade, on the market's clock. */
  readonly at: EpochMs;
  readonly origin: Origin;
  /** No trade for longer than this market usually takes (MD-61), or its source fell silent. */
  readonly stale: boolean;
  /** Priced by a lower-ranked source (MD-62). */
  readonly degraded: boolean;
  /** Two sources disagree (MD-12). */
  readonly conflict: boolean;
  /** 0 to 1: how much its source is trusted (MD-11). */
  readonly dataQuality: number;
};
