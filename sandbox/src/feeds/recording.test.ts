import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { epochMs } from '@tradewind/core/lib/time';
import { addQty, formatDecimal, price, qty, ZERO_QTY } from '@tradewind/core/lib/units';
import { expandBar } from './expand-candle.ts';
import { createFileFeed, inspectFile } from './file-feed.ts';
import { readRecording } from './recording.ts';

const T0 = 1_700_000_000_000;
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tradewind-feed-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function file(lines: readonly string[], name = 'trades.csv'): Promise<string> {
  const path = join(folder, name);
  const text = lines.join('\n');
  await writeFile(path, name.endsWith('.gz') ? gzipSync(text) : text);
  return path;
}
const TRADES = 'ts,recv_ts,trade_id,price,qty,side';

describe('a trades file', () => {
  test('keeps its good rows and tells the bad ones by line and reason', async () => {
    const path = await file([
      TRADES,
      `${T0},0,1,100.5,0.25,buy`,
      `${T0 + 1},0,2,abc,1,buy`,
      `${T0 + 2},0,3,100,-1,sell`,
      `${T0 + 3},0,4,100,1,hold`,
      `${T0 + 4},0,5,100`,
      `1700000000,0,6,100,1,buy`,
      `${T0 + 5},0,1,100,1,buy`,
      `${T0 + 6},0,8,101.25,9e-05,sell`,
    ]);
    const { entries, badRows } = await readRecording({ path, symbol: 'BTC-USDT' });
    expect(badRows).toEqual([
      { line: 3, reason: 'price: "abc" is not a decimal number' },
      { line: 4, reason: 'qty: "-1" is negative' },
      { line: 5, reason: 'side "hold" is neither buy nor sell' },
      { line: 6, reason: 'has 4 values where the header has 6' },
      { line: 7, reason: 'ts "1700000000" is not epoch milliseconds' },
      { line: 8, reason: 'trade_id 1 was there before' },
    ]);
    const prints = entries.flatMap((entry) => entry.prints());
    expect(prints.map(({ size }) => formatDecimal(size))).toEqual(['0.25', '0.00009']);
  });

  test('with market and symbol columns gives the spot rows under our symbols', async () => {
    const path = await file(
      [
        'ts,market,symbol,trade_id,price,qty,side',
        `${T0},spot,BTCUSDT,1,100,1,buy`,
        `${T0},usdm,BTCUSDT,1,101,1,buy`,
        `${T0 + 5},spot,ETHBTC,1,0.05,1,sell`,
      ],
      'mixed.csv.gz',
    );
    expect(await inspectFile({ path })).toEqual({
      symbols: ['BTC-USDT', 'ETH-BTC'],
      layout: 'trades',
      firstAt: T0,
      lastAt: T0 + 5,
      trades: 2,
      badRows: 0,
    });
    const other = await readRecording({ path, market: 'usdm' });
    expect(other.entries).toHaveLength(1);
    await expect(readRecording({ path, market: 'option' })).rejects.toThrow('it has spot, usdm');
  });

  test.each<[string, string[], RegExp]>([
    ['no good row', [TRADES, `${T0},0,1,x,1,buy`], /no row that can be used \(1 bad\): line 2/],
    ['nothing in it', [], /is empty/],
    ['only a header', [TRADES], /no row that can be used/],
    ['other columns', ['a,b,c', '1,2,3'], /must name the columns ts, price, qty, side/],
  ])('with %s is a clear error', async (_what, lines, message) => {
    const path = await file(lines);
    await expect(readRecording({ path, symbol: 'BTC-USDT' })).rejects.toThrow(message);
  });

  test('without a symbol column asks for the symbol; one that is not there is named', async () => {
    const path = await file([TRADES, `${T0},0,1,100,1,buy`]);
    await expect(readRecording({ path })).rejects.toThrow('--symbol BTC-USDT');
    await expect(readRecording({ path: join(folder, 'none.csv') })).rejects.toThrow('no file');
  });

  test('of an unknown market gives it the grid of its data', async () => {
    const path = await file([TRADES, `${T0},0,1,1.2345,0.5,buy`, `${T0},0,2,1.23,10,buy`]);
    const feed = await createFileFeed({ path, symbol: 'NEW-USDT' });
    expect(feed.instruments[0]).toMatchObject({ tickSize: price('0.0001'), lotSize: qty('0.1') });
  });
});

