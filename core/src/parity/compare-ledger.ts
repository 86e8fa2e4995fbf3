import type { EpochMs } from '../lib/time.ts';
import type { RoundTrip } from '../portfolio/fill-effect.ts';
import type { Position } from '../portfolio/position.ts';
import { compareFields, shown, type FieldDifference } from './compare-fields.ts';
import { feeDifferences, fieldsDifference, orderDifferences, type Of } from './compare-orders.ts';
import type { Difference } from './difference.ts';
import { groupBy } from './group-by.ts';
import type { Ledger, LedgerFill } from './ledger.ts';
import { replayPosition, type PositionStep, type ReplayFault } from './replay-position.ts';

/** What the ledger's fills add up to, and where its other documents say otherwise. */
export type LedgerReplay = {
  /** Positions after each of their fills, oldest fill first. */
  readonly steps: readonly PositionStep[];
  readonly differences: readonly Difference[];
};

const POSITION_FIELDS = [
  'side',
  'quantity',
  'cost',
  'entryFees',
  'averageEntry',
  'realizedPnl',
  'fees',
  'openedAt',
  'lastFillAt',
  'closedAt',
  'exitPrice',
  'exitedQuantity',
  'exitedQuote',
] as const satisfies readonly (keyof Position)[];

const TRADE_FIELDS = [
  'side',
  'entryPrice',
  'exitPrice',
  'quantity',
  'fees',
  'netPnl',
  'netPnlPct',
  'holdMs',
  'exitReason',
  'outcome',
  'openedAt',
  'closedAt',
] as const satisfies readonly (keyof RoundTrip)[];

/** Oldest first; the venue's trade ids break ties. */
const byTime = (a: LedgerFill, b: LedgerFill): number =>
  a.at === b.at ? a.fillId.localeCompare(b.fillId, 'en', { numeric: true }) : a.at - b.at;

function faultDifference(of: Of, { fill, fault }: ReplayFault): Difference {
  const { kind, ...numbers } = fault;
  const told = Object.entries(numbers).map(([name, value]) => `${name} ${shown(value)}`);
  return {
    ...of,
    at: fill.at,
    cause: 'fill',
    expected: `${fill.side} ${shown(fill.quantity)} at ${shown(fill.price)}`,
    found: [kind, ...told].join(', '),
    detail: `Fill ${fill.fillId} of order ${fill.orderId} can not be booked on position ${fill.positionId}.`,
  };
}

/** A document that fills make, beside the one on record. */
type Pair<D> = { readonly made: D | null | undefined; readonly stored: D | undefined };

type About = { readonly name: string; readonly at: EpochMs; readonly cause: 'fill' | 'fee' };

function pairDifference<D>(
  of: Of,
  { name, at, cause }: About,
  {
    made,
    stored,
    compare,
  }: Pair<D> & { compare: (made: D, stored: D) => readonly FieldDifference[] },
): readonly Difference[] {
  const isMade = made !== null && made !== undefined;
  if (isMade && stored !== undefined) {
    const fields = compare(made, stored);
    const detail = `The ${name} is not what its fills add up to.`;
    return fields.length === 0 ? [] : [fieldsDifference(of, { at, cause, fields, detail })];
  }
  if (!isMade && stored === undefined) return [];
  const [expected, found] = isMade ? [name, 'none'] : ['none', name];
  const detail = isMade
    ? `The fills make a ${name}, but the ledger has none.`
    : `The ledger has a ${name}, but no fills make it.`;
  return [{ ...of, at, cause, expected, found, detail }];
}

function positionReplay(of: Of, ledger: Ledger, positionId: string): LedgerReplay {
  const fills = ledger.fills.filter((fill) => fill.positionId === positionId).sort(byTime);
  const orders = new Map(ledger.orders.map((order) => [order.orderId, order]));
  const position = ledger.positions.find((one) => one.positionId === positionId);
  const trade = ledger.trades.find(({ tradeId }) => tradeId === positionId);
  const closedAt = position?.closedAt ?? null;
  const replayed = replayPosition({ fills, orders, instrument: ledger.instrument, closedAt });
  const ofOrders = [...groupBy(fills, ({ orderId }) => orderId)].flatMap(([orderId, own]) => {
    const order = orders.get(orderId);
    return order === undefined ? [] : orderDifferences(of, order, own);
  });
  if (!replayed.ok)
    return { steps: [], differences: [...ofOrders, faultDifference(of, replayed.error)] };
  const { steps, trade: made } = replayed.value;
  const ofFees = feeDifferences(of, steps);
  // What differs because of a wrong fee says so.
  const cause = ofOrders.length === 0 && ofFees.length > 0 ? 'fee' : 'fill';
  const at = fills.at(-1)?.at ?? position?.lastFillAt ?? trade?.closedAt;
  if (at === undefined) return { steps, differences: [] };
  return {
    steps,
    differences: [
      ...ofOrders,
      ...ofFees,
      ...pairDifference(
        of,
        { name: `position ${positionId}`, at, cause },
        {
          made: steps.at(-1)?.position,
          stored: position,
          compare: (a, b) => compareFields(a, b, POSITION_FIELDS),
        },
      ),
      ...pairDifference(
        of,
        { name: `trade ${positionId}`, at, cause },
        {
          made,
          stored: trade,
          compare: (a, b) => compareFields(a, b, TRADE_FIELDS),
        },
      ),
    ],
  };
}

/** Orders that say they were filled and of which the ledger holds no fill. */
const unfilled = (of: Of, { orders, fills }: Ledger): readonly Difference[] => {
  const known = new Set(fills.map(({ orderId }) => orderId));
  return orders
    .filter(({ orderId }) => !known.has(orderId))
    .flatMap((order) => orderDifferences(of, order, []));
};

/**
 * Works every position, trade and fee out again from the fills alone, and says where the ledger has something else:
 * quantities, prices, fees and P&L to the last decimal.
 */
export function compareLedger(of: Of, ledger: Ledger): LedgerReplay {
  const ids = new Set([
    ...ledger.positions.map(({ positionId }) => positionId),
    ...ledger.fills.map(({ positionId }) => positionId),
  ]);
  const all = [...ids].map((positionId) => positionReplay(of, ledger, positionId));
  return {
    steps: all.flatMap(({ steps }) => steps).sort((a, b) => byTime(a.fill, b.fill)),
    differences: [...all.flatMap(({ differences }) => differences), ...unfilled(of, ledger)].sort(
      (a, b) => a.at - b.at,
    ),
  };
}
