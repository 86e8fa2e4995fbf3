import type { EpochMs } from '../../lib/time.ts';
import { formatDecimal } from '../../lib/units.ts';
import type {
  Discrepancy,
  DiscrepancyType,
  Import,
  ReconcileAction,
  Sighting,
} from './discrepancy.ts';
import { bookingsOf, explaining, refOf, shrink, unbooked } from './explain.ts';
import { agrees, differenceOf, type Line } from './lines.ts';
import type { VenueFill, VenuePosition } from './snapshot.ts';

/** A difference that nothing explains is acted on when a read at least so much later shows it again (D6). */
export const CONFIRM_AFTER_MS = 5_000;

/** What a line is judged on. */
export type Evidence = {
  readonly fills: readonly VenueFill[];
  readonly positions: readonly VenuePosition[];
  readonly sightings: readonly Sighting[];
  /** Wall time of the reads. */
  readonly at: EpochMs;
};

type Judged = Pick<Discrepancy, 'type' | 'severity' | 'cause' | 'evidence' | 'action'>;

/** A line's difference, with what explains it and what to do; `null` where venue and ledger agree. */
export function judgeLine(line: Line, evidence: Evidence): Discrepancy | null {
  if (agrees(line)) return null;
  const open = unbooked(line, evidence.fills);
  const judged =
    judgeOurs(line, open) ?? judgeForeign(line, open) ?? judgeUnexplained(line, evidence);
  return { ...frameOf(line), ...judged };
}

/** What is the same whatever the cause. */
export function frameOf(
  line: Line,
): Pick<Discrepancy, 'key' | 'symbol' | 'positions' | 'before' | 'after'> {
  return {
    key: line.key,
    symbol: line.positions[0]?.symbol ?? (line.market === 'futures' ? line.name : null),
    positions: line.positions.map(refOf),
    before: { quantity: formatDecimal(line.local) },
    after: { quantity: formatDecimal(line.venue) },
  };
}

const fillText = ({ fillId, side, quantity, price, venueOrderId }: VenueFill): string =>
  `fill ${fillId}: ${side} ${formatDecimal(quantity)} at ${formatDecimal(price)}, order ${venueOrderId}`;

/** Orders of ours have fills that are not booked: they are read and booked, and the rest is judged after that. */
function judgeOurs(line: Line, open: readonly VenueFill[]): Judged | null {
  const ours = open.flatMap(({ ours: order }) => (order === null ? [] : [order]));
  if (ours.length === 0) return null;
  const isMore = differenceOf(line).more > 0n;
  return {
    type: isMore ? 'D2' : 'D3',
    severity: isMore ? 'WARNING' : 'INFO',
    cause: isMore
      ? 'Fills of our own order were not booked: the position is built from them.'
      : 'Fills of our own reducing order were not booked: the position is closed by them.',
    evidence: open.filter((fill) => fill.ours !== null).map(fillText),
    action: {
      kind: 'recordOrders',
      orders: [
        ...new Map(ours.map((order) => [`${order.bookId}/${order.orderId}`, order])).values(),
      ],
    },
  };
}

/** Fills of strangers that come to exactly the difference. */
function judgeForeign(line: Line, open: readonly VenueFill[]): Judged | null {
  const fills = explaining(line, open);
  const bookings = fills === null ? null : bookingsOf(line, fills);
  if (fills === null || bookings === null) return null;
  const { type, severity } = kindOf(line);
  const proof = { evidence: fills.map(fillText) };
  if (differenceOf(line).more > 0n)
    return {
      ...proof,
      type,
      severity,
      cause: 'Somebody else bought on this account; what was bought belongs to EXTERNAL.',
      action: { kind: 'bookFills', bookings, reason: 'external_close' },
    };
  if (fills.some(({ liquidation }) => liquidation))
    return {
      ...proof,
      type: 'D4',
      severity: 'CRITICAL',
      cause: 'The venue liquidated the position.',
      action: { kind: 'bookFills', bookings, reason: 'liquidation' },
    };
  return {
    ...proof,
    type: type === 'D6' ? 'D5' : type,
    severity: 'WARNING',
    cause: 'Somebody else sold what was held here.',
    action: { kind: 'bookFills', bookings, reason: 'external_close' },
  };
}

/** A kind by quantities alone (05, section 11); D7 is critical where the venue holds more than 1.5 times as much. */
function kindOf(line: Line): {
  readonly type: DiscrepancyType;
  readonly severity: Judged['severity'];
} {
  const { venue, local, tolerance } = line;
  if (differenceOf(line).more > 0n) {
    if (local <= tolerance) return { type: 'D1', severity: 'WARNING' };
    return { type: 'D7', severity: venue * 2n > local * 3n ? 'CRITICAL' : 'WARNING' };
  }
  return venue <= tolerance
    ? { type: 'D6', severity: 'CRITICAL' }
    : { type: 'D7', severity: 'WARNING' };
}

const CAUSES: Readonly<Partial<Record<DiscrepancyType, string>>> = {
  D1: 'The venue holds what no order of ours and no fill explains.',
  D6: 'The venue holds nothing of this any more, and no fill says why.',
  D7: 'The venue holds another quantity, and no fill says why.',
};

/** The sight of the very same difference that is old enough to act on. */
export const isConfirmed = (
  seen: Pick<Discrepancy, 'type' | 'key' | 'before' | 'after'>,
  { sightings, at }: Pick<Evidence, 'sightings' | 'at'>,
): boolean =>
  sightings.some(
    (earlier) =>
      earlier.type === seen.type &&
      earlier.key === seen.key &&
      earlier.before['quantity'] === seen.before['quantity'] &&
      earlier.after['quantity'] === seen.after['quantity'] &&
      at - earlier.at >= CONFIRM_AFTER_MS,
  );

function judgeUnexplained(line: Line, evidence: Evidence): Judged {
  const { type, severity } = kindOf(line);
  const confirmed = isConfirmed({ type, ...frameOf(line) }, evidence);
  return {
    type,
    severity,
    cause: CAUSES[type] ?? '',
    evidence: [`read at ${new Date(evidence.at).toISOString()}`],
    action: confirmed ? correction(line, type, evidence) : firstSight(line, type),
  };
}

const firstSight = (line: Line, type: DiscrepancyType): ReconcileAction =>
  type === 'D6'
    ? { kind: 'markUnconfirmed', positions: line.positions.map(refOf) }
    : { kind: 'wait' };

function correction(line: Line, type: DiscrepancyType, { positions }: Evidence): ReconcileAction {
  const reason = type === 'D6' ? 'unknown_close' : 'external_close';
  const isMore = differenceOf(line).more > 0n;
  return {
    kind: 'correct',
    ...shrink(line, reason),
    imports: isMore ? [importOf(line, positions)] : [],
  };
}

/** What the venue holds beyond the ledger, as a position of nobody's strategy. */
export function importOf(line: Line, positions: readonly VenuePosition[]): Import {
  const { market, name, side } = line;
  const venue = positions.find((held) => held.symbol === name && held.side === side);
  return {
    market,
    name,
    side,
    quantity: differenceOf(line).more,
    venue: market === 'spot' ? null : (venue ?? null),
  };
}
