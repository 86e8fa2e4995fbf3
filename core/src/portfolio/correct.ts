import { marketKindOf } from '../instrument/instrument.ts';
import type { EpochMs } from '../lib/time.ts';
import {
  addMoney,
  addQty,
  averagePrice,
  negMoney,
  notional,
  subMoney,
  subQty,
  ZERO_MONEY,
  ZERO_QTY,
  type Money,
  type Price,
  type Qty,
} from '../lib/units.ts';
import type { CloseReason } from '../order/intent.ts';
import { balancedPostings, type Posting } from './accounts.ts';
import { sharesOf } from './change-position.ts';
import type { Dust } from './dust.ts';
import { EXTERNAL, unprotected } from './external.ts';
import type { RoundTrip } from './fill-effect.ts';
import type { Position } from './position.ts';
import { closed } from './settle.ts';
import { withExit } from './tranches.ts';

/** What a correction without fills moves. No cash: that is for the balance sync to find (EXE-55). */
export type Correction = {
  /** To add to the book's realised P&L. */
  readonly realizedPnl: Money;
  /** Cost of what came to the book without cash; negative of what left it. It counts as a deposit in kind. */
  readonly inKind: Money;
  /** Empty where no amount moves. */
  readonly postings: readonly Posting[];
};

export type PositionCorrection = Correction & {
  readonly position: Position;
  /** Set when it closed a position of which something was sold before. */
  readonly trade: RoundTrip | null;
};

/** Spot quantities have their cost in the books; those of futures have not. */
const isInventory = (marketKey: string): boolean => marketKindOf(marketKey) !== 'futures';

/** What goes without being sold: at cost, and the entry fees that it carries are spent. */
function takenOut(
  { marketKey }: Pick<Position, 'marketKey'>,
  { cost, entryFees }: { readonly cost: Money; readonly entryFees: Money },
): Correction {
  const left = isInventory(marketKey) ? cost : ZERO_MONEY;
  const postings: readonly Posting[] = [
    { account: 'inventory', amount: negMoney(left) },
    { account: 'capital', amount: left },
    { account: 'fees', amount: negMoney(entryFees) },
    { account: 'spentFees', amount: entryFees },
  ];
  return {
    realizedPnl: negMoney(entryFees),
    inKind: negMoney(left),
    postings: balancedPostings(
      postings.filter(({ amount }) => amount !== 0n),
      `a correction of ${marketKey}`,
    ),
  };
}

/**
 * A position that is smaller than the ledger has it, with no fill that says why: nobody knows at what price it went,
 * so that it leaves at cost. At zero it is closed.
 */
export function shrinkPosition(
  position: Position,
  { to, reason, now }: { readonly to: Qty; readonly reason: CloseReason; readonly now: EpochMs },
): PositionCorrection {
  const shares = sharesOf(position, subQty(position.quantity, to));
  const correction = takenOut(position, shares);
  const shrunk: Position = {
    ...position,
    quantity: to,
    cost: subMoney(position.cost, shares.cost),
    entryFees: subMoney(position.entryFees, shares.entryFees),
    realizedPnl: addMoney(position.realizedPnl, correction.realizedPnl),
    tranches: withExit(position, subQty(position.quantity, to)),
    status: position.status === 'CLOSING_UNCONFIRMED' ? 'OPEN' : position.status,
  };
  if (to > 0n) return { ...correction, position: shrunk, trade: null };
  const end = closed({ position: { ...shrunk, closeReason: reason }, now });
  return { ...correction, position: end.position, trade: end.trade };
}

/** Dust that is gone: venues convert it, and tell nobody. */
export function shrinkDust(
  marketKey: string,
  { dust, less }: { readonly dust: Dust; readonly less: Qty },
): Correction & { readonly dust: Dust } {
  const gone = sharesOf(dust, less);
  return {
    ...takenOut({ marketKey }, gone),
    dust: {
      quantity: subQty(dust.quantity, less),
      cost: subMoney(dust.cost, gone.cost),
      entryFees: subMoney(dust.entryFees, gone.entryFees),
    },
  };
}

