import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { openFiles, type ArchiveFiles } from './archive-files.ts';
import { startFakeBucket } from './testing/fake-bucket.ts';
import { BTC, GRID, HOUR, temporaryFolder, testArchive, tickOf } from './testing/fixtures.ts';

type Opened = { readonly files: ArchiveFiles; readonly end: () => Promise<void> };
const TOKEN = 'token-of-a-test';

function openFolder(): Promise<Opened> {
  const folder = temporaryFolder();
  const end = async (): Promise<void> => {
    rmSync(folder, { recursive: true });
  };
  return Promise.resolve({ files: openFiles(folder), end });
}

async function openBucket(): Promise<
  Opened & { readonly fake: Awaited<ReturnType<typeof startFakeBucket>> }
> {
  const fake = await startFakeBucket(TOKEN);
  const cacheFolder = temporaryFolder();
  const access = { endpoint: fake.endpoint, token: async () => TOKEN, cacheFolder };
  const end = async (): Promise<void> => {
    await fake.stop();
    rmSync(cacheFolder, { recursive: true });
  };
  return { files: openFiles('gs://desk/market-data', access), end, fake };
}

describe.each([
  ['folder', openFolder],
  ['bucket', openBucket],
])('an archive in a %s', (_, open) => {
  let opened: Opened;
  beforeEach(async () => {
    opened = await open();
  });
  afterEach(() => opened.end());

  const put = async (path: string, text: string): Promise<void> => {
    const local = opened.files.scratch('x.tmp');
    writeFileSync(local, text);
    await opened.files.put(local, path);
    expect(existsSync(local)).toBe(false);
  };

  test('is empty at first', async () => {
    expect(await opened.files.list('')).toEqual([]);
  });

  test('lists what was put, by prefix, in order, and never what is on its way', async () => {
    for (const path of ['b/2.txt', 'a/x=1/1.txt', 'b/1.txt', 'c.txt']) await put(path, path);
    writeFileSync(opened.files.scratch('on-its-way'), 'half');
    expect((await opened.files.list('')).map(({ path }) => path)).toEqual([
      'a/x=1/1.txt',
      'b/1.txt',
      'b/2.txt',
      'c.txt',
    ]);
    expect(await opened.files.list('b/')).toEqual([
      { path: 'b/1.txt', bytes: 7 },
      { path: 'b/2.txt', bytes: 7 },
    ]);
    expect(await opened.files.list('b/2')).toHaveLength(1);
  });

  test('gives back what was put, also after it was replaced', async () => {
    await put('a/1.txt', 'first');
    await put('a/1.txt', 'second');
    expect(readFileSync(await opened.files.fetch('a/1.txt'), 'utf8')).toBe('second');
    expect(await opened.files.fetch('a/1.txt')).toBe(`${opened.files.root}/a/1.txt`);
  });

  test('forgets what was removed, and removing it again does nothing', async () => {
    await put('a/1.txt', 'text');
    await opened.files.remove('a/1.txt');
    await opened.files.remove('a/1.txt');
    expect(await opened.files.list('a/')).toEqual([]);
    await expect(opened.files.fetch('a/1.txt')).rejects.toThrow(/no such file|does not exist/);
  });
});

describe('a bucket', () => {
  test('serves a second process, which downloads each file once', async () => {
    const first = await openBucket();
    const desk = testArchive({
      location: 'gs://desk/market-data',
      bucket: {
        endpoint: first.fake.endpoint,
        token: async () => TOKEN,
        cacheFolder: temporaryFolder(),
      },
    });
    const writer = desk.archive.writer(BTC, GRID);
    writer.tick(tickOf(1), HOUR);
    await writer.flush();
    writer.tick(tickOf(2), HOUR);
    await writer.flush();
    await desk.archive.close();
    const cacheFolder = temporaryFolder();
    const other = testArchive({
      location: 'gs://desk/market-data',
      bucket: { endpoint: first.fake.endpoint, token: async () => TOKEN, cacheFolder },
    });
    expect(await other.archive.lastTick(BTC)).toEqual({ id: 2, at: HOUR + 2_000 });
    expect((await other.archive.query('SELECT count(*) FROM ticks')).rows).toEqual([[2]]);
    expect(first.fake.counts.downloads).toBe(2);
    expect((await other.archive.compact({ isOpenToo: true })).folders).toBe(1);
    expect([...first.fake.objects.keys()]).toEqual([
      expect.stringContaining('market-data/venue=binance/market=spot/symbol=BTC-USDT/kind=ticks/'),
    ]);
    await other.archive.close();
    await first.end();
    rmSync(cacheFolder, { recursive: true });
  });

  test('that fails says what Cloud Storage answered', async () => {
    const { files, fake, end } = await openBucket();
    fake.faults.push(503);
    await expect(files.list('a')).rejects.toThrow('Cloud Storage answered 503 to GET');
    await end();
  });
});

test.each([
  ['s3://bucket/x', 'is no place for an archive'],
  ['gs://UPPER/x', 'is no place for an archive'],
  [' ', 'is empty'],
  ['/tmp/a*b', 'mean patterns'],
])('%s is refused as a location', (location, words) => {
  expect(() => openFiles(location)).toThrow(words);
});
