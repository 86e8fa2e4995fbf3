import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { importFile, type ImportOptions } from './import-file.ts';
import { BTC, HOUR, testArchive } from './testing/fixtures.ts';

let desk: ReturnType<typeof testArchive>;
let folder: string;
beforeEach(() => {
  desk = testArchive();
  folder = mkdtempSync(join(tmpdir(), 'tradewind-import-'));
});
afterEach(async () => {
  await desk.end();
  rmSync(folder, { recursive: true });
});

const file = (text: string, name = 'rows.csv'): string => {
  const path = join(folder, name);
  writeFileSync(path, name.endsWith('.gz') ? gzipSync(text) : text);
  return path;
};
const run = (text: string, changes: Partial<ImportOptions> & { name?: string } = {}) =>
  importFile(desk.archive, {
    file: file(text, changes.name),
    marketKey: BTC,
    now: HOUR,
    ...changes,
  });
const ask = async (sql: string) => {
  desk.clock.now += 2_000;
  return (await desk.archive.query(sql)).rows;
};

const TRADES = `ts,trade_id,price,qty,side
1723161255000,11,61000.10,0.5,buy
1723161255000,12,61000.10,0.25,sell
1723161256500,13,61000.20,1,buy
`;

test('trades are stored exactly, with their ids, and a second time changes nothing', async () => {
  const report = await run(TRADES);
  expect(report).toMatchObject({
    kind: 'ticks',
    rows: 3,
    stored: 3,
    bad: 0,
    from: 1723161255000,
    to: 1723161256500,
  });
  expect(await run(TRADES)).toMatchObject({ rows: 3, stored: 0, known: 3 });
  const rows = await ask('SELECT id, ts, price, size, side, source FROM ticks ORDER BY id');
  expect(rows).toEqual([
    ['11', 1723161255000, '61000.1', '0.5', 'buy', 'recorded'],
    ['12', 1723161255000, '61000.1', '0.25', 'sell', 'recorded'],
    ['13', 1723161256500, '61000.2', '1', 'buy', 'recorded'],
  ]);
  expect(await desk.archive.find({})).toHaveLength(1);
});

test('bad rows are told by line and reason, and the good ones are kept', async () => {
  const report = await run(`ts,trade_id,price,qty,side
1723161255000,11,61000.10,0.5,buy
yesterday,12,61000.10,0.5,buy
1723161255001,13,-1,0.5,buy
1723161255002,14,61000.10,0,buy
1723161255003,15,61000.10,0.5,up
1723161255004,11,61000.10,0.5,buy
1723161255005,16,abc,0.5,buy
1723161255006
1723161255007,17,61000.1234567890123456789,0.5,buy
1723161255008,18,61000.10,0.5,buy,too,many
5,19,61000.10,0.5,buy
1723161255009,20,61000.10,0.5,sell
`);
  expect(report).toMatchObject({ rows: 12, stored: 2, bad: 10 });
  expect(report.badRows).toEqual([
    { line: 3, reason: 'no usable time: "yesterday"' },
    { line: 4, reason: 'price is not above zero: "-1"' },
    { line: 5, reason: 'size is not above zero: "0"' },
    { line: 6, reason: 'side is neither buy nor sell: "up"' },
    { line: 7, reason: 'trade id 11 is there already in line 2' },
    { line: 8, reason: 'no usable price: "abc"' },
    { line: 9, reason: 'no usable price: ""' },
    { line: 10, reason: 'price has more than 18 decimals: "61000.1234567890123456789"' },
    { line: 11, reason: 'the line cannot be taken apart: too many columns' },
    { line: 12, reason: 'time is not between 1980 and 2100: "5"' },
  ]);
  expect(await ask('SELECT id FROM ticks ORDER BY id')).toEqual([['11'], ['20']]);
});

