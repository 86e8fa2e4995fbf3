import type { SourceMarket, SourcePrice } from '@tradewind/adapters/sources/source';
import { err, ok } from '@tradewind/core/lib/result';
import { epochMs } from '@tradewind/core/lib/time';
import { price, priceFromFloat, toNumber } from '@tradewind/core/lib/units';
import type { Origin } from '@tradewind/core/market/market';
import { entryObstacle } from '@tradewind/core/risk/price-quality';
import { createOutsidePrices } from './outside-prices.ts';
import { settle } from './testing/fake-ports.ts';
import { at, KEY, lineBench, SYMBOL } from './testing/line-bench.ts';

/** A market whose venue falls silent after its first minute, and a source that quotes it. */
async function bench(origin: Origin = 'live') {
  const parts = lineBench();
  await parts.begin(at(0, 30));
  await parts.play(at(1, 0));
  const { state, lines, held, line } = parts;
  const last = toNumber(line().price.price() ?? price('1'));
  const source = { factor: 0.99, ageMs: 1_000, currency: 'USD' as string | null, isThere: true };
  const asked: SourceMarket[] = [];
  const told: number[] = [];
  const flags = { isWatched: false };
  const lastPrice = (market: SourceMarket) => {
    asked.push(market);
    const value: SourcePrice = {
      price: priceFromFloat(last * source.factor, 'floor'),
      at: epochMs(state.now - source.ageMs),
      currency: source.currency,
    };
    const answer = { source: 'yahoo' as const, value };
    return Promise.resolve(source.isThere ? ok(answer) : err({ message: 'none', errors: [] }));
  };
  const tick = createOutsidePrices(
    { ...parts.ports, origin, sources: { lastPrice } },
    {
      isHeld: (marketKey) => held.has(marketKey),
      isWatched: () => flags.isWatched,
      onPrice: (_, quoted) => void told.push(toNumber(quoted)),
    },
  );
  const runFor = async (seconds: number): Promise<void> => {
    for (let n = 0; n < seconds; n += 1) {
      state.now += 1_000;
      tick(lines.all());
      for (let turn = 0; turn < 5; turn += 1) await settle();
    }
  };
  const board = () => line().price.record({ now: epochMs(state.now), isTrusted: false });
  return { ...parts, last, source, asked, told, flags, runFor, board };
}

test('MD-10 MD-11 a venue that is dead for a minute has its held market priced from outside, and no entry on it', async () => {
  const { runFor, held, asked, told, board, last } = await bench();
  held.add(KEY);
  await runFor(58);
  expect(asked).toEqual([]);
  expect(board()).toMatchObject({ source: 'ws', stale: true });
  await runFor(4);
  expect(asked).toEqual([{ market: 'spot', symbol: SYMBOL }]);
  expect(told).toEqual([expect.closeTo(last * 0.99, 6)]);
  const record = board();
  expect(record).toMatchObject({ source: 'external', degraded: true, dataQuality: 0.3, bid: null });
  expect(record === undefined ? null : entryObstacle(record, SYMBOL)?.reason).toBe(
    'low_data_quality',
  );
  await runFor(29);
  expect(asked.length).toBe(2);
});

test('a market that nobody holds or looks at is not asked for', async () => {
  const { runFor, asked, flags } = await bench();
  await runFor(90);
  expect(asked).toEqual([]);
  flags.isWatched = true;
  await runFor(1);
  expect(asked.length).toBe(1);
});

test.each(['synthetic', 'recorded'] as const)(
  'ARC-26 on a %s market no real quote is asked for, whatever sources there are',
  async (origin) => {
    const { runFor, held, asked, told, board, flags } = await bench(origin);
    held.add(KEY);
    flags.isWatched = true;
    await runFor(120);
    expect([asked, told]).toEqual([[], []]);
    expect(board()?.source).toBe('ws');
  },
);

test('a quote of 300 s or more prices nothing, and one that was younger ends to', async () => {
  const { runFor, held, source, told, board, state } = await bench();
  held.add(KEY);
  source.ageMs = 300_000;
  await runFor(100);
  expect(told).toEqual([]);
  source.ageMs = 1_000;
  await runFor(30);
  expect(board()?.source).toBe('external');
  state.now += 300_000;
  expect(board()).toMatchObject({ source: 'ws', stale: true, dataQuality: 0 });
});

test.each([
  ['of another coin of the same name', { factor: 0.5 }],
  ['in another currency', { currency: 'EUR' }],
  ['that is not there', { isThere: false }],
])('a quote %s is not believed', async (_, changes) => {
  const { runFor, held, source, asked, told, board } = await bench();
  held.add(KEY);
  Object.assign(source, changes);
  await runFor(70);
  expect(asked.length).toBe(1);
  expect(told).toEqual([]);
  expect(board()?.source).toBe('ws');
});

test('the first trade of the venue takes the place of what was told from outside', async () => {
  const { runFor, held, board, line, state } = await bench();
  held.add(KEY);
  await runFor(70);
  expect(board()?.source).toBe('external');
  // The source's clock may be ahead of the venue's trade.
  line().price.onTrade({ price: price('101'), at: state.now - 20_000, receivedAt: state.now });
  expect(board()).toMatchObject({ source: 'ws', price: price('101') });
});
