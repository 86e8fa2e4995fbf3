import type { EpochMs } from '../lib/time.ts';
import type { Money, Price, Qty } from '../lib/units.ts';
import type { CloseReason, Side } from '../order/intent.ts';
import type { Posting } from './accounts.ts';
import type { Dust } from './dust.ts';
import type { Position } from './position.ts';
import type { TradeQuality } from './trade-quality.ts';

/** What a fill's order says about the position that it changes. */
export type FilledOrder = {
  readonly intentId: string;
  readonly positionId: string;
  readonly strategyId: string;
  readonly bookId: string;
  readonly marketKey: string;
  readonly symbol: string;
  readonly side: Side;
  /** Of the position that it opens, if that is a future; left out = 1. */
  readonly leverage?: number | undefined;
  readonly closeReason: CloseReason | null;
  /** Price that it was decided on: what slippage is measured against. */
  readonly expectedPrice: Price;
  /** What of the order is not filled after this fill and may still come; zero once it has ended. */
  readonly remaining: Qty;
};

/** One round trip (PF-51), known when its position closes. */
export type RoundTrip = TradeQuality & {
  readonly tradeId: string;
  readonly bookId: string;
  readonly strategyId: string;
  readonly marketKey: string;
  readonly symbol: string;
  readonly side: 'LONG' | 'SHORT';
  readonly entryPrice: Price;
  readonly exitPrice: Price;
  readonly quantity: Qty;
  readonly fees: Money;
  readonly netPnl: Money;
  readonly netPnlPct: number;
  readonly holdMs: number;
  readonly exitReason: CloseReason;
  readonly outcome: 'profitable' | 'loss' | 'flat';
  readonly openedAt: EpochMs;
  readonly closedAt: EpochMs;
};

/** Everything that one fill moves. */
export type FillEffect = {
  readonly position: Position;
  /** Signed amounts to add to the book's totals. */
  readonly book: { readonly cash: Money; readonly realizedPnl: Money; readonly fees: Money };
  /** To add to the book's dust of this market; `null` when nothing was left behind. */
  readonly dust: Dust | null;
  readonly postings: readonly Posting[];
  /** Set when the fill closed the position. */
  readonly trade: RoundTrip | null;
  /** The fill's fee in quote (PF-22). */
  readonly feeQuote: Money;
};

/** Why a fill cannot be booked: never ignored, the caller stops and raises an alert. */
export type FillFault =
  /** Charged in a currency that is neither base nor quote, whose rate is not known here. */
  | { readonly kind: 'foreignFee'; readonly currency: string; readonly fee: Qty }
  /** A fee in base larger than what was bought. */
  | { readonly kind: 'feeOverQuantity'; readonly quantity: Qty; readonly fee: Qty }
  /** A sale of more than the position holds. */
  | { readonly kind: 'oversell'; readonly held: Qty; readonly sold: Qty }
  /** A fill of a position that is CLOSED: a late one, which opens a new position or goes to a person. */
  | { readonly kind: 'positionClosed'; readonly positionId: string }
  | { readonly kind: 'zeroQuantity' };
