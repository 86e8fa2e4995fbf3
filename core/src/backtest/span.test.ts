import fc from 'fast-check';
import { checkSeries, type BarSeries } from './data.ts';
import { spanOf } from './span.ts';
import { BEGIN, seriesOf, type Row } from './testing.ts';

const MINUTE = 60_000;
const rows: readonly Row[] = Array.from({ length: 20 }, (_, index) => [
  100 + index,
  110 + index,
  90 + index,
  105 + index,
]);
const times = (from: number, count: number, step: number): Float64Array =>
  Float64Array.from({ length: count }, (_, index) => from + index * step);
const twenties = times(BEGIN, 60, 20_000);
const series: BarSeries = {
  ...seriesOf(rows),
  incomplete: Uint8Array.from(rows, (_, index) => index % 2),
  windows: { TWPA_60_0: Float64Array.from(rows, (_, index) => index) },
  trades: { length: 60, at: twenties, price: twenties, size: twenties },
  finer: {
    length: 60,
    barMs: 20_000,
    openAt: twenties,
    open: twenties,
    high: twenties,
    low: twenties,
    close: twenties,
    volume: twenties,
  },
};

test('a span holds the bars that begin in it, with what happened within them', () => {
  const span = spanOf(series, BEGIN + 3 * MINUTE, BEGIN + 5 * MINUTE);
  expect(checkSeries(span).ok).toBe(true);
  expect(span.length).toBe(2);
  expect([...span.open]).toEqual([103, 104]);
  expect([...(span.incomplete ?? [])]).toEqual([1, 0]);
  expect([...(span.windows?.['TWPA_60_0'] ?? [])]).toEqual([3, 4]);
  expect([span.trades?.length, span.trades?.at.length, span.trades?.at[0]]).toEqual([
    6,
    6,
    BEGIN + 3 * MINUTE,
  ]);
  expect([span.finer?.length, span.finer?.barMs, span.finer?.close[5]]).toEqual([
    6,
    20_000,
    BEGIN + 5 * MINUTE - 20_000,
  ]);
});

test('two spans that meet hold every bar once, wherever they meet', () => {
  fc.assert(
    fc.property(fc.integer({ min: -MINUTE, max: 25 * MINUTE }), (offset) => {
      const early = spanOf(series, 0, BEGIN + offset);
      const late = spanOf(series, BEGIN + offset, Infinity);
      expect([...early.openAt, ...late.openAt]).toEqual([...series.openAt]);
      expect((early.trades?.length ?? 0) + (late.trades?.length ?? 0)).toBe(60);
    }),
  );
});

test('nothing is copied, so that many spans of large data cost nothing', () => {
  expect(spanOf(series, BEGIN, Infinity).open.buffer).toBe(series.open.buffer);
});
