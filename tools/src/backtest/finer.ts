import { createHash } from 'node:crypto';
import type { FloatColumns } from '@tradewind/adapters/archive/float-columns';
import type { FinerBars } from '@tradewind/core/backtest/data';
import { TIMEFRAMES } from '@tradewind/core/market/market';
import { Fault } from '../lib/fault.ts';
import { columnOf, inOrder, usualStep, within } from './rows.ts';
import { digestOf, type Cut, type Loaded } from './series.ts';

/** Candles that tell what happened within the bars, and where they came from. */
export type FinerRows = { readonly place: string; readonly columns: FloatColumns };

/** Difference of two floats that are the same price. */
const isSame = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-9 * b;

/** How many bars finer ones cover wholly, and of how many of these they tell another high or low. */
function compare(
  { series }: Loaded,
  finer: FinerBars,
): { readonly covered: number; readonly differ: number } {
  const each = TIMEFRAMES[series.timeframe] / finer.barMs;
  let [row, covered, differ] = [0, 0, 0];
  for (let bar = 0; bar < series.length; bar += 1) {
    const openAt = series.openAt[bar] ?? 0;
    while ((finer.openAt[row] ?? Infinity) < openAt) row += 1;
    if (finer.openAt[row + each - 1] !== openAt + (each - 1) * finer.barMs) continue;
    covered += 1;
    let [high, low] = [-Infinity, Infinity];
    for (let one = row; one < row + each; one += 1) {
      high = Math.max(high, finer.high[one] ?? Infinity);
      low = Math.min(low, finer.low[one] ?? -Infinity);
    }
    if (!isSame(high, series.high[bar] ?? 0) || !isSame(low, series.low[bar] ?? 0)) differ += 1;
  }
  return { covered, differ };
}

function barsOf({ place, columns }: FinerRows, { series }: Loaded, cut: Cut): FinerBars {
  if (columns['volume'] === undefined)
    throw new Fault(
      `${place} tells no volume, and fills take a share of it: finer candles need it.`,
    );
  const all = inOrder(columns);
  const rows = within(all, cut.from, cut.to);
  const openAt = columnOf(rows, 'ts');
  const barMs = usualStep(columnOf(all, 'ts'));
  const length = TIMEFRAMES[series.timeframe];
  if (!(barMs > 0 && barMs < length && length % barMs === 0))
    throw new Fault(
      `The candles of ${place} are ${barMs / 1_000} s apart, and such do not make up bars of ${series.timeframe}: finer candles are shorter, and a whole number of them is one bar.`,
    );
  const [open, high, low] = [columnOf(rows, 'open'), columnOf(rows, 'high'), columnOf(rows, 'low')];
  const [close, volume] = [columnOf(rows, 'close'), columnOf(rows, 'volume')];
  return { length: openAt.length, barMs, openAt, open, high, low, close, volume };
}

/**
 * A market with candles that tell what happened within its bars.
 *
 * @throws Fault for candles that make up none of the bars.
 */
export function withFiner(loaded: Loaded, rows: FinerRows | null, cut: Cut): Loaded {
  if (rows === null) return loaded;
  const finer = barsOf(rows, loaded, cut);
  const { series, source } = loaded;
  const { covered, differ } = compare(loaded, finer);
  if (covered === 0)
    throw new Fault(
      `The candles of ${rows.place} make up none of the bars of ${series.symbol} wholly: they are of another time, or have gaps.`,
    );
  const { openAt, open, high, low, close, volume } = finer;
  const digest = createHash('sha256')
    .update(source.digest)
    .update(digestOf([{ openAt, open, high, low, close, volume }]))
    .digest('hex');
  const supposed = [
    ...source.supposed,
    ...(covered < series.length
      ? [
          `of ${series.length - covered} bars the finer candles tell nothing or only a part: these are read against us, as bars are`,
        ]
      : []),
    ...(differ > 0
      ? [`of ${differ} of ${covered} bars the finer candles tell another high or low than the bar`]
      : []),
  ];
  const place = `${source.place}, and within its bars those of ${finer.barMs / 1_000} s of ${rows.place}`;
  return { series: { ...series, finer }, source: { ...source, place, digest, supposed } };
}
