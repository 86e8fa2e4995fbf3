import { judgeStorage } from './storage-budget.ts';
import { isKind, partitionOf, folderOf, marketName, readPath } from './layout.ts';
import { barOf, BTC, ETH, GRID, HOUR, testArchive, tickOf } from './testing/fixtures.ts';

const DAY = 86_400_000;

test.each([
  [0, 'ok'],
  [69.999, 'ok'],
  [70, 'warning'],
  [84.999, 'warning'],
  [85, 'critical'],
  [200, 'critical'],
  [Number.NaN, 'critical'],
  [-1, 'critical'],
] as const)('MD-87 %d %% of the budget is %s', (used, level) => {
  expect(judgeStorage(used, 100)).toBe(level);
});

test('MD-87 the hourly upkeep tells how full the store is', async () => {
  const told: [string, number][] = [];
  const desk = testArchive({ budgetBytes: 1, onStorage: (...args) => told.push(args) });
  const writer = desk.archive.writer(BTC, GRID);
  writer.tick(tickOf(1), HOUR);
  await writer.flush();
  await desk.archive.maintain();
  expect(told).toEqual([['critical', await desk.archive.usage()]]);
  await desk.end();
});

describe('folders', () => {
  test.each([
    ['ticks', '2026-11-20/hour=14', HOUR, HOUR + DAY / 24],
    ['1s', '2026-11-20/hour=14', HOUR, HOUR + DAY / 24],
    ['1m', '2026-11-20/hour=00', HOUR - 14 * (DAY / 24), HOUR + 10 * (DAY / 24)],
    ['1h', '2026-11-01/hour=00', Date.UTC(2026, 10, 1), Date.UTC(2026, 11, 1)],
  ] as const)('of %s hold a stretch of their own', (kind, folder, from, to) => {
    const path = folderOf(BTC, kind, HOUR + 1);
    expect(path).toBe(`venue=binance/market=spot/symbol=BTC-USDT/kind=${kind}/date=${folder}/`);
    expect(readPath(`${path}part-1.parquet`)).toEqual({ marketKey: BTC, kind, from, to });
    expect(partitionOf(kind, to).from).toBe(to);
  });

  test.each(['sessions/a.json', 'venue=x/market=spot/file.parquet', 'readme.md'])(
    '%s is none of ours',
    (path) => {
      expect(readPath(path)).toBeUndefined();
    },
  );

  test('names are checked before they become folders', () => {
    expect(() => marketName('binance_spot_../../x')).toThrow('is not a market');
    expect(isKind('2m')).toBe(false);
  });
});

describe('retention', () => {
  const fill = async (desk: ReturnType<typeof testArchive>): Promise<void> => {
    for (const marketKey of [BTC, ETH]) {
      const writer = desk.archive.writer(marketKey, GRID);
      writer.tick(tickOf(1), HOUR);
      writer.bar('1s', barOf(HOUR));
      writer.bar('1h', barOf(HOUR));
      await writer.flush();
    }
  };

  test('trades and fine candles go after 90 days, longer candles stay two years', async () => {
    const desk = testArchive();
    await fill(desk);
    const hourEnd = HOUR + 3_600_000;
    desk.clock.now = hourEnd + 90 * DAY - 1;
    expect((await desk.archive.prune()).files).toBe(0);
    desk.clock.now += 1;
    const dry = await desk.archive.prune({ isDryRun: true });
    expect(dry).toMatchObject({ files: 4, spared: 0 });
    expect(await desk.archive.markets()).toHaveLength(6);
    expect(await desk.archive.prune({ scope: { marketKeys: [ETH] } })).toMatchObject({ files: 2 });
    const spare = [{ marketKey: BTC, from: HOUR, to: HOUR + 1 }];
    expect(await desk.archive.prune({ spare })).toMatchObject({ files: 0, spared: 2 });
    expect(await desk.archive.prune()).toMatchObject({ files: 2 });
    expect((await desk.archive.markets()).map(({ kind }) => kind)).toEqual(['1h', '1h']);
    desk.clock.now = HOUR + 800 * DAY;
    expect((await desk.archive.prune()).files).toBe(2);
    await desk.end();
  });

  test('days that are no count are refused', async () => {
    const desk = testArchive();
    await expect(desk.archive.prune({ keepDays: { ticks: 0 } })).rejects.toThrow('at least 1 day');
    await expect(desk.archive.prune({ keepDays: { '1s': Number.NaN } })).rejects.toThrow(
      'at least 1',
    );
    await desk.end();
  });
});
