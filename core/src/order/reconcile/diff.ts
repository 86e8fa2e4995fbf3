import { formatDecimal, notional, subMoney, toNumber, type Money } from '../../lib/units.ts';
import { EXTERNAL } from '../../portfolio/external.ts';
import { isBusy } from './busy.ts';
import type { Discrepancy, OrderRef, PositionRef, Sighting } from './discrepancy.ts';
import { refOf, shrink } from './explain.ts';
import { frameOf, importOf, isConfirmed, judgeLine, type Evidence } from './judge-line.ts';
import { agrees, linesOf, type Line } from './lines.ts';
import type { LedgerPosition, LedgerSnapshot, VenuePosition, VenueSnapshot } from './snapshot.ts';

/** A protective order of ours that rests at the venue. */
export type RestingStop = OrderRef & { readonly positionId: string; readonly symbol: string };

/** One comparison of an account with the ledger: two looks at the ledger, and the reads at the venue between them. */
export type Comparison = {
  readonly before: LedgerSnapshot;
  readonly after: LedgerSnapshot;
  readonly venue: VenueSnapshot;
  /** Assets that are cash. */
  readonly quotes: ReadonlySet<string>;
  readonly sightings: readonly Sighting[];
  /** Protective orders at the venue, and positions that should have one; `null` where that was not read. */
  readonly stops: {
    readonly resting: readonly RestingStop[];
    readonly unprotected: readonly PositionRef[];
  } | null;
};

/** What a comparison found, and the keys of all lines that it could judge. */
export type Compared = {
  readonly found: readonly Discrepancy[];
  readonly judged: ReadonlySet<string>;
};

/**
 * Every difference between the venue and the ledger that can be judged now (05, section 11).
 *
 * What was not read, or not completely, is not judged: absence proves nothing then (EXE-51). Where an order is under
 * way nothing is judged either. A difference that no fill explains has to be seen twice, five seconds apart.
 */
export function compare(comparison: Comparison): Compared {
  const { before, after, venue, quotes, sightings } = comparison;
  if (venue.fills === null || venue.ordersBefore === null || venue.ordersAfter === null)
    return { found: [], judged: new Set() };
  const wanted = sightings.map(({ key }) => key);
  const lines = linesOf(after, venue, { quotes, wanted }).filter(
    (line) => !isBusy(line, { before, after }, venue),
  );
  const evidence: Evidence = {
    fills: venue.fills,
    positions: venue.positions ?? [],
    sightings,
    at: venue.at,
  };
  const turned = turnedSides(lines, evidence);
  const isTurned = new Set(turned.flatMap(({ keys }) => keys));
  const found = [
    ...turned.map(({ discrepancy }) => discrepancy),
    ...lines.filter(({ key }) => !isTurned.has(key)).flatMap((line) => judgeOne(line, evidence)),
    ...judgeStops(after.positions, comparison.stops),
  ];
  return { found, judged: new Set(lines.map(({ key }) => key)) };
}

/** Documents become one first: what then still differs is judged in the next pass. */
function judgeOne(line: Line, evidence: Evidence): readonly Discrepancy[] {
  const doubled = duplicates(line);
  if (doubled.length > 0) return doubled;
  const judged = judgeLine(line, evidence);
  return judged === null ? judgeFigures(line, evidence.positions) : [judged];
}

type Turned = { readonly keys: readonly string[]; readonly discrepancy: Discrepancy };

/** D8: a future that is held here on one side and there on the other, which no order of ours explains. */
function turnedSides(lines: readonly Line[], evidence: Evidence): readonly Turned[] {
  return lines.flatMap((gone) => {
    if (gone.market !== 'futures' || agrees(gone) || gone.venue > 0n) return [];
    const come = lines.find(
      (line) => line.market === 'futures' && line.name === gone.name && line.side !== gone.side,
    );
    const isTurned = come !== undefined && !agrees(come) && come.local === 0n;
    const hasOurs = evidence.fills.some(
      ({ ours, booked, symbol }) => ours !== null && !booked && symbol === gone.name,
    );
    if (!isTurned || hasOurs) return [];
    const frame = {
      ...frameOf(gone),
      type: 'D8' as const,
      before: { quantity: formatDecimal(gone.local), side: gone.side },
      after: { quantity: formatDecimal(come.venue), side: come.side },
    };
    const action = isConfirmed(frame, evidence)
      ? ({
          kind: 'correct',
          ...shrink(gone, 'external_close'),
          imports: [importOf(come, evidence.positions)],
        } as const)
      : ({ kind: 'wait' } as const);
    const discrepancy: Discrepancy = {
      ...frame,
      severity: 'CRITICAL',
      cause: 'The venue holds the other side.',
      evidence: [`read at ${new Date(evidence.at).toISOString()}`],
      action,
    };
    return [{ keys: [gone.key, come.key], discrepancy }];
  });
}

