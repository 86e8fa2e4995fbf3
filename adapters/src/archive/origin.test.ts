import { archiveAt, keptAs, ORIGINS } from './origin.ts';
import { BTC, GRID, HOUR, temporaryFolder, testArchive, tickOf } from './testing/fixtures.ts';

test.each([
  ['/var/lib/tradewind', '/var/lib/tradewind/synthetic'],
  ['/var/lib/tradewind/', '/var/lib/tradewind/synthetic'],
  ['gs://bucket', 'gs://bucket/synthetic'],
  ['gs://bucket/prefix', 'gs://bucket/prefix/synthetic'],
])('ARC-26 simulated trades of %s are kept in %s', (location, expected) => {
  expect(archiveAt(location, 'synthetic')).toBe(expected);
  expect(archiveAt(location, 'live')).toBe(location);
});

test('real trades that a local exchange numbered anew are kept as recorded', () => {
  expect(ORIGINS.map((origin) => keptAs(origin, true))).toEqual([
    'recorded',
    'recorded',
    'synthetic',
  ]);
  expect(ORIGINS.map((origin) => keptAs(origin, false))).toEqual(ORIGINS);
});

test('ARC-26 the same market has real and simulated trades apart, and neither archive shows the other', async () => {
  const location = temporaryFolder();
  const live = testArchive({ location });
  const made = testArchive({ location: archiveAt(location, 'synthetic') });
  const write = async ({ archive }: typeof live, ids: readonly number[]): Promise<void> => {
    const writer = archive.writer(BTC, GRID);
    for (const id of ids) writer.tick(tickOf(id), HOUR);
    await writer.flush();
  };
  await write(live, [1, 2]);
  await write(made, [1, 2, 3]);
  expect((await live.archive.query('SELECT count(*) FROM ticks')).rows).toEqual([[2]]);
  expect((await made.archive.query('SELECT count(*) FROM ticks')).rows).toEqual([[3]]);
  expect(await live.archive.markets()).toMatchObject([{ marketKey: BTC, rows: 2 }]);
  await live.archive.compact({ isOpenToo: true });
  expect(await made.archive.markets()).toMatchObject([{ rows: 3 }]);
  await made.archive.close();
  await live.end();
});