/** What the venue holds and nobody here bought. */
export type Found = Pick<
  Position,
  'positionId' | 'bookId' | 'marketKey' | 'symbol' | 'side' | 'quantity'
> & { readonly price: Price; readonly now: EpochMs };

/** Takes over what the venue holds at a price: a position of EXTERNAL, or more of the one that is there. */
export function importPosition(found: Found, known: Position | null): PositionCorrection {
  const { marketKey, price, quantity, side, now } = found;
  const cost = notional(price, quantity, 'floor');
  const came = isInventory(marketKey) ? cost : ZERO_MONEY;
  const before = known ?? emptyExternal(found);
  const total = addQty(before.quantity, quantity);
  const totalCost = addMoney(before.cost, cost);
  return {
    realizedPnl: ZERO_MONEY,
    inKind: came,
    postings:
      came === ZERO_MONEY
        ? []
        : [
            { account: 'inventory', amount: came },
            { account: 'capital', amount: negMoney(came) },
          ],
    position: {
      ...before,
      status: 'OPEN',
      quantity: total,
      cost: totalCost,
      averageEntry: averagePrice(totalCost, total, 'floor'),
      protection: unprotected(side, price),
      lastFillAt: now,
    },
    trade: null,
  };
}

const emptyExternal = ({
  positionId,
  bookId,
  marketKey,
  symbol,
  side,
  price,
  now,
}: Found): Position => ({
  positionId,
  bookId,
  strategyId: EXTERNAL,
  marketKey,
  symbol,
  side,
  status: 'OPEN',
  quantity: ZERO_QTY,
  cost: ZERO_MONEY,
  entryFees: ZERO_MONEY,
  averageEntry: price,
  realizedPnl: ZERO_MONEY,
  fees: ZERO_MONEY,
  protection: unprotected(side, price),
  openedAt: now,
  lastFillAt: now,
  closeIntentId: null,
  closeReason: null,
  closedAt: null,
  exitPrice: null,
  exitedQuantity: ZERO_QTY,
  exitedQuote: ZERO_MONEY,
});

/** One position of several documents of it (D11): `into` with all that the others hold; those end empty. */
export function mergePositions<P extends Position>(
  into: P,
  others: readonly P[],
  now: EpochMs,
): { readonly into: P; readonly ended: readonly P[] } {
  const merged = others.reduce<P>((sum, other) => {
    const quantity = addQty(sum.quantity, other.quantity);
    const cost = addMoney(sum.cost, other.cost);
    const exitedQuantity = addQty(sum.exitedQuantity, other.exitedQuantity);
    const exitedQuote = addMoney(sum.exitedQuote, other.exitedQuote);
    return {
      ...sum,
      quantity,
      cost,
      entryFees: addMoney(sum.entryFees, other.entryFees),
      realizedPnl: addMoney(sum.realizedPnl, other.realizedPnl),
      fees: addMoney(sum.fees, other.fees),
      averageEntry: quantity > 0n ? averagePrice(cost, quantity, 'floor') : sum.averageEntry,
      exitedQuantity,
      exitedQuote,
      decided: null,
      tranches: [],
      exitPrice: exitedQuantity > 0n ? averagePrice(exitedQuote, exitedQuantity, 'floor') : null,
    };
  }, into);
  const ended = others.map((other) => ({
    ...other,
    status: 'CLOSED' as const,
    quantity: ZERO_QTY,
    cost: ZERO_MONEY,
    entryFees: ZERO_MONEY,
    realizedPnl: ZERO_MONEY,
    fees: ZERO_MONEY,
    exitedQuantity: ZERO_QTY,
    exitedQuote: ZERO_MONEY,
    decided: null,
    exitPrice: null,
    closedAt: now,
  }));
  return { into: merged, ended };
}
