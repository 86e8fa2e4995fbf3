import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { segmentEnd } from './writer.ts';
import { barOf, BTC, ETH, GRID, HOUR, memoryLog, testArchive, tickOf } from './testing/fixtures.ts';

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

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

const idsOf = async (marketKey = BTC): Promise<number[]> => {
  desk.clock.now += 5_000;
  const { rows } = await desk.archive.query(
    `SELECT id::BIGINT FROM ticks WHERE market_key = '${marketKey}' ORDER BY ts, id::BIGINT`,
  );
  return rows.map(([id]) => Number(id));
};

describe('batches', () => {
  test('segments of many markets end apart, each within its time and always at its own moment', () => {
    const ends = Array.from({ length: 100 }, (_, n) =>
      segmentEnd(`binance_spot_S${n}-USDT ticks`, HOUR, 60_000),
    );
    for (const end of ends) {
      expect(end).toBeGreaterThan(HOUR);
      expect(end).toBeLessThanOrEqual(HOUR + 60_000);
    }
    const perSecond = new Map<number, number>();
    for (const end of ends) {
      const second = Math.floor(end / 1_000);
      perSecond.set(second, (perSecond.get(second) ?? 0) + 1);
    }
    expect(Math.max(...perSecond.values())).toBeLessThanOrEqual(8);
    const end = segmentEnd('a', HOUR, 60_000);
    expect(segmentEnd('a', end, 60_000)).toBe(end + 60_000);
    expect(segmentEnd('a', end + 1, 60_000)).toBe(end + 60_000);
  });

  test('MD-80 100 trades or one second empty the buffer, at most 60 s or 5 MB make a file', async () => {
    const writer = desk.archive.writer(BTC, GRID);
    for (const id of range(1, 99)) writer.tick(tickOf(id), HOUR);
    await desk.archive.pump();
    expect(filesIn(desk.folder)).toEqual([]);
    desk.clock.now += 1_000;
    await desk.archive.pump();
    const end = segmentEnd(`${BTC} ticks`, desk.clock.now, 60_000);
    expect(end - desk.clock.now).toBeLessThanOrEqual(60_000);
    desk.clock.now = end - 1;
    await desk.archive.pump();
    expect(filesIn(desk.folder)).toEqual([]);
    desk.clock.now = end;
    await desk.archive.pump();
    expect(filesIn(desk.folder)).toHaveLength(1);
    expect(writer.stats()).toEqual({ written: 99, bad: 0, dropped: 0, waiting: 0 });
    for (const id of range(100, 82_100)) writer.tick(tickOf(id), HOUR);
    await desk.archive.pump();
    expect(writer.stats().written).toBeGreaterThan(82_000);
  });

  test('MD-06 a bad row costs itself only, and a bad market only its own rows', async () => {
    const { log, records } = memoryLog();
    const own = testArchive({ log });
    const good = own.archive.writer(ETH, GRID);
    const poisoned = own.archive.writer(BTC, GRID);
    good.tick(tickOf(1), HOUR);
    poisoned.tick(tickOf(1), HOUR);
    for (const changes of [
      { price: Number.NaN },
      { price: -1 },
      { size: 0 },
      { at: 1.5 },
      { id: '' },
      { size: 2 ** 53 },
    ])
      poisoned.tick(tickOf(2, changes), HOUR);
    poisoned.bar('1m', barOf(HOUR, { high: 1 }));
    await Promise.all([good.flush(), poisoned.flush()]);
    expect([good.stats().bad, poisoned.stats().bad]).toEqual([0, 7]);
    expect([good.stats().written, poisoned.stats().written]).toEqual([1, 1]);
    expect(records).toHaveLength(7);
    expect(records.some((line) => line.includes('price of NaN'))).toBe(true);
    await own.end();
  });

  test('a store that fails keeps the rows and gets them later, in order and once', async () => {
    const writer = desk.archive.writer(BTC, GRID);
    const { files } = desk.archive.parts;
    const working = files.put;
    let calls = 0;
    Object.assign(files, {
      put: (local: string, path: string) => {
        calls += 1;
        return calls === 2 ? Promise.reject(new Error('disk full')) : working(local, path);
      },
    });
    // Two hours in one segment: the first file is written, the second fails.
    writer.tick(tickOf(1), HOUR);
    writer.tick(tickOf(3_601), HOUR);
    await expect(writer.flush()).rejects.toThrow('disk full');
    writer.tick(tickOf(3_602), HOUR);
    expect(writer.stats()).toMatchObject({ written: 0, waiting: 3 });
    await writer.flush();
    expect(await idsOf()).toEqual([1, 3_601, 3_602]);
    expect(filesIn(desk.folder)).toHaveLength(3);
  });

  test('a closed writer makes room for a new one at once, and both write', async () => {
    const first = desk.archive.writer(BTC, GRID);
    for (const id of range(1, 3_000)) first.tick(tickOf(id), HOUR);
    const closing = first.close();
    expect(() => {
      first.tick(tickOf(9_999), HOUR);
    }).toThrow('is closed');
    const second = desk.archive.writer(BTC, GRID);
    expect(second).not.toBe(first);
    for (const id of range(3_001, 3_400)) second.tick(tickOf(id), HOUR);
    await Promise.all([closing, second.flush()]);
    expect(await idsOf()).toEqual(range(1, 3_400));
  });

  test('the rows of a closed writer are tried again too, when the store works again', async () => {
    const { files } = desk.archive.parts;
    const working = files.put;
    Object.assign(files, { put: () => Promise.reject(new Error('disk full')) });
    const writer = desk.archive.writer(BTC, GRID);
    writer.tick(tickOf(1), HOUR);
    await expect(writer.close()).rejects.toThrow('disk full');
    Object.assign(files, { put: working });
    await desk.archive.pump();
    expect(await idsOf()).toEqual([1]);
  });

  test('a store that fails for too long costs the oldest rows, and says so', async () => {
    const { log, records } = memoryLog();
    const own = testArchive({ log, rules: { backlogBytes: 128 } });
    Object.assign(own.archive.parts.files, { put: () => Promise.reject(new Error('gone')) });
    const writer = own.archive.writer(BTC, GRID);
    for (const id of range(1, 5)) {
      writer.tick(tickOf(id), HOUR);
      await expect(writer.flush()).rejects.toThrow('gone');
    }
    expect(writer.stats()).toEqual({ written: 0, bad: 0, dropped: 3, waiting: 2 });
    expect(records.filter((line) => line.startsWith('rows were given up'))).toHaveLength(3);
    await expect(own.archive.close()).rejects.toThrow('could not be archived');
  });
});
