import type { FloatColumns } from '@tradewind/adapters/archive/float-columns';
import { TIMEFRAMES, type Timeframe } from '@tradewind/core/market/market';
import { Fault } from '../lib/fault.ts';

export const columnOf = (columns: FloatColumns, name: string): Float64Array => {
  const column = columns[name];
  if (column === undefined) throw new Error(`Invariant: a column ${name} was read`);
  return column;
};

/** The rows in the order of their times; those of one time stay in the order that they came in. */
export function inOrder(columns: FloatColumns): FloatColumns {
  const at = columnOf(columns, 'ts');
  const isSorted = at.every((value, row) => row === 0 || value >= (at[row - 1] ?? Infinity));
  if (isSorted) return columns;
  const order = Uint32Array.from(at, (_, row) => row).sort((a, b) => {
    const difference = (at[a] ?? 0) - (at[b] ?? 0);
    return difference === 0 ? a - b : difference;
  });
  return Object.fromEntries(
    Object.entries(columns).map(([name, column]) => [
      name,
      Float64Array.from(order, (row) => column[row] ?? Number.NaN),
    ]),
  );
}

/** The rows whose time lies in `[from, to)`. */
export function within(columns: FloatColumns, from: number, to: number): FloatColumns {
  const at = columnOf(columns, 'ts');
  const first = firstNotBefore(at, from);
  const end = firstNotBefore(at, to);
  if (first === 0 && end === at.length) return columns;
  return Object.fromEntries(
    Object.entries(columns).map(([name, column]) => [name, column.slice(first, end)]),
  );
}

function firstNotBefore(at: Float64Array, moment: number): number {
  let [low, high] = [0, at.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((at[middle] ?? Infinity) < moment) low = middle + 1;
    else high = middle;
  }
  return low;
}

const LENGTHS = Object.entries(TIMEFRAMES) as readonly (readonly [Timeframe, number])[];

/** Milliseconds that most rows are apart; 0 for fewer than two. */
export function usualStep(at: Float64Array): number {
  const steps = new Map<number, number>();
  for (let row = 1; row < Math.min(at.length, 10_000); row += 1) {
    const step = (at[row] ?? 0) - (at[row - 1] ?? 0);
    steps.set(step, (steps.get(step) ?? 0) + 1);
  }
  const [usual] = [...steps].reduce((a, b) => (b[1] > a[1] ? b : a), [0, 0]);
  return usual;
}

/** The length that most candles are apart. @throws Fault when it is none that strategies decide on. */
export function timeframeOf(at: Float64Array, place: string): Timeframe {
  const usual = usualStep(at);
  const found = LENGTHS.find(([, length]) => length === usual);
  if (found !== undefined) return found[0];
  throw new Fault(
    `The candles of ${place} are ${usual / 1_000} s apart; strategies decide on candles of ${LENGTHS.map(([name]) => name).join(', ')}.`,
  );
}

/** Trades as candles of one minute: the first and the last may lack some of theirs, and say so. */
export function barsOfTrades(columns: FloatColumns): FloatColumns {
  const [at, price] = [columnOf(columns, 'ts'), columnOf(columns, 'price')];
  const [size, side] = [columnOf(columns, 'size'), columnOf(columns, 'side')];
  const length = TIMEFRAMES['1m'];
  const start = Math.floor((at[0] ?? 0) / length) * length;
  const count = at.length === 0 ? 0 : Math.floor(((at.at(-1) ?? 0) - start) / length) + 1;
  const make = (): Float64Array => new Float64Array(count);
  const bars = {
    ts: make(),
    open: make(),
    high: make(),
    low: make(),
    close: make(),
    volume: make(),
    buyVolume: make(),
    trades: make(),
    buyTrades: make(),
    incomplete: make(),
  };
  let [trade, last] = [0, price[0] ?? 0];
  for (let row = 0; row < count; row += 1) {
    const openAt = start + row * length;
    bars.ts[row] = openAt;
    // A minute without trades repeats the price before it (MD-44).
    let [open, high, low] = [Number.NaN, last, last];
    for (; trade < at.length && (at[trade] ?? 0) < openAt + length; trade += 1) {
      const px = price[trade] ?? last;
      if (Number.isNaN(open)) [open, high, low] = [px, px, px];
      high = Math.max(high, px);
      low = Math.min(low, px);
      last = px;
      bars.volume[row] = (bars.volume[row] ?? 0) + (size[trade] ?? 0);
      if ((side[trade] ?? 0) > 0) {
        bars.buyVolume[row] = (bars.buyVolume[row] ?? 0) + (size[trade] ?? 0);
        bars.buyTrades[row] = (bars.buyTrades[row] ?? 0) + 1;
      }
      bars.trades[row] = (bars.trades[row] ?? 0) + 1;
    }
    bars.open[row] = Number.isNaN(open) ? last : open;
    bars.high[row] = high;
    bars.low[row] = low;
    bars.close[row] = last;
  }
  if (count > 0) {
    bars.incomplete[0] = at[0] === start ? 0 : 1;
    bars.incomplete[count - 1] = 1;
  }
  return bars;
}