/** D9: entry prices that differ by more than this many ten-thousandths. */
const ENTRY_TOLERANCE = 10n;
/** D10: drift of P&L beyond the larger of 1 % of the value and one unit of quote. */
const DRIFT_PCT = 0.01;

/** D9 and D10: a future whose quantity agrees and whose figures do not. */
function judgeFigures(line: Line, held: readonly VenuePosition[]): readonly Discrepancy[] {
  const [position, another] = line.positions;
  if (line.market !== 'futures' || position === undefined || another !== undefined) return [];
  const venue = held.find(({ symbol, side }) => symbol === line.name && side === line.side);
  if (venue === undefined) return [];
  const { averageEntry } = position;
  const apart =
    venue.entryPrice > averageEntry
      ? venue.entryPrice - averageEntry
      : averageEntry - venue.entryPrice;
  if (apart * 10_000n > averageEntry * ENTRY_TOLERANCE)
    return [
      {
        ...frameOf(line),
        type: 'D9',
        severity: 'INFO',
        cause: 'The venue counts another entry price.',
        evidence: [],
        before: { entryPrice: formatDecimal(averageEntry) },
        after: { entryPrice: formatDecimal(venue.entryPrice) },
        action: { kind: 'amend', position: refOf(position), venue },
      },
    ];
  return judgeDrift(line, position, venue);
}

function judgeDrift(
  line: Line,
  position: LedgerPosition,
  { markPrice, unrealizedPnl }: VenuePosition,
): readonly Discrepancy[] {
  const value = notional(markPrice, position.quantity, 'floor');
  const own: Money =
    position.side === 'LONG' ? subMoney(value, position.cost) : subMoney(position.cost, value);
  const drift = Math.abs(toNumber(subMoney(own, unrealizedPnl)));
  if (drift <= Math.max(1, DRIFT_PCT * toNumber(value))) return [];
  return [
    {
      ...frameOf(line),
      type: 'D10',
      severity: 'WARNING',
      cause: 'The venue counts another unrealised result at the same price.',
      // The figures move with every price: they are no part of what the record is about.
      evidence: [
        `at ${formatDecimal(markPrice)}: ledger ${formatDecimal(own)}, venue ${formatDecimal(unrealizedPnl)}`,
      ],
      action: { kind: 'report' },
    },
  ];
}

/** Positions that are one logical position (PF-01), by what makes them one. */
function alike(positions: readonly LedgerPosition[]): readonly (readonly LedgerPosition[])[] {
  const groups = new Map<string, LedgerPosition[]>();
  for (const position of positions) {
    const { bookId, strategyId, marketKey, side } = position;
    if (strategyId === EXTERNAL) continue;
    const key = JSON.stringify([bookId, strategyId, marketKey, side]);
    groups.set(key, [...(groups.get(key) ?? []), position]);
  }
  return [...groups.values()].filter((group) => group.length > 1);
}

/** D11: documents that are one logical position. */
function duplicates(line: Line): readonly Discrepancy[] {
  return alike(line.positions).flatMap((group) => {
    const [oldest, ...others] = group;
    if (oldest === undefined) return [];
    return [
      {
        ...frameOf(line),
        type: 'D11' as const,
        key: `position/${oldest.positionId}`,
        severity: 'CRITICAL' as const,
        positions: group.map(refOf),
        cause: `${oldest.strategyId} has ${group.length} documents of one position.`,
        evidence: group.map(
          ({ positionId, quantity }) => `${positionId}: ${formatDecimal(quantity)}`,
        ),
        before: { documents: String(group.length) },
        after: { documents: '1' },
        action: { kind: 'merge', into: refOf(oldest), from: others.map(refOf) } as const,
      },
    ];
  });
}

/** D12 and D13: stops without a position, and positions without a stop. */
function judgeStops(
  positions: readonly LedgerPosition[],
  stops: Comparison['stops'],
): readonly Discrepancy[] {
  if (stops === null) return [];
  const held = new Set(positions.map(({ positionId }) => positionId));
  const orphans = stops.resting.filter(({ positionId }) => !held.has(positionId));
  return [
    ...orphans.map(({ bookId, orderId, positionId, symbol }): Discrepancy => ({
      type: 'D12',
      key: `order/${orderId}`,
      severity: 'INFO',
      symbol,
      positions: [{ bookId, positionId }],
      cause: 'A protective order rests at the venue, and its position is closed.',
      evidence: [`order ${orderId} is open`],
      before: { order: 'open' },
      after: { order: 'cancelled' },
      action: { kind: 'cancelStop', order: { bookId, orderId } },
    })),
    ...stops.unprotected.map((position): Discrepancy => ({
      type: 'D13',
      key: `position/${position.positionId}`,
      severity: 'WARNING',
      symbol:
        positions.find(({ positionId }) => positionId === position.positionId)?.symbol ?? null,
      positions: [position],
      cause: 'A position has no protective order at the venue.',
      evidence: ['no open order protects it'],
      before: { stop: 'none' },
      after: { stop: 'placed' },
      action: { kind: 'protect', position },
    })),
  ];
}
