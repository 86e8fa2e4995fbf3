import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gridOf } from '@tradewind/core/market/grid';
import { price, qty } from '@tradewind/core/lib/units';
import { barOf, BTC, ETH, GRID, HOUR, testArchive, tickOf } from './testing/fixtures.ts';

let desk: ReturnType<typeof testArchive>;
beforeEach(() => {
  desk = testArchive();
});
afterEach(() => desk.end());

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();

const put = async (ids: readonly number[], marketKey = BTC): Promise<void> => {
  const writer = desk.archive.writer(marketKey, GRID);
  for (const id of ids) writer.tick(tickOf(id), HOUR + id * 1_000 + 40);
  await writer.flush();
};
const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

const idsOf = async (marketKey = BTC): Promise<number[]> => {
  desk.clock.now += 5_000;
  const { rows } = await desk.archive.query(
    `SELECT id::BIGINT FROM ticks WHERE market_key = '${marketKey}' ORDER BY ts, id::BIGINT`,
  );
  return rows.map(([id]) => Number(id));
};

describe('rows', () => {
  test('come back exactly as they were taken, as decimals that SQL can add', async () => {
    const fine = gridOf({
      tickSize: price('0.000000000000000001'),
      lotSize: qty('0.00000001'),
    });
    const writer = desk.archive.writer('binance_spot_PEPE-USDT', fine);
    writer.tick(
      { id: 'a-1', at: HOUR, price: 9_007_199_254_740_991, size: 3, isBuy: true },
      HOUR + 7,
      {
        source: 'rest',
        late: true,
      },
    );
    await writer.flush();
    const { rows, columns } = await desk.archive.query(
      'SELECT id, ts, received, price, size, side, source, late, price * 2 AS twice FROM ticks',
    );
    expect(rows).toEqual([
      [
        'a-1',
        HOUR,
        HOUR + 7,
        '0.009007199254740991',
        '0.00000003',
        'buy',
        'rest',
        true,
        '0.018014398509481982',
      ],
    ]);
    expect(columns.find(({ name }) => name === 'price')?.type).toBe('DECIMAL(38,18)');
  });

  test('of candles keep their split, their counts and their flags', async () => {
    const writer = desk.archive.writer(BTC, GRID);
    writer.bar('1m', barOf(HOUR, { incomplete: true }));
    writer.bar('1s', barOf(HOUR));
    await writer.flush();
    const { rows } = await desk.archive.query(
      `SELECT timeframe, ts, open, high, low, close, volume, buy_volume, round(quote_volume, 9), trades,
        buy_trades, gap_filled, incomplete, source FROM bars ORDER BY timeframe`,
    );
    const values = ['1', '1.1', '0.9', '1.05', '0.00012', '0.00007', 0.000126, 4, 2, false];
    expect(rows).toEqual([
      ['1m', HOUR, ...values, true, 'trades'],
      ['1s', HOUR, ...values, false, 'trades'],
    ]);
  });

  test('MD-82 each market, kind and hour has a folder of its own', async () => {
    await put([1, 2, 3_700]);
    await put([5], ETH);
    expect(filesIn(desk.folder).map((path) => path.replace(/part-.*/, ''))).toEqual([
      'venue=binance/market=spot/symbol=BTC-USDT/kind=ticks/date=2026-11-20/hour=14/',
      'venue=binance/market=spot/symbol=BTC-USDT/kind=ticks/date=2026-11-20/hour=15/',
      'venue=binance/market=spot/symbol=ETH-USDT/kind=ticks/date=2026-11-20/hour=14/',
    ]);
  });

  test('a key that could leave the folder is refused', () => {
    expect(() => desk.archive.writer('../etc_spot_X', GRID)).toThrow('is not a market');
  });
});