test('candles are checked too: order of their prices, their time, their repeats', async () => {
  const report = await run(`time,open,high,low,close,volume
1723161240000,10,12,9,11,5
1723161300000,10,9,12,11,5
1723161360000,10,12,9,13,5
1723161375000,10,12,9,11,5
1723161420000,10,12,9,11,-5
1723161240000,10,12,9,11,5
1723161480000,10,12,9,11,0
`);
  expect(report).toMatchObject({ kind: '1m', stored: 2, bad: 5 });
  expect(report.badRows).toEqual([
    { line: 3, reason: 'high 9 is below low 12' },
    { line: 4, reason: 'open 10 or close 13 lies outside low 9 to high 12' },
    { line: 5, reason: 'no 1m candle begins at 2024-08-08 23:56:15' },
    { line: 6, reason: 'volume is below zero: "-5"' },
    { line: 7, reason: 'a candle of that time is there already in line 2' },
  ]);
  expect(await ask('SELECT ts, volume, trades, source FROM bars ORDER BY ts')).toEqual([
    [1723161240000, '5', null, 'venue'],
    [1723161480000, '0', null, 'venue'],
  ]);
});

test('a candle that was corrected is stored anew, and then counts', async () => {
  const candle = (close: number): string =>
    `time,open,high,low,close,volume\n1723161240000,10,12,9,${close},5\n1723161300000,10,12,9,11,5\n`;
  await run(candle(11));
  desk.clock.now += 5_000;
  expect(await run(candle(12), { now: desk.clock.now })).toMatchObject({ stored: 1, known: 1 });
  expect(await ask('SELECT close FROM bars ORDER BY ts')).toEqual([['12'], ['11']]);
});

test.each([
  ['seconds', '1723161255', 1723161255000],
  ['fractions of seconds', '1723161255.25', 1723161255250],
  ['milliseconds', '1723161255001', 1723161255001],
  ['microseconds', '1723161255001999', 1723161255001],
  ['nanoseconds', '1723161255001999999', 1723161255001],
  ['ISO time', '2024-08-08T23:54:15.5Z', 1723161255500],
  ['ISO time with a zone', '2024-08-09T01:54:15+02:00', 1723161255000],
  ['a date and a time', '2024-08-08 23:54:15', 1723161255000],
])('time as %s is understood', async (_, text, at) => {
  await run(`timestamp,price,amount,side\n${text},1,1,BUY\n`);
  expect(await ask('SELECT ts FROM ticks')).toEqual([[at]]);
});

test.each([
  ['trades of spot', '11,61000.1,0.5,30500.05,1723161255000,True,True', 'ticks', '0.5'],
  ['trades of futures', '11,61000.1,0.5,30500.05,1723161255000,true', 'ticks', '0.5'],
  ['aggregated trades', '11,61000.1,0.5,1,2,1723161255000,true,true', 'ticks', '0.5'],
])("Binance's public files of %s need no header", async (_, line, kind, size) => {
  expect((await run(`${line}\n`)).kind).toBe(kind);
  expect(await ask('SELECT id, size, side FROM ticks')).toEqual([['11', size, 'sell']]);
});

test("Binance's public candles need no header, and keep what buyers bought", async () => {
  const line = (at: number): string => `${at},10,12,9,11,5,${at + 59_999},55,7,3,33,0`;
  const report = await run(`${line(1723161240000)}\n${line(1723161300000)}\n`);
  expect(report).toMatchObject({ kind: '1m', stored: 2 });
  const [row] = await ask('SELECT volume, buy_volume, quote_volume, trades FROM bars');
  expect(row).toEqual(['5', '3', 55, 7]);
});

