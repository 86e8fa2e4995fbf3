import { barOf, BTC, GRID, HOUR, testArchive, tickOf } from './testing/fixtures.ts';

let desk: ReturnType<typeof testArchive>;
beforeEach(() => {
  desk = testArchive();
});
afterEach(() => desk.end());

const put = async (...ticks: readonly ReturnType<typeof tickOf>[]): Promise<void> => {
  const writer = desk.archive.writer(BTC, GRID);
  for (const tick of ticks) writer.tick(tick, tick.at + 10);
  await writer.flush();
};

test('nothing is told of a market without rows', async () => {
  expect(await desk.archive.inspect(BTC, { kind: 'ticks' })).toMatchObject({
    rows: 0,
    from: null,
    to: null,
    gaps: [],
    closes: [],
  });
});

test('where ids count up, a missing one is a gap, however short', async () => {
  await put(...[1, 2, 3, 6, 7, 8, 9, 12, 13].map((id) => tickOf(id)));
  const found = await desk.archive.inspect(BTC, { kind: 'ticks' });
  expect(found).toMatchObject({ rows: 9, gapsBy: 'id', gapCount: 2, firstId: '1', lastId: '13' });
  expect(found.gaps).toEqual([
    { from: HOUR + 3_000, to: HOUR + 6_000, missing: 2 },
    { from: HOUR + 9_000, to: HOUR + 12_000, missing: 2 },
  ]);
});

test('where ids are text, a silence of a minute and 20 usual pauses is a gap', async () => {
  const at = [0, 1, 2, 3, 64, 65].map((s) => HOUR + s * 1_000);
  await put(...at.map((time, index) => tickOf(1, { id: `t-${index}`, at: time })));
  const found = await desk.archive.inspect(BTC, { kind: 'ticks' });
  expect(found).toMatchObject({ gapsBy: 'time', gapCount: 1 });
  expect(found.gaps).toEqual([{ from: HOUR + 3_000, to: HOUR + 64_000, missing: null }]);
});

test('ids with jumps of their own, as venues with one count for all markets have, tell no gaps', async () => {
  await put(
    ...[10, 40, 41, 77, 93, 130].map((id, index) => tickOf(id, { at: HOUR + index * 1_000 })),
  );
  expect(await desk.archive.inspect(BTC, { kind: 'ticks' })).toMatchObject({
    gapsBy: 'time',
    gaps: [],
  });
});

test('duplicates, disorder, late and backfilled trades are counted', async () => {
  await put(tickOf(1), tickOf(2), tickOf(3, { at: HOUR + 500 }));
  const writer = desk.archive.writer(BTC, GRID);
  writer.tick(tickOf(2), HOUR + 9, { source: 'rest' });
  writer.tick(tickOf(4), HOUR + 9, { source: 'rest' });
  writer.tick(tickOf(5), HOUR + 9, { late: true });
  await writer.flush();
  expect(await desk.archive.inspect(BTC, { kind: 'ticks' })).toMatchObject({
    rows: 5,
    duplicates: 1,
    outOfOrder: 1,
    late: 1,
    backfilled: 1,
  });
});

test('of candles a missing bucket is a gap', async () => {
  const writer = desk.archive.writer(BTC, GRID);
  for (const minute of [0, 1, 4]) writer.bar('1m', barOf(HOUR + minute * 60_000));
  await writer.flush();
  const found = await desk.archive.inspect(BTC, { kind: '1m' });
  expect(found.gaps).toEqual([{ from: HOUR + 120_000, to: HOUR + 240_000, missing: 2 }]);
  expect(found.closes).toEqual([1.05, 1.05, 1.05]);
});

test('a span leaves out what lies beside it', async () => {
  await put(...[1, 2, 3, 4, 5].map((id) => tickOf(id)));
  const span = { from: HOUR + 2_000, to: HOUR + 4_000 };
  expect(await desk.archive.inspect(BTC, { kind: 'ticks', ...span })).toMatchObject({
    rows: 2,
    firstId: '2',
    lastId: '3',
  });
});