describe('merging', () => {
  test('MD-80 finished hours become one file each, every trade once and in one order', async () => {
    await put(range(1, 50));
    await put(range(30, 80));
    await put([20, 90]);
    await put(range(3_600, 3_610));
    expect(await idsOf()).toEqual([...range(1, 80), 90, ...range(3_600, 3_610)]);
    desk.clock.now = HOUR + 3_600_000 + 120_000;
    const report = await desk.archive.compact();
    expect(report).toMatchObject({ folders: 1, filesBefore: 3, filesAfter: 1, faults: [] });
    expect(filesIn(desk.folder)).toHaveLength(2);
    expect(await idsOf()).toEqual([...range(1, 80), 90, ...range(3_600, 3_610)]);
    expect(await desk.archive.compact()).toMatchObject({ folders: 0 });
  });

  test('MD-31 a trade that is late for its merged hour amends it', async () => {
    await put([1, 2, 4]);
    desk.clock.now = HOUR + 3 * 3_600_000;
    await put([3]);
    expect((await desk.archive.compact()).folders).toBe(1);
    expect(await idsOf()).toEqual([1, 2, 3, 4]);
  });

  test('of the same trade, the one from the stream stays, whichever file it was in', async () => {
    const writer = desk.archive.writer(BTC, GRID);
    writer.tick(tickOf(1), HOUR + 9, { source: 'rest' });
    await writer.flush();
    writer.tick(tickOf(1), HOUR + 12);
    await writer.flush();
    const seen = async () => (await desk.archive.query('SELECT source, received FROM ticks')).rows;
    expect(await seen()).toEqual([['ws', HOUR + 12]]);
    desk.clock.now += 8_000_000;
    await desk.archive.compact();
    expect(await seen()).toEqual([['ws', HOUR + 12]]);
  });

  test('a merge that was cut short before it removed the old files shows nothing twice', async () => {
    await put(range(1, 10));
    await put(range(11, 20));
    const { files } = desk.archive.parts;
    const working = files.remove;
    Object.assign(files, { remove: () => Promise.reject(new Error('killed')) });
    desk.clock.now += 8_000_000;
    expect((await desk.archive.compact()).faults).toHaveLength(1);
    expect(filesIn(desk.folder)).toHaveLength(3);
    expect(await idsOf()).toEqual(range(1, 20));
    Object.assign(files, { remove: working });
    expect((await desk.archive.compact()).folders).toBe(1);
    expect(filesIn(desk.folder)).toHaveLength(1);
    expect(await idsOf()).toEqual(range(1, 20));
  });
});

describe('the last stored trade', () => {
  test('is none where nothing is stored', async () => {
    expect(await desk.archive.lastTick(BTC)).toBeUndefined();
  });

  test('is the one with the highest number, also over the change of an hour', async () => {
    await put([...range(3_590, 3_598), 3_600, 3_599]);
    expect(await desk.archive.lastTick(BTC)).toEqual({ id: 3_600, at: HOUR + 3_600_000 });
  });

  test('is the one before a hole that a crash may have left', async () => {
    await put([...range(1, 40), ...range(42, 60)]);
    expect(await desk.archive.lastTick(BTC)).toEqual({ id: 40, at: HOUR + 40_000 });
  });

  test('is the latest one where ids are text', async () => {
    const writer = desk.archive.writer(BTC, GRID);
    for (const [id, at] of [
      ['b', 2],
      ['c', 1],
    ] as const)
      writer.tick(tickOf(1, { id, at: HOUR + at }), HOUR);
    await writer.flush();
    expect(await desk.archive.lastTick(BTC)).toEqual({ id: 'b', at: HOUR + 2 });
  });
});

describe('questions', () => {
  test('MD-84 an answer is kept for a second', async () => {
    await put([1]);
    const count = async () => (await desk.archive.query('SELECT count(*) FROM ticks')).rows[0]?.[0];
    expect(await count()).toBe(1);
    await put([2]);
    expect(await count()).toBe(1);
    desk.clock.now += 1_000;
    expect(await count()).toBe(2);
  });

  test.each([
    ["COPY (SELECT 1) TO '/tmp/tradewind-never.csv'", 'disabled by configuration'],
    ['SET threads = 4', 'answers questions only'],
    ['CREATE TABLE x(i INT)', 'answers questions only'],
    ['SELECT 1; SELECT 2', 'Give one statement'],
    ["SELECT * FROM read_csv('/etc/passwd')", 'disabled by configuration'],
    ['SELECT nonsense FROM ticks', 'nonsense'],
  ])('%s is refused in words', async (sql, words) => {
    await expect(desk.archive.query(sql)).rejects.toThrow(words);
    expect(existsSync('/tmp/tradewind-never.csv')).toBe(false);
  });

  test('an empty archive answers with no rows', async () => {
    expect((await desk.archive.query('SELECT * FROM bars')).rows).toEqual([]);
    expect(await desk.archive.markets()).toEqual([]);
  });

  test('markets are told with their rows and spans', async () => {
    await put(range(1, 5));
    desk.archive.writer(BTC, GRID).bar('1m', barOf(HOUR));
    await desk.archive.writer(BTC, GRID).flush();
    desk.clock.now += 2_000;
    expect(await desk.archive.markets()).toMatchObject([
      { marketKey: BTC, kind: 'ticks', rows: 5, from: HOUR + 1_000, to: HOUR + 5_000, files: 1 },
      { marketKey: BTC, kind: '1m', rows: 1, from: HOUR, to: HOUR, files: 1 },
    ]);
  });
});

test('how long writing and asking took is told, for metrics', async () => {
  const told: string[] = [];
  const own = testArchive({ onDone: (what, ms) => told.push(`${what} ${ms}`) });
  const writer = own.archive.writer(BTC, GRID);
  writer.tick(tickOf(1), HOUR);
  await writer.flush();
  await own.archive.query('SELECT 1');
  expect(told).toEqual(['write 0', 'query 0']);
  await own.end();
});

test('MD-83 handles are opened once and shared: most uses find one open', async () => {
  for (const id of range(1, 30)) await put([id]);
  const { hits, misses } = desk.archive.stats();
  expect(hits / (hits + misses)).toBeGreaterThan(0.95);
});
