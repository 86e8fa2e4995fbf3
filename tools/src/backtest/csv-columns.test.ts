import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { csvColumns } from './csv-columns.ts';
import { decimalsOf, numberOf, timeIn } from './csv-fields.ts';

const fieldOf = (text: string) => {
  const bytes = Buffer.from(`x,${text},y`);
  return { bytes, from: 2, to: bytes.length - 2 };
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tradewind-csv-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});
const csv = (text: string | Buffer, only = {}) => {
  const path = join(folder, 'c.csv');
  writeFileSync(path, text);
  return csvColumns(path, only);
};
const plain = (columns: Readonly<Record<string, Float64Array>>) =>
  Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, [...column]]));

test('prop: a decimal is read as the float that JavaScript itself makes of it', () => {
  const decimal = fc
    .tuple(fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }), fc.integer({ min: 0, max: 12 }))
    .map(([digits, decimals]) => {
      const text = String(digits < 0n ? -digits : digits).padStart(decimals + 1, '0');
      const whole = text.slice(0, text.length - decimals);
      return `${digits < 0n ? '-' : ''}${whole}${decimals === 0 ? '' : `.${text.slice(-decimals)}`}`;
    });
  fc.assert(
    fc.property(
      fc.oneof(decimal, fc.double({ noNaN: true, noDefaultInfinity: true }).map(String)),
      (text) => {
        expect(Object.is(numberOf(fieldOf(text)), Number(text))).toBe(true);
      },
    ),
    { numRuns: 2_000 },
  );
});

test.each(['', 'oops', '1.2.3', '1;5', '.', '--1'])('%j is no number', (text) => {
  expect(numberOf(fieldOf(text))).toBeNaN();
});

test.each([
  ['1723161255', 1_723_161_255_000],
  ['1723161255.5', 1_723_161_255_500],
  ['1723161255000', 1_723_161_255_000],
  ['1723161255000000', 1_723_161_255_000],
  ['1723161255000000000', 1_723_161_255_000],
  ['2024-08-09', Date.UTC(2024, 7, 9)],
  ['2024-08-09 01:02:03', Date.UTC(2024, 7, 9, 1, 2, 3)],
  ['2024-08-09T01:02:03+02:00', Date.UTC(2024, 7, 8, 23, 2, 3)],
])('%s is a time', (text, at) => {
  expect(timeIn(fieldOf(text))).toBe(at);
});

test.each([
  ['5', 0],
  ['5.0', 0],
  ['5.250', 2],
  ['0.00001', 5],
])('%s has %i decimals', (text, decimals) => {
  expect(decimalsOf(fieldOf(text))).toBe(decimals);
});

test('candles under other names, quoted, gzipped, with Windows line ends', () => {
  const text =
    '"Open Time",Open,High,Low,Close,Volume,Ignored\r\n1723161240000,"10.5",11,10,10.25,3.125,x\r\n';
  expect(csv(gzipSync(text))).toMatchObject({ table: 'bars', decimals: { price: 2, size: 3 } });
  expect(plain(csv(text).columns)).toEqual({
    ts: [1_723_161_240_000],
    open: [10.5],
    high: [11],
    low: [10],
    close: [10.25],
    volume: [3.125],
  });
});

test('trades: the side as a word, or as who had been waiting; rows of other markets are left out', () => {
  const words =
    'ts,symbol,price,qty,side\n1,BTCUSDT,5,1,buy\n2,ETHUSDT,6,1,buy\n3,BTCUSDT,7,2,sell\n';
  const { columns } = csv(words, { symbol: ['btcusdt'] });
  expect(plain(columns)).toEqual({
    ts: [1_000, 3_000],
    price: [5, 7],
    size: [1, 2],
    side: [1, -1],
  });
  const maker = csv('time,price,qty,is_buyer_maker\n1,5,1,true\n2,5,1,false\n');
  expect(plain(maker.columns)['side']).toEqual([-1, 1]);
});

test.each([
  ['', 'is empty'],
  ['1,2\n3,4\n', 'no header line'],
  ['ts,open,high\n1,2,3\n', 'lacks a column'],
  ['ts,open,high,low,close\n1,2,3\n', 'line 2 has fewer columns'],
  ['ts,open,high,low,close\nsoon,2,3,1,2\n', 'line 2 has no usable ts: "soon"'],
])('%j is refused: %s', (text, words) => {
  expect(() => csv(text)).toThrow(words);
});