test('rows of other markets in the same file are left out', async () => {
  const text = `ts,market,symbol,price,qty,side
1723161255000,spot,BTCUSDT,1,1,buy
1723161255001,spot,ETHUSDT,2,1,buy
1723161255002,usdm,BTCUSDT,3,1,buy
1723161255003,coinm,BTCUSD_PERP,4,1,buy
`;
  const prices = async () =>
    (await ask('SELECT price FROM ticks ORDER BY ts')).map((row) => row[0]);
  await run(text);
  expect(await prices()).toEqual(['1']);
  await run(text, { only: { market: 'usdm' } });
  expect(await prices()).toEqual(['1', '3']);
  await expect(run(text, { marketKey: 'binance_spot_SOL-USDT' })).rejects.toThrow(
    'The file holds: coinm BTCUSD_PERP; spot BTCUSDT; spot ETHUSDT; usdm BTCUSDT.',
  );
  await expect(run(text, { only: { exchange: 'x' } })).rejects.toThrow('no column "exchange"');
});

test('gzip, semicolons, tabs, quotes, spaces and a byte order mark are read', async () => {
  await run(TRADES, { name: 'rows.csv.gz' });
  await run(TRADES.replaceAll(',', ';').replaceAll('11', '21'), { name: 'a.txt' });
  await run(`\uFEFF"Time"\t"Price"\t"Amount"\t"Side"\n"1723161255000"\t" 5 "\t"1"\t"Sell"\n`);
  expect(await ask('SELECT count(*) FROM ticks')).toEqual([[5]]);
  expect(await ask("SELECT price FROM ticks WHERE id LIKE 'h%'")).toEqual([['5']]);
});

test('MD-30 trades without ids keep apart, though they are alike, and stay the same next time', async () => {
  const text = `ts,price,qty,side\n${'1723161255000,1,1,buy\n'.repeat(3)}`;
  await run(text);
  await run(text);
  expect(await ask('SELECT count(*), count(DISTINCT id) FROM ticks')).toEqual([[3, 3]]);
});

test('Parquet goes in as it comes out', async () => {
  await run(TRADES);
  const [stored] = await desk.archive.find({});
  const path = join(desk.folder, stored?.path ?? '');
  expect(existsSync(path)).toBe(true);
  const report = await importFile(desk.archive, {
    file: path,
    marketKey: 'kraken_spot_BTC-USDT',
    now: HOUR,
  });
  expect(report).toMatchObject({ kind: 'ticks', stored: 3, bad: 0 });
  const rows = await ask("SELECT id, price FROM ticks WHERE venue = 'kraken' ORDER BY id");
  expect(rows[0]).toEqual(['11', '61000.1']);
});

test.each([
  ['', 'is empty'],
  ['a,b\n1,2\n', 'lacks a column for ts, price, size, side. It has: a, b.'],
  ['1,2,3\n', 'no header line'],
  ['ts,open,high,low\n1,2,3,4\n', 'As trades the file lacks'],
  ['ts,ts,price\n', 'two columns of one name'],
  [
    'ts,open,high,low,close\n1723161240000,1,1,1,1\n1723161247000,1,1,1,1\n',
    'Say it with --timeframe',
  ],
])('%j is refused in words', async (text, words) => {
  await expect(run(text)).rejects.toThrow(words);
  expect(await desk.archive.find({})).toEqual([]);
});

test('a file that is not there is told by name', async () => {
  const options = { file: join(folder, 'nowhere.csv'), marketKey: BTC, now: HOUR };
  await expect(importFile(desk.archive, options)).rejects.toThrow('nowhere.csv cannot be read');
});

const recorded = process.env['TRADEWIND_DATA'] ?? 'data';
const SAMPLE = join(recorded, 'trades_binance_btc_eth_spot_usdm_coinm_20240808.csv.gz');
const whenRecorded = existsSync(SAMPLE) ? test : test.skip;

whenRecorded(
  'recorded trades of a day with six markets: one is imported whole, without a gap',
  async () => {
    const report = await importFile(desk.archive, { file: SAMPLE, marketKey: BTC, now: HOUR });
    expect(report).toMatchObject({ kind: 'ticks', stored: 19_904, bad: 0 });
    expect(await desk.archive.inspect(BTC, { kind: 'ticks' })).toMatchObject({
      rows: 19_904,
      gapsBy: 'id',
      gapCount: 0,
      duplicates: 0,
      outOfOrder: 0,
    });
  },
);
