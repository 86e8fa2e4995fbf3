/** Bounds of the silence after which a symbol is stale (MD-61). */
const SHORTEST_MS = 10_000;
const LONGEST_MS = 120_000;
/** … and in between, this many times the median gap between its trades. */
const GAPS = 20;

/** Gaps are counted in cells of this length: what is longer than the last cell is past the cap anyway. */
const CELL_MS = 50;
const CELLS = LONGEST_MS / GAPS / CELL_MS + 1;
/** The median is of this many gaps. */
const WINDOW = 64;

/**
 * How often one symbol trades, and whether it may: plain data that survives JSON.
 *
 * The gaps are a ring of cell numbers and a count by cell, so that a trade costs the same however many there were,
 * and only who asks for the median walks through the counts.
 */
export type SymbolState = {
  /** Time of the newest trade; -1 before the first. */
  lastTradeAt: number;
  gaps: number[];
  next: number;
  readonly counts: number[];
  /** `reopened`: trading is allowed again, and no trade has told the new price yet. */
  halt: 'none' | 'halted' | 'reopened';
};

/**
 * `stale` pauses entries; stops go on by quotes or REST (MD-61). `halted` and `closed` pause stops as well, since no
 * price of before is a price now; neither is staleness (MD-68). `unknown`: there was no trade yet.
 */
export type SymbolStatus = 'live' | 'stale' | 'closed' | 'halted' | 'unknown';

export const symbolInit = (): SymbolState => ({
  lastTradeAt: -1,
  gaps: [],
  next: 0,
  counts: Array.from({ length: CELLS }, () => 0),
  halt: 'none',
});

const add = (counts: number[], cell: number, by: number): void => {
  counts[cell] = (counts[cell] ?? 0) + by;
};

/** A trade at `at`, changing `state` in place. */
export function symbolTrade(state: SymbolState, at: number): void {
  if (state.halt === 'reopened') state.halt = 'none';
  if (at < state.lastTradeAt) return;
  if (state.lastTradeAt >= 0) {
    const cell = Math.min(CELLS - 1, Math.floor((at - state.lastTradeAt) / CELL_MS));
    if (state.gaps.length < WINDOW) state.gaps.push(cell);
    else {
      add(state.counts, state.gaps[state.next] ?? 0, -1);
      state.gaps[state.next] = cell;
      state.next = (state.next + 1) % WINDOW;
    }
    add(state.counts, cell, 1);
  }
  state.lastTradeAt = at;
}

/** The venue halted the symbol: nothing is decided on it until a trade after it was reopened (MD-68). */
export function symbolHalted(state: SymbolState): void {
  state.halt = 'halted';
}

/** The venue opened the symbol again. */
export function symbolReopened(state: SymbolState): void {
  if (state.halt === 'halted') state.halt = 'reopened';
}

/** Median gap between the last trades, rounded up to 50 ms; `undefined` before the second trade. */
export function medianGapMs({ gaps, counts }: SymbolState): number | undefined {
  if (gaps.length === 0) return undefined;
  let left = gaps.length / 2;
  for (let cell = 0; cell < CELLS; cell += 1) {
    left -= counts[cell] ?? 0;
    if (left <= 0) return (cell + 1) * CELL_MS;
  }
  return LONGEST_MS;
}

/** Silence after which the symbol is stale: twenty usual gaps, from 10 s to 2 min (MD-61). */
export const staleAfterMs = (state: SymbolState): number =>
  Math.min(LONGEST_MS, Math.max(SHORTEST_MS, GAPS * (medianGapMs(state) ?? LONGEST_MS)));

/** Judges a symbol at `now`. @param isOpen By the venue's calendar. */
export function symbolStatus(
  state: SymbolState,
  now: number,
  { isOpen }: { readonly isOpen: boolean },
): SymbolStatus {
  if (!isOpen) return 'closed';
  if (state.halt !== 'none') return 'halted';
  if (state.lastTradeAt < 0) return 'unknown';
  return now - state.lastTradeAt <= staleAfterMs(state) ? 'live' : 'stale';
}

/** A position may be opened. */
export const maySymbolEnter = (status: SymbolStatus): boolean => status === 'live';

/** Stops are evaluated: on trades while live, on quotes or REST while stale. */
export const maySymbolStop = (status: SymbolStatus): boolean =>
  status === 'live' || status === 'stale';
