import { TIMEFRAMES, type Timeframe } from '../market/market.ts';
import type { EngineBar } from './bar.ts';

/** How far back the tape reaches: the longest timeframe, and the last hour's drift. */
const REACH_MS = TIMEFRAMES['1h'];

/** One base bar, prices in quote, volumes in whole lots, so that sums and ratios of them are exact. */
type Cell = {
  readonly openAt: number;
  readonly close: number;
  readonly volume: number;
  /** Lots that aggressors bought; `null` where the source does not tell. */
  readonly bought: number | null;
  readonly trades: number;
  /** Trades whose aggressor bought; `null` where the source does not tell. */
  readonly buys: number | null;
  readonly incomplete: boolean;
};

/** The last bars that an engine was fed, an hour of them and one. JSON-able. */
export type BarTape = {
  readonly barMs: number;
  readonly size: number;
  /** Ring of the last `size` bars. */
  readonly cells: Cell[];
  /** Where the next one goes. */
  slot: number;
};

export const tapeInit = (base: Timeframe): BarTape => {
  const barMs = TIMEFRAMES[base];
  return { barMs, size: REACH_MS / barMs + 1, cells: [], slot: 0 };
};

/** Takes the next closed base bar, in place. */
export function tapeNext(tape: BarTape, bar: EngineBar, lotSize: number): void {
  tape.cells[tape.slot] = {
    openAt: bar.openAt,
    close: bar.close,
    volume: Math.round(bar.volume / lotSize),
    bought: bar.buyVolume === null ? null : Math.round(bar.buyVolume / lotSize),
    trades: bar.trades,
    buys: bar.buyTrades ?? null,
    incomplete: bar.incomplete,
  };
  tape.slot = (tape.slot + 1) % tape.size;
}

/** The bar `back` places before the last one, if none is missing in between. */
function cellBack({ cells, slot, size, barMs }: BarTape, back: number): Cell | undefined {
  const last = cells[(slot + size - 1) % size];
  const cell = cells[(slot + 2 * size - 1 - back) % size];
  return last !== undefined && cell?.openAt === last.openAt - back * barMs ? cell : undefined;
}

/** What was traded in a stretch of time that ends with the last bar; volumes in lots. */
export type BarFlow = {
  readonly volume: number;
  /** `null` where a bar of the stretch does not tell it: never a default. */
  readonly bought: number | null;
  readonly trades: number;
  readonly buys: number | null;
};

const plus = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? null : a + b;

/** Sums over the last `ms`; `undefined` where a bar of them is missing or known to be incomplete. */
export function flowOver(tape: BarTape, ms: number): BarFlow | undefined {
  const bars = ms / tape.barMs;
  let flow: BarFlow = { volume: 0, bought: 0, trades: 0, buys: 0 };
  for (let back = 0; back < bars; back += 1) {
    const cell = cellBack(tape, back);
    if (cell === undefined || cell.incomplete) return undefined;
    flow = {
      volume: flow.volume + cell.volume,
      bought: plus(flow.bought, cell.bought),
      trades: flow.trades + cell.trades,
      buys: plus(flow.buys, cell.buys),
    };
  }
  return flow;
}

/** The close before the last `ms`, in quote; `undefined` where a bar since then is missing. */
export const closeBefore = (tape: BarTape, ms: number): number | undefined =>
  cellBack(tape, ms / tape.barMs)?.close;