describe('ARC-29 a replay', () => {
  const lines = [TRADES, ...[0, 10, 20, 30].map((ms, i) => `${T0 + ms},0,${i},100,1,buy`)];

  test('releases each trade when the clock reaches it, once, and then has ended', async () => {
    const feed = await createFileFeed({ path: await file(lines), symbol: 'BTC-USDT' });
    const take = (ms: number) => feed.take(epochMs(T0 + ms)).map(({ at }) => at - T0);
    expect(take(-1)).toEqual([]);
    expect(take(15)).toEqual([0, 10]);
    expect(take(15)).toEqual([]);
    expect(feed.report().ended).toBe(false);
    expect(take(99)).toEqual([20, 30]);
    expect(feed.report()).toMatchObject({ ended: true, firstAt: T0, lastAt: T0 + 30 });
  });

  test('that is resumed goes on after the last trade it released', async () => {
    const path = await file(lines);
    const first = await createFileFeed({ path, symbol: 'BTC-USDT' });
    first.take(epochMs(T0 + 15));
    const snapshot = JSON.parse(JSON.stringify(first.snapshot())) as unknown;
    const second = await createFileFeed({ path, symbol: 'BTC-USDT', snapshot });
    expect(second.take(epochMs(T0 + 99)).map(({ at }) => at - T0)).toEqual([20, 30]);
  });
});

describe('a candle file', () => {
  const CANDLES = 'ts,open,high,low,close,volume';

  test('becomes trades that rise through the low and fall through the high', async () => {
    const path = await file([
      CANDLES,
      `${T0},100,104,99,103,4`,
      `${T0 + 60_000},103,105,98,99,2`,
      `${T0 + 120_000},99,99,99,99,0`,
      `${T0 + 180_000},99,98,97,98,1`,
    ]);
    const { entries, badRows } = await readRecording({ path, symbol: 'BTC-USDT' });
    const prints = entries.flatMap((entry) => entry.prints());
    expect(prints.map((print) => formatDecimal(print.price))).toEqual(
      ['100', '99', '104', '103'].concat(['103', '105', '98', '99']),
    );
    expect(prints.map(({ at }) => at - T0).slice(0, 4)).toEqual([0, 20_000, 40_000, 59_999]);
    expect(badRows).toEqual([{ line: 5, reason: 'open or close lies outside of low and high' }]);
  });

  test('prop: the trades of a bar have its prices, and exactly its volume', () => {
    fc.assert(
      fc.property(
        fc.tuple(fc.nat(1_000), fc.nat(1_000), fc.nat(1_000), fc.nat(1_000)),
        fc.bigInt({ min: 4n, max: 10n ** 12n }),
        (ticks, units) => {
          const [a, b, c, d] = ticks.toSorted((x, y) => x - y).map((t) => price(String(t + 1)));
          if (a === undefined || b === undefined || c === undefined || d === undefined) return;
          const digits = units.toString().padStart(9, '0');
          const volume = qty(`${digits.slice(0, -8)}.${digits.slice(-8)}`);
          const bar = { openAt: epochMs(T0), open: b, high: d, low: a, close: c, volume };
          const prints = expandBar(bar, 60_000);
          expect(prints.map((print) => print.size).reduce(addQty, ZERO_QTY)).toBe(volume);
          expect(prints.every(({ size }) => size > 0n)).toBe(true);
          expect(prints.map((print) => print.price)).toEqual([b, a, d, c]);
        },
      ),
    );
  });
});
