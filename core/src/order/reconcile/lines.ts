import { addQty, subQty, ZERO_QTY, type Qty } from '../../lib/units.ts';
import { EXTERNAL } from '../../portfolio/external.ts';
import type { LedgerDust, LedgerPosition, LedgerSnapshot, VenueSnapshot } from './snapshot.ts';

/**
 * What is compared with one figure of the venue. Spot is an asset's balance, whatever it was bought with, and dust
 * counts; a future is a symbol and a side, so that hedge mode works (EXE-52).
 */
export type Line = {
  /** `spot/BTC` or `futures/BTC-USDT/LONG`. */
  readonly key: string;
  readonly market: 'spot' | 'futures';
  /** The asset of spot, the symbol of a future. */
  readonly name: string;
  readonly side: 'LONG' | 'SHORT';
  readonly venue: Qty;
  /** Positions and dust. */
  readonly local: Qty;
  /** A difference up to this is none: the largest lot step of what is held here, zero where that is unknown. */
  readonly tolerance: Qty;
  /** Oldest first; those of EXTERNAL last, since they are what a foreign hand changes first. */
  readonly positions: readonly LedgerPosition[];
  readonly dust: readonly LedgerDust[];
};

/** What makes a line one. */
type Place = Pick<Line, 'market' | 'name' | 'side'>;

const keyOf = (line: Place): string =>
  line.market === 'spot' ? `spot/${line.name}` : `futures/${line.name}/${line.side}`;

/** The place that a line's key names; `null` for keys of documents. */
function placeOf(key: string): Place | null {
  const [market, name = '', side] = key.split('/');
  if (market === 'spot') return { market, name, side: 'LONG' };
  return market === 'futures' ? { market, name, side: side === 'SHORT' ? 'SHORT' : 'LONG' } : null;
}

export const nameOf = ({
  market,
  base,
  symbol,
}: Pick<LedgerPosition, 'market' | 'base' | 'symbol'>) => (market === 'spot' ? base : symbol);

type Draft = { -readonly [K in keyof Line]: Line[K] } & {
  positions: LedgerPosition[];
  dust: LedgerDust[];
};

function byAge(a: LedgerPosition, b: LedgerPosition): number {
  if ((a.strategyId === EXTERNAL) !== (b.strategyId === EXTERNAL))
    return a.strategyId === EXTERNAL ? 1 : -1;
  if (a.openedAt !== b.openedAt) return a.openedAt - b.openedAt;
  return a.positionId < b.positionId ? -1 : 1;
}

/** Which lines are asked for. */
type LinesWanted = {
  /** Assets that are cash, which the balance sync compares. */
  readonly quotes: ReadonlySet<string>;
  /**
   * Keys that get a line even where neither side holds anything any more: a difference that was recorded there is over,
   * and nothing else would say so.
   */
  readonly wanted?: readonly string[];
};

/**
 * Venue and ledger side by side, in a stable order. What was not read has no line: no figure is no zero (EXE-51).
 */
export function linesOf(
  ledger: LedgerSnapshot,
  venue: Pick<VenueSnapshot, 'balances' | 'positions'>,
  { quotes, wanted = [] }: LinesWanted,
): readonly Line[] {
  const drafts = new Map<string, Draft>();
  const draft = (at: Place): Draft => {
    const key = keyOf(at);
    const known = drafts.get(key);
    if (known !== undefined) return known;
    const made: Draft = {
      key,
      market: at.market,
      name: at.name,
      side: at.side,
      venue: ZERO_QTY,
      local: ZERO_QTY,
      tolerance: ZERO_QTY,
      positions: [],
      dust: [],
    };
    drafts.set(key, made);
    return made;
  };
  const count = (line: Draft, quantity: Qty, lotSize: Qty): void => {
    line.local = addQty(line.local, quantity);
    if (lotSize > line.tolerance) line.tolerance = lotSize;
  };
  for (const position of ledger.positions) {
    const line = draft({ ...position, name: nameOf(position) });
    count(line, position.quantity, position.lotSize);
    line.positions.push(position);
  }
  for (const dust of ledger.dust) {
    const line = draft({ market: 'spot', name: dust.base, side: 'LONG' });
    count(line, dust.quantity, dust.lotSize);
    line.dust.push(dust);
  }
  for (const [asset, total] of Object.entries(venue.balances ?? {}))
    if (total > 0n && !quotes.has(asset))
      draft({ market: 'spot', name: asset, side: 'LONG' }).venue = total;
  for (const { symbol, side, quantity } of venue.positions ?? []) {
    if (quantity === 0n) continue;
    const line = draft({ market: 'futures', name: symbol, side });
    line.venue = addQty(line.venue, quantity);
  }
  for (const key of wanted) {
    const place = placeOf(key);
    if (place !== null) draft(place);
  }
  const wasRead = { spot: venue.balances !== null, futures: venue.positions !== null };
  return [...drafts.values()]
    .filter(({ market }) => wasRead[market])
    .map((line) => ({ ...line, positions: line.positions.toSorted(byAge) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** How much more the venue holds than the ledger, or less: one of the two is zero. */
export function differenceOf({ venue, local }: Pick<Line, 'venue' | 'local'>): {
  readonly more: Qty;
  readonly less: Qty;
} {
  return venue > local
    ? { more: subQty(venue, local), less: ZERO_QTY }
    : { more: ZERO_QTY, less: subQty(local, venue) };
}

/**
 * True where the two agree to within one lot step. What only one of them has must be less than that: a whole step can
 * be traded, and a venue that has nothing of it refuses every exit.
 */
export function agrees(line: Line): boolean {
  const { venue, local, tolerance } = line;
  const { more, less } = differenceOf(line);
  const apart = more > less ? more : less;
  if (venue === 0n || local === 0n) return apart === 0n || apart < tolerance;
  return apart <= tolerance;
}

/** Lines that differ: the only ones that cost another look. */
export const differing = (lines: readonly Line[]): readonly Line[] =>
  lines.filter((line) => !agrees(line));
