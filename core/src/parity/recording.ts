import type { EngineEvent } from '../engine/engine.ts';
import type { Facts } from '../engine/facts.ts';
import type { Decided } from '../engine/recorded.ts';
import type { EpochMs } from '../lib/time.ts';
import type { Money } from '../lib/units.ts';
import type { Candle } from '../market/market.ts';
import type { Signal } from '../strategy/decision.ts';
import type { Gate } from '../strategy/gate.ts';
import type { UnderWay } from './compare-facts.ts';
import type { Ledger } from './ledger.ts';

/** Which code decided by which settings. */
export type Made = {
  /** Id and version of the strategy's code. */
  readonly strategy: string;
  readonly version: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly positionSizeQuote: Money;
  readonly tickSize: number;
  readonly lotSize: number;
  /** Version of the bot's or strategy's document. */
  readonly document: number;
  /** Version of the desk's code. */
  readonly code: string;
};

/** What a strategy is told besides bars. */
export type Told = Exclude<EngineEvent, { readonly kind: 'bar' }>;

/** One bar as it was judged; `evaluationEntry` of the contracts says what a field that is left out means. */
export type RecordedBar = Decided & {
  /** Close of the bar, market time. */
  readonly at: EpochMs;
  /** When it was judged, market time. */
  readonly now: EpochMs;
  /** When that was stored, wall clock. */
  readonly savedAt: EpochMs;
  /** One-minute bars that were fed since the entry before. */
  readonly fed: number;
  /** Fingerprint of them. */
  readonly bars: string;
  readonly windows?: Readonly<Record<string, number | null>> | undefined;
  readonly told?: readonly Told[] | undefined;
  readonly facts?: Facts | undefined;
  readonly made?: Made | undefined;
  /** The engine's state before `told`, as `stored` writes it. */
  readonly state?: string | undefined;
  /** Whether the signal left. */
  readonly sent: boolean;
  readonly gates?: readonly Gate[] | undefined;
  readonly fault?: string | undefined;
};

/** All that is on record of one strategy on one market for some time. */
export type Recording = {
  readonly bookId: string;
  readonly bot: string;
  readonly market: string;
  readonly symbol: string;
  /** Oldest first. */
  readonly bars: readonly RecordedBar[];
  /** Closed one-minute candles as they are known now, oldest first. */
  readonly candles: readonly Candle[];
  /** Signals in the ledger by id. */
  readonly signals: ReadonlyMap<string, Signal>;
  readonly underWay: readonly UnderWay[];
  readonly ledger: Ledger;
};
