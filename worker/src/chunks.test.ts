import type { ChunkDoc } from '@tradewind/contracts/documents/market';
import { epochMs } from '@tradewind/core/lib/time';
import { money, price, qty } from '@tradewind/core/lib/units';
import type { Candle } from '@tradewind/core/market/market';
import { createChunkWriter } from './chunks.ts';
import { at, KEY } from './testing/line-bench.ts';
import { fakePorts } from './testing/fake-ports.ts';

const candle = (minute: number, over: Partial<Candle> = {}): Candle => ({
  openAt: epochMs(at(minute)),
  open: price('1'),
  high: price('2'),
  low: price('1'),
  close: price('2'),
  volume: qty('3'),
  buyVolume: qty('1'),
  quoteVolume: money('4'),
  trades: 5,
  buyTrades: 2,
  gapFilled: false,
  incomplete: false,
  revision: 0,
  source: 'trades',
  ...over,
});
const extras = {
  profiles: [],
  zones: [],
  gaps: [],
  analytics: null,
  venueAt: epochMs(at(0)),
  receivedAt: epochMs(at(0)),
};
function bench() {
  const { ports, documents, writes } = fakePorts();
  const writer = createChunkWriter(ports.store, { marketKey: KEY, origin: 'synthetic' }, () =>
    epochMs(at(100)),
  );
  const store = async (...candles: readonly Candle[]): Promise<void> => {
    await writer.append(candles, extras);
  };
  const stored = (): Candle[] =>
    [...documents.values()].flatMap((doc) => (doc as ChunkDoc).candles);
  return { writer, store, stored, writes, documents, ports };
}
const lacking = candle(1, { incomplete: true, trades: 3 });
const told = candle(1, { source: 'venue', gapFilled: true, trades: 6, buyTrades: null });
const rebuilt = candle(1, { gapFilled: true, trades: 6, high: price('3') });

test.each<[string, Candle, Candle, Partial<Candle>]>([
  [
    'the same again changes nothing',
    candle(1),
    candle(1, { gapFilled: true }),
    { revision: 0, gapFilled: false },
  ],
  [
    'rebuilt with more trades it is the next revision',
    candle(1),
    rebuilt,
    { revision: 1, trades: 6 },
  ],
  ['rebuilt with fewer it stays', rebuilt, candle(1), { revision: 0, trades: 6 }],
  ['one that lacks trades gives way', lacking, told, { revision: 1, source: 'venue' }],
  [
    'one that lacks trades replaces no whole one',
    candle(1),
    lacking,
    { revision: 0, incomplete: false },
  ],
  ["trades replace the venue's candle", told, candle(1), { revision: 1, source: 'trades' }],
  ["the venue's does not replace a whole one", candle(1), told, { revision: 0, source: 'trades' }],
  [
    'it does replace one after a gap, where they differ (MD-46)',
    rebuilt,
    told,
    { revision: 1, source: 'venue' },
  ],
])('MD-33 %s', async (_, first, second, expected) => {
  const { store, stored } = bench();
  await store(first);
  await store(second);
  expect(stored()).toMatchObject([expected]);
});

test('MD-81 an hour is one document, and both are written when a candle of the last hour comes with them', async () => {
  const { store, documents, writes } = bench();
  await store(candle(59), candle(60), candle(61));
  expect(writes).toHaveLength(2);
  await store(candle(62));
  expect(writes).toHaveLength(3);
  const sizes = [...documents.values()].map((doc) => (doc as ChunkDoc).candles.length);
  expect(sizes).toEqual([1, 3]);
});

test('where stored candles end is told across the hour, so that a restart goes on from there', async () => {
  const { writer, store } = bench();
  expect(await writer.storedUntil(epochMs(at(70)))).toBeNull();
  await store(candle(58), candle(59));
  expect(await writer.storedUntil(epochMs(at(70)))).toBe(at(60));
  expect(await writer.storedUntil(epochMs(at(190)))).toBeNull();
});

test('a write that failed is made good with the next one', async () => {
  const { ports, documents } = fakePorts();
  let broken = true;
  const set: typeof ports.store.set = (...args) =>
    broken ? Promise.reject(new Error('unavailable')) : ports.store.set(...args);
  const market = { marketKey: KEY, origin: 'synthetic' as const };
  const writer = createChunkWriter({ ...ports.store, set }, market, () => epochMs(0));
  await expect(writer.append([candle(1)], extras)).rejects.toThrow('unavailable');
  broken = false;
  await writer.append([candle(1), candle(2)], extras);
  expect([...documents.values()].flatMap((doc) => (doc as ChunkDoc).candles)).toHaveLength(2);
});
