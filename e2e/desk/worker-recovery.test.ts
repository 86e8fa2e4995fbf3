import { createMarketData } from '@tradewind/adapters/venue/market-data';
import { readPrices } from '@tradewind/adapters/market/read-prices';
import { chunkDoc } from '@tradewind/contracts/documents/market';
import { chunkId, paths } from '@tradewind/contracts/paths';
import { cascadeAdd, cascadeAdvance, cascadeInit } from '@tradewind/core/market/cascade';
import { candleOf, tickOf } from '@tradewind/core/market/convert';
import { gridOf } from '@tradewind/core/market/grid';
import type { Candle, Trade } from '@tradewind/core/market/market';
import * as z from 'zod';
import { callJson } from '../../tools/src/lib/http.ts';
import { waitFor } from '../../tools/src/lib/wait.ts';
import { clearFaults, deskUnderTest, openStore, processesOf } from '../lib/desk.ts';

const SYMBOL = 'ETH-USDT';
const KEY = `binance_spot_${SYMBOL}`;
const MINUTE = 60_000;
const store = openStore();
const { ports } = deskUnderTest();
const venue = createMarketData({ venue: 'binance', market: 'spot', sandboxPort: ports.sandbox });
const testOnLinux = process.platform === 'linux' ? test : test.skip;

const status = z.looseObject({
  ticksIn: z.record(
    z.string(),
    z.looseObject({ count: z.number(), phase: z.string(), backfilled: z.number() }),
  ),
});
const lineNow = async () => {
  const told = await callJson({ method: 'GET', port: ports.worker, path: '/status' }).catch(() => ({
    ticksIn: {},
  }));
  return status.parse(told).ticksIn[SYMBOL];
};
/** Waits until the worker follows the market and has taken `count` trades of it. */
const untilLive = (count = 1) =>
  waitFor(
    `${SYMBOL} to be live`,
    async () => {
      const line = await lineNow();
      return line?.phase === 'live' && line.count >= count ? line : undefined;
    },
    { timeoutMs: 60_000, everyMs: 200 },
  );
const order = (body: object): Promise<unknown> =>
  callJson({ method: 'POST', port: ports.sandbox, path: '/admin/stream', body });

/** Every trade that the venue printed from `since` on. */
async function printed(since: number): Promise<Trade[]> {
  const read = await venue.trades(SYMBOL, { limit: 1_000 });
  if (!read.ok) throw new Error(read.error.message);
  expect(read.value[0]?.at).toBeLessThan(since);
  return read.value.filter(({ at }) => at >= since);
}

/** The candles of a run that nothing disturbed. */
async function undisturbed(since: number, until: number): Promise<Candle[]> {
  const found = await venue.instruments([SYMBOL]);
  const [instrument] = found.ok ? found.value : [];
  if (instrument === undefined) throw new Error(`the venue has no ${SYMBOL}`);
  const grid = gridOf(instrument);
  const candles: Candle[] = [];
  const state = cascadeInit({ closedUntil: since, lastClose: null });
  const sink: Parameters<typeof cascadeAdd>[2] = (series, bar) => {
    if (series === '1m') candles.push(candleOf(bar, grid));
  };
  for (const trade of await printed(since)) {
    const tick = tickOf(trade, grid);
    if (tick !== undefined) cascadeAdd(state, tick, sink);
  }
  cascadeAdvance(state, until + 2_000, sink);
  return candles.filter(({ openAt }) => openAt < until);
}

async function stored(openAt: number): Promise<Candle | undefined> {
  const chunk = await store.get(paths.chunk(KEY, chunkId(openAt)), chunkDoc);
  return chunk?.candles.find((candle) => candle.openAt === openAt);
}

const numbers = ({
  openAt,
  open,
  high,
  low,
  close,
  volume,
  buyVolume,
  trades,
  buyTrades,
}: Candle) => ({
  ...{ openAt, open, high, low, close, volume, buyVolume, trades, buyTrades },
});

afterEach(clearFaults);
afterAll(() => venue.close());

testOnLinux(
  'MD-T16 killed, cut off, and fed rubbish, duplicates and trades out of order, the worker stores the candles of an undisturbed run',
  async () => {
    await untilLive();
    const since = Math.floor(Date.now() / MINUTE) * MINUTE;
    const workers = processesOf({ command: 'worker/src/main.ts' });
    expect(workers).toHaveLength(1);
    for (const pid of workers) process.kill(pid, 'SIGKILL');
    await waitFor('the worker to be gone', async () =>
      (await lineNow()) === undefined ? true : undefined,
    );
    const { count } = await untilLive();
    const fault = (kind: string, hits: number) => ({ kind, symbol: SYMBOL, count: hits });
    await order({
      faults: [
        fault('garbage', 10),
        fault('duplicate', 5),
        fault('swap', 5),
        fault('late', 5),
        fault('lose', 5),
      ],
    });
    await untilLive(count + 20);
    await order({ disconnect: true });
    await untilLive(count + 25);

    const until = Math.floor(Date.now() / MINUTE) * MINUTE + MINUTE;
    await waitFor(
      'the last minute to be stored',
      async () => ((await stored(until - MINUTE)) === undefined ? undefined : true),
      { timeoutMs: 120_000, everyMs: 500 },
    );
    const expected = await undisturbed(since, until);
    expect(expected).toHaveLength((until - since) / MINUTE);
    for (const candle of expected) {
      const own = await stored(candle.openAt);
      if (own === undefined)
        throw new Error(`no candle of ${new Date(candle.openAt).toISOString()}`);
      if (own.source === 'venue') expect(own.gapFilled).toBe(true);
      else expect(numbers(own)).toEqual(numbers(candle));
    }
  },
  300_000,
);

test('MD-T03 MD-62 MD-65 a stream that falls silent is replaced by REST, and trusted again once it is back', async () => {
  const price = async () => (await readPrices(store)).get(KEY);
  const until = (
    what: string,
    isSo: (told: NonNullable<Awaited<ReturnType<typeof price>>>) => boolean,
  ) =>
    waitFor(
      what,
      async () => {
        const told = await price();
        return told !== undefined && isSo(told) ? told : undefined;
      },
      { timeoutMs: 60_000, everyMs: 250 },
    );
  await until('a price of the stream', ({ source, stale }) => source === 'ws' && !stale);
  await order({ mute: true });
  const polled = await until('a price of REST', ({ source }) => source === 'rest');
  expect(polled).toMatchObject({ degraded: true, dataQuality: 0.6 });
  await order({ mute: false });
  const back = await until('a price of the stream', ({ source }) => source === 'ws');
  expect(back.stale).toBe(true);
  expect(await until('trust', ({ stale }) => !stale)).toMatchObject({
    degraded: false,
    dataQuality: 1,
  });
}, 180_000);
