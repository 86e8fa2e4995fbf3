import type { MarketKind } from '@tradewind/core/instrument/instrument';
import type { Result } from '@tradewind/core/lib/result';
import type { EpochMs } from '@tradewind/core/lib/time';
import type { Price, Qty } from '@tradewind/core/lib/units';
import type { SourceRole } from '@tradewind/core/market/quality';

/** Why an external source has no answer. None of these stops anything: it is there to enrich (MD-10). */
export type SourceError = {
  /**
   * `disabled` no key; `budget` our own allowance is used up; `limited` the source says so; `refused`
   * it denies us; `unknownSymbol`; `unreachable` no whole answer in time; `malformed` an answer that
   * is not what it documents.
   */
  readonly kind:
    'disabled' | 'budget' | 'limited' | 'refused' | 'unknownSymbol' | 'unreachable' | 'malformed';
  /** For people; never holds a key. */
  readonly message: string;
  /** When it makes sense to ask again; `null` where that is not known. */
  readonly retryAfterMs: number | null;
};

/** A market as sources are asked for it: ours is `BASE-QUOTE`, a stock's quote is its currency. */
export type SourceMarket = { readonly market: MarketKind; readonly symbol: string };

/** A last price: a float by nature, for eyes and for what has nothing better. */
export type SourcePrice = {
  readonly price: Price;
  /** When it traded, as the source says. */
  readonly at: EpochMs;
  /** Currency of the price: a dollar source stands in for a stablecoin's. */
  readonly currency: string | null;
};

export type SourceTimeframe = '1m' | '1h' | '1d';

/** A candle of history; a day's begins at midnight UTC of the source's date. */
export type SourceCandle = {
  readonly openAt: EpochMs;
  readonly open: Price;
  readonly high: Price;
  readonly low: Price;
  readonly close: Price;
  readonly volume: Qty;
};

export type Headline = {
  readonly id: string;
  readonly at: EpochMs;
  readonly title: string;
  readonly summary: string;
  readonly publisher: string;
  readonly url: string;
};

export type Answer<T> = Promise<Result<T, SourceError>>;

/** One external source. What it cannot do it does not have; without its key it answers `disabled`. */
export type Source = {
  readonly name: 'yahoo' | 'alphaVantage' | 'finnhub';
  readonly role: SourceRole;
  /** `null` while it works; else why not, for people. */
  readonly disabled: string | null;
  readonly markets: readonly MarketKind[];
  readonly budget: { readonly perMinute: number; readonly perDay: number };
  readonly lastPrice?: (market: SourceMarket) => Answer<SourcePrice>;
  /** From `since` on, oldest first. */
  readonly history?: (
    market: SourceMarket,
    range: { readonly timeframe: SourceTimeframe; readonly since: EpochMs },
  ) => Answer<readonly SourceCandle[]>;
  /** Newest first. */
  readonly news?: (market: SourceMarket, since: EpochMs) => Answer<readonly Headline[]>;
};

/** What every source is made with. */
export type SourceConfig = {
  /** Where it is reached; its public address where left out. */
  readonly baseUrl?: string;
  readonly wallNow?: () => EpochMs;
  readonly deadlineMs?: number;
};
