import type { EpochMs } from '../../lib/time.ts';
import type { Qty } from '../../lib/units.ts';
import type { CloseReason } from '../intent.ts';
import type { VenueFill, VenuePosition } from './snapshot.ts';

/** Kinds of difference between venue and ledger (05, section 11). */
export const DISCREPANCY_TYPES = [
  'D1',
  'D2',
  'D3',
  'D4',
  'D5',
  'D6',
  'D7',
  'D8',
  'D9',
  'D10',
  'D11',
  'D12',
  'D13',
] as const;
export type DiscrepancyType = (typeof DISCREPANCY_TYPES)[number];

export type PositionRef = { readonly bookId: string; readonly positionId: string };

/** A position whose quantity becomes `to`; to zero it is closed with `reason`. */
export type Resize = PositionRef & { readonly to: Qty; readonly reason: CloseReason };

/** Dust of a market that is less by `less`. */
export type DustLoss = {
  readonly bookId: string;
  readonly marketKey: string;
  readonly less: Qty;
};

/** A fill and the position that it reduces; `null` = a position of EXTERNAL, opened if need be. */
export type Booking = { readonly fill: VenueFill; readonly position: PositionRef | null };

/** What the ledger takes over as a position of nobody's strategy. */
export type Import = {
  /** Market of the position, or for spot the asset that is held: its market is the shell's to find. */
  readonly market: 'spot' | 'futures';
  /** `BASE-QUOTE` of a future; the asset of spot. */
  readonly name: string;
  readonly side: 'LONG' | 'SHORT';
  readonly quantity: Qty;
  readonly venue: VenuePosition | null;
};

/** What is to be done about a difference. Corrections amend and close; none deletes (EXE-50). */
export type ReconcileAction =
  /** An order of ours whose fills are not booked: read it and book it (D2, D3). */
  | { readonly kind: 'recordOrders'; readonly orders: readonly OrderRef[] }
  /** Fills of orders that are not ours, booked on what is held or on a position of EXTERNAL (D1, D4, D5, D7). */
  | {
      readonly kind: 'bookFills';
      readonly bookings: readonly Booking[];
      readonly reason: CloseReason;
    }
  /** Corrects quantities without fills, and takes over what is nobody's. */
  | {
      readonly kind: 'correct';
      readonly resizes: readonly Resize[];
      readonly dust: readonly DustLoss[];
      readonly imports: readonly Import[];
    }
  /** Gone from the venue with nothing that says why: to be confirmed by a second read (D6). */
  | { readonly kind: 'markUnconfirmed'; readonly positions: readonly PositionRef[] }
  /** A first sight that a second read has to confirm. */
  | { readonly kind: 'wait' }
  /** Takes over what only the venue knows of a position (D9). */
  | { readonly kind: 'amend'; readonly position: PositionRef; readonly venue: VenuePosition }
  /** Nothing to change: P&L is computed from fills, a person looks at the difference (D10). */
  | { readonly kind: 'report' }
  /** Two documents of one logical position become one (D11). */
  | {
      readonly kind: 'merge';
      readonly into: PositionRef;
      readonly from: readonly PositionRef[];
    }
  /** A stop whose position is gone (D12). */
  | { readonly kind: 'cancelStop'; readonly order: OrderRef }
  /** A position without its stop at the venue (D13). */
  | { readonly kind: 'protect'; readonly position: PositionRef };

export type OrderRef = { readonly bookId: string; readonly orderId: string };

/** One difference, with what proves it and what to do. */
export type Discrepancy = {
  readonly type: DiscrepancyType;
  /** What was compared: a line's key, or an order's id. */
  readonly key: string;
  readonly severity: 'INFO' | 'WARNING' | 'CRITICAL';
  readonly symbol: string | null;
  readonly positions: readonly PositionRef[];
  readonly cause: string;
  readonly evidence: readonly string[];
  /** By field, in decimal text. */
  readonly before: Readonly<Record<string, string>>;
  readonly after: Readonly<Record<string, string>>;
  readonly action: ReconcileAction;
};

/** A difference that an earlier pass saw and that is not settled. */
export type Sighting = Pick<Discrepancy, 'type' | 'key' | 'before' | 'after'> & {
  /** Wall time of the first sight. */
  readonly at: EpochMs;
};
