import type { EpochMs } from '../lib/time.ts';
import type { Money, Price, Qty } from '../lib/units.ts';
import type { CloseReason } from '../order/intent.ts';
import type { HoldLimits } from './hold-time.ts';
import type { Tranche } from './tranches.ts';

export type PositionStatus = 'BUILDING' | 'OPEN' | 'REDUCING' | 'CLOSING_UNCONFIRMED' | 'CLOSED';

/** Protection of one position; percent fields are percent of the price they start from. */
export type Protection = {
  readonly stopLossPct: number;
  readonly takeProfitPct: number;
  readonly trailingStopPct: number | null;
  /** Most favourable price since the first fill: the highest of a LONG, the lowest of a SHORT. */
  readonly highest: Price;
  /** Least favourable price since then; absent in positions from before it was kept. */
  readonly worst?: Price | undefined;
  /** The stop that the first fill was given: the risk that results are measured in. Absent as above. */
  readonly initialStop?: Price | undefined;
  readonly stopLoss: Price;
  readonly takeProfit: Price;
  readonly trailingStop: Price | null;
  /** Price that the strategy wants for a target instead of `takeProfitPct`; `null` = the percentage. */
  readonly targetAt: Price | null;
  /** How long it may be held; absent = as long as nothing else closes it. */
  readonly hold?: HoldLimits | undefined;
  /** When what speaks against it closes it (PF-70): absent = at two signals. */
  readonly dumpExit?: 'any' | 'never' | undefined;
  /** Set once its stops were tightened for a reason of the whole book (PF-47): then nothing is added (PF-10). */
  readonly tightened?: true | undefined;
};

/** What fills came to beside the prices that they were decided on (RSK-101); quote, all fills so far. */
export type Decided = {
  /** Entries at their fill prices; `exitedQuote` has the exits. */
  readonly entered: Money;
  readonly entries: Money;
  readonly exits: Money;
};

/** One logical position per (book, strategy, symbol, side), from confirmed fills only (PF-01). */
export type Position = {
  readonly positionId: string;
  readonly bookId: string;
  readonly strategyId: string;
  readonly marketKey: string;
  readonly symbol: string;
  readonly side: 'LONG' | 'SHORT';
  /** What a future was opened with; left out = 1. */
  readonly leverage?: number | undefined;
  readonly status: PositionStatus;
  /** Open base quantity, after fees that were taken in base. */
  readonly quantity: Qty;
  /** What the open quantity cost at fill prices, without fees. */
  readonly cost: Money;
  /** Entry fees that belong to the open quantity, in quote. */
  readonly entryFees: Money;
  /** `cost / quantity` at the last entry fill; a reduction does not change it (PF-12). */
  readonly averageEntry: Price;
  /** Net of exit fees and of the entry fees of what was sold. */
  readonly realizedPnl: Money;
  /** All fees so far, in quote. */
  readonly fees: Money;
  readonly protection: Protection;
  readonly openedAt: EpochMs;
  readonly lastFillAt: EpochMs;
  /** The exit that is under way; while set, no second one may start. */
  readonly closeIntentId: string | null;
  readonly closeReason: CloseReason | null;
  readonly closedAt: EpochMs | null;
  /** Average price of all exits so far. */
  readonly exitPrice: Price | null;
  readonly exitedQuantity: Qty;
  readonly exitedQuote: Money;
  /** Its entries, one for each order that has filled (PF-11); absent or empty where that is not known. */
  readonly tranches?: readonly Tranche[] | undefined;
  /** `null` or absent where it is not known of all fills. */
  readonly decided?: Decided | null | undefined;
};
