import type { EpochMs } from '../lib/time.ts';
import type { Money, Price, Qty } from '../lib/units.ts';
import type { Side } from '../order/intent.ts';
import type { Block } from '../strategy/blocking.ts';

/** What a strategy holds. */
export type Holding = {
  readonly side: 'LONG' | 'SHORT';
  readonly quantity: Qty;
  readonly averageEntry: Price;
  readonly openedAt: EpochMs;
  readonly lastFillAt: EpochMs;
};

/** What the ledger knows of a strategy in one market, as of one evaluation. All times are market time. */
export type Facts = {
  /** `null` when flat. */
  readonly position: Holding | null;
  /** Whether a signal, intent or order of the strategy is still under way. */
  readonly pendingOrder: boolean;
  /** The last fill, whoever caused it: a protection's counts as well. */
  readonly lastFill: { readonly at: EpochMs; readonly side: Side; readonly price: Price } | null;
  /** Quote currency that is neither spent nor promised. */
  readonly availableQuote: Money;
  /** What keeps the whole book from entering, such as an emergency stop; exits go on. */
  readonly entryBlock: Block | null;
  /** Whether the market's data are too old to act on. */
  readonly stale: boolean;
  /** How far the market's source is trusted, 0 to 1 (MD-11). */
  readonly dataQuality: number;
  /** A bar of history: it feeds the indicators and decides nothing. */
  readonly warmup: boolean;
};
