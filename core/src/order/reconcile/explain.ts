import { addQty, minQty, subQty, ZERO_QTY, type Qty } from '../../lib/units.ts';
import { EXTERNAL } from '../../portfolio/external.ts';
import type { Booking, DustLoss, PositionRef, Resize } from './discrepancy.ts';
import { differenceOf, type Line } from './lines.ts';
import type { LedgerPosition, VenueFill } from './snapshot.ts';

/** Fills of a line that are not booked, oldest first. */
export const unbooked = (line: Line, fills: readonly VenueFill[]): readonly VenueFill[] =>
  fills.filter(
    ({ market, symbol, booked }) => !booked && market === line.market && isOf(line, symbol),
  );

const isOf = ({ market, name }: Line, symbol: string): boolean =>
  market === 'spot' ? symbol.split('-')[0] === name : symbol === name;

/** What a fill adds to its line, or takes from it. */
function effectOf(line: Line, fill: VenueFill): { readonly adds: boolean; readonly quantity: Qty } {
  const adds = (fill.side === 'BUY') === (line.side === 'LONG');
  const inBase = line.market === 'spot' && fill.feeCurrency === line.name;
  if (!inBase) return { adds, quantity: fill.quantity };
  return adds
    ? { adds, quantity: subQty(fill.quantity, minQty(fill.fee, fill.quantity)) }
    : { adds, quantity: addQty(fill.quantity, fill.fee) };
}

/**
 * The newest fills of strangers that together are the line's difference; `null` where none are. All of one kind: a
 * purchase and a sale that nearly cancel prove nothing about what is left.
 */
export function explaining(line: Line, foreign: readonly VenueFill[]): readonly VenueFill[] | null {
  const { more, less } = differenceOf(line);
  const wanted = more > 0n ? more : less;
  let sum = ZERO_QTY;
  for (let index = foreign.length - 1; index >= 0; index -= 1) {
    const fill = foreign[index];
    if (fill === undefined) break;
    const { adds, quantity } = effectOf(line, fill);
    if (adds !== more > 0n) break;
    sum = addQty(sum, quantity);
    if (isNear(sum, wanted, line.tolerance)) return foreign.slice(index);
  }
  return null;
}

const isNear = (a: Qty, b: Qty, within: Qty): boolean =>
  (a > b ? subQty(a, b) : subQty(b, a)) <= within;

export const refOf = ({ bookId, positionId }: LedgerPosition): PositionRef => ({
  bookId,
  positionId,
});

/** What a foreign hand is taken to have sold first: what is nobody's strategy's, then the newest. */
const reductionOrder = ({ positions }: Line): readonly LedgerPosition[] => positions.toReversed();

/**
 * Each fill with the position that it reduces, or that it enlarges: EXTERNAL. `null` when a fill fits into none as a
 * whole; its quantity is then corrected without it.
 */
export function bookingsOf(line: Line, fills: readonly VenueFill[]): readonly Booking[] | null {
  const left = reductionOrder(line).map((position) => ({ position, quantity: position.quantity }));
  const bookings: Booking[] = [];
  for (const fill of fills) {
    const { adds, quantity } = effectOf(line, fill);
    if (adds) {
      bookings.push({ fill, position: null });
      continue;
    }
    const target = left.find((held) => held.quantity >= quantity && held.quantity > 0n);
    if (target === undefined) return null;
    target.quantity = subQty(target.quantity, quantity);
    bookings.push({ fill, position: refOf(target.position) });
  }
  return bookings;
}

/**
 * Takes what is missing at the venue from the ledger: from EXTERNAL, then from dust, which venues convert, then from
 * the newest position. Together exactly the difference, so that the line agrees afterwards.
 */
export function shrink(
  line: Line,
  reason: Resize['reason'],
): { readonly resizes: readonly Resize[]; readonly dust: readonly DustLoss[] } {
  let missing = differenceOf(line).less;
  const resizes: Resize[] = [];
  const dust: DustLoss[] = [];
  const take = (available: Qty): Qty => {
    const taken = minQty(available, missing);
    missing = subQty(missing, taken);
    return taken;
  };
  const takeFrom = (positions: readonly LedgerPosition[]): void => {
    for (const position of positions) {
      if (missing === 0n) return;
      const taken = take(position.quantity);
      if (taken === 0n) continue;
      resizes.push({ ...refOf(position), to: subQty(position.quantity, taken), reason });
    }
  };
  const order = reductionOrder(line);
  takeFrom(order.filter(({ strategyId }) => strategyId === EXTERNAL));
  for (const { bookId, marketKey, quantity } of line.dust) {
    const less = take(quantity);
    if (less > 0n) dust.push({ bookId, marketKey, less });
  }
  takeFrom(order.filter(({ strategyId }) => strategyId !== EXTERNAL));
  return { resizes, dust };
}
