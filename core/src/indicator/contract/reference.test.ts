import { readFileSync } from 'node:fs';
import { cases, feed, near } from './cases.ts';

const [header = '', ...lines] = readFileSync(
  new URL('../reference/indicators.csv', import.meta.url),
  'utf8',
)
  .trim()
  .split('\n');
const columns = header.split(',');
const rows = lines.map((line) => {
  const cells = line.split(',');
  return Object.fromEntries(
    columns.map((column, i) => [column, cells[i] === '' ? undefined : Number(cells[i])]),
  );
});
const bars = rows.map(({ open = 0, high = 0, low = 0, close = 0, volume = 0 }) => ({
  open,
  high,
  low,
  close,
  volume,
}));

test('the reference covers every value of every indicator, and its bars are bars', () => {
  const own = cases.flatMap(({ start }) => {
    const ready = feed(start(), bars).find((values) => values !== undefined);
    return Object.keys(ready ?? {});
  });
  expect(new Set(own)).toEqual(new Set(columns.slice(5)));
  expect(
    bars.filter(
      ({ open, high, low, close }) => high < Math.max(open, close) || low > Math.min(open, close),
    ),
  ).toEqual([]);
});

test.each(cases)('$name agrees with the formulas worked out anew on every bar', ({ start }) => {
  const apart = feed(start(), bars).flatMap((values, row) => {
    const wanted = rows[row] ?? {};
    return Object.entries(values ?? {})
      .filter(([column, value]) => !near(value, wanted[column], 1e-9))
      .map(([column, value]) => ({ row, column, value, wanted: wanted[column] }));
  });
  expect(apart).toEqual([]);
});

test.each(cases)('$name has a value exactly where the formulas have one', ({ start }) => {
  const [column = ''] = Object.keys(
    feed(start(), bars).find((values) => values !== undefined) ?? {},
  );
  const ready = feed(start(), bars).map((values) => values?.[column] !== undefined);
  expect(ready).toEqual(rows.map((row) => row[column] !== undefined));
});
