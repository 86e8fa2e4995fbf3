import type { BotDoc } from '@tradewind/contracts/documents/bot';
import type { ChunkDoc } from '@tradewind/contracts/documents/market';
import { cascadeAdd, cascadeAdvance, cascadeInit } from '@tradewind/core/market/cascade';
import { candleOf, tickOf } from '@tradewind/core/market/convert';
import { gridOf } from '@tradewind/core/market/grid';
import { epochMs } from '@tradewind/core/lib/time';
import type { Candle, Trade } from '@tradewind/core/market/market';
import { createLimiter } from './limiter.ts';
import { createLineStore } from './line-store.ts';
import { createLines } from './lines.ts';
import type { Missed } from './guarded.ts';
import { createQueue } from './queue.ts';
import { instrument, tradeOf } from './testing/fake-market.ts';
import { fakePorts, settle } from './testing/fake-ports.ts';

const SYMBOL = 'BTC-USDT';
const KEY = `binance_spot_${SYMBOL}`;
const FEED = { venue: 'binance', market: 'spot' } as const;
/** A full hour, in minutes. */
const START = 29_919_000;
const at = (minute: number, seconds = 0) => (START + minute) * 60_000 + seconds * 1_000;

/** Two hours of a market that trades every two seconds, its price a slow wave. */
const tape = Array.from({ length: 3_600 }, (_, n) =>
  tradeOf(SYMBOL, n + 1, {
    at: at(-60) + n * 2_000 + 137,
    text: (100 + Math.round(Math.sin(n / 40) * 300) / 100).toFixed(2),
  }),
);

/** Candles of an undisturbed run over the whole tape. */
const undisturbed = ((): ReadonlyMap<number, Candle> => {
  const grid = gridOf(instrument(SYMBOL));
  const candles = new Map<number, Candle>();
  const state = cascadeInit({ closedUntil: at(-60), lastClose: null });
  const sink = (series: string, bar: Parameters<typeof candleOf>[0]): void => {
    if (series === '1m') candles.set(bar.openAt, candleOf(bar, grid));
  };
  for (const trade of tape) {
    const tick = tickOf(trade, grid);
    if (tick !== undefined) cascadeAdd(state, tick, sink);
  }
  cascadeAdvance(state, at(120), sink);
  return candles;
})();

function bench(bots: readonly Pick<BotDoc, 'botId' | 'bookId' | 'marketKey' | 'timeframe'>[] = []) {
  const fake = fakePorts();
  const { ports, state, market, documents } = fake;
  market.of(SYMBOL).push(...tape);
  const ending = new AbortController();
  const gaps: Missed[] = [];
  const prices: number[] = [];
  const held = new Set<string>();
  const board = { publish: () => Promise.resolve(void fake.writes.push('board')) };
  const guard = {
    onTrade: () => void prices.push(state.now),
    onGap: (_: string, missed: readonly Missed[]) => void gaps.push(...missed),
  };
  const store = createLineStore(ports, { board, bots: () => bots as BotDoc[] });
  const lines = createLines(ports, {
    shard: 'worker-0',
    sync: {
      guard,
      limiter: createLimiter(4),
      isHeld: (key) => held.has(key),
      signal: ending.signal,
    },
    store,
    queue: () => queue,
    seenBefore: () => null,
    onProcessed: () => undefined,
  });
  const queue = createQueue(ports, 'worker-0', {
    process: lines.process,
    onDropped: lines.dropped,
    hasPosition: (key) => held.has(key),
    onSlow: lines.slow,
  });
  const follow = (): void => {
    lines.follow([{ marketKey: KEY, symbol: SYMBOL }]);
  };
  /** Lets syncs run until the market lives. */
  const live = async (): Promise<void> => {
    for (let n = 0; n < 2_000 && lines.get(KEY)?.phase !== 'live'; n += 1) await settle();
    expect(lines.get(KEY)?.phase).toBe('live');
  };
  let sent = 0;
  const startAt = (now: number): void => {
    state.now = now;
    sent = tape.findIndex((trade) => trade.at > now);
  };
  /** Delivers what was printed until `until`, second by second, changed as told on its way. */
  const play = async (
    until: number,
    change: (trades: readonly Trade[]) => readonly Trade[] = (trades) => trades,
  ): Promise<void> => {
    while (state.now < until) {
      state.now += 1_000;
      const first = sent;
      while ((tape[sent]?.at ?? Infinity) <= state.now) sent += 1;
      for (const trade of change(tape.slice(first, sent)))
        lines.receive({ ...trade, receivedAt: epochMs(state.now) });
      queue.drain();
      lines.tick(epochMs(state.now - 1_000), () => true);
      await settle();
    }
  };
  /** Time passes and nothing arrives; nothing is closed either, as on a lost connection. */
  const silence = (until: number): void => {
    state.now = until;
    sent = tape.findIndex((trade) => trade.at > until);
  };
  const candles = (): Candle[] =>
    [...documents]
      .filter(([path]) => path.startsWith(`markets/${KEY}/chunks/`))
      .flatMap(([, doc]) => (doc as ChunkDoc).candles)
      .sort((a, b) => a.openAt - b.openAt);
  const line = () => {
    const found = lines.get(KEY);
    if (found === undefined) throw new Error('it is not followed');
    return found;
  };
  return {
    ...fake,
    lines,
    queue,
    follow,
    live,
    play,
    silence,
    startAt,
    candles,
    line,
    gaps,
    prices,
    held,
  };
}

const numbers = ({
  openAt,
  open,
  high,
  low,
  close,
  volume,
  buyVolume,
  quoteVolume,
  trades,
  buyTrades,
}: Candle) => ({
  minute: (openAt - at(0)) / 60_000,
  ...{ open, high, low, close, volume, buyVolume, quoteVolume, trades, buyTrades },
});

/** Stored candles of trades are those of an undisturbed run; what differs is a candle of the venue, and says so. */
function expectUndisturbed(candles: readonly Candle[], from: number, until: number): void {
  const own = candles.filter(({ openAt }) => openAt >= at(from) && openAt < at(until));
  expect(own.map(({ openAt }) => (openAt - at(0)) / 60_000)).toEqual(
    Array.from({ length: until - from }, (_, n) => from + n),
  );
  for (const candle of own) {
    const expected = undisturbed.get(candle.openAt);
    expect(expected).toBeDefined();
    if (candle.source === 'venue') expect(candle.gapFilled).toBe(true);
    else if (expected !== undefined) expect(numbers(candle)).toEqual(numbers(expected));
  }
}

test('MD-47 a market begins with 600 closed candles of every timeframe, read over REST', async () => {
  const { follow, live, startAt, market, candles, play, line } = bench();
  startAt(at(0, 30));
  follow();
  await live();
  const asked = market.state.calls.filter((call) => call.startsWith('candles'));
  expect(asked).toEqual(
    ['1m', '5m', '15m', '1h'].map((timeframe) => `candles ${SYMBOL} ${timeframe}`),
  );
  await play(at(2, 30));
  expect(candles().filter(({ openAt }) => openAt < at(0))).toHaveLength(600);
  expect(line().failures).toBe(0);
});

test('the minute in which the stream begins is rebuilt from its trades, and marked', async () => {
  const { follow, live, startAt, play, candles } = bench();
  startAt(at(0, 30));
  follow();
  await live();
  await play(at(4, 30));
  expectUndisturbed(candles(), 0, 3);
  const flags = candles()
    .slice(-4)
    .map(({ gapFilled, source }) => [gapFilled, source]);
  expect(flags.slice(0, 3)).toEqual([
    [true, 'trades'],
    [false, 'trades'],
    [false, 'trades'],
  ]);
});

test('MD-23 MD-T04 what a lost connection missed is read by trade ids: candles are those of an undisturbed run', async () => {
  const { follow, live, startAt, play, silence, lines, candles, line } = bench();
  startAt(at(0, 30));
  follow();
  await live();
  await play(at(2, 20));
  silence(at(4, 40));
  lines.rejoin(FEED);
  await live();
  await play(at(7, 30));
  expectUndisturbed(candles(), 0, 6);
  const marked = candles().filter(({ openAt, gapFilled }) => openAt >= at(1) && gapFilled);
  expect(marked.map(({ openAt }) => (openAt - at(0)) / 60_000)).toEqual([2, 3, 4]);
  expect(line().backfilled).toBeGreaterThan(60);
});

test('MD-31 duplicates, late and reordered trades give the same candles', async () => {
  const { follow, live, startAt, play, candles } = bench();
  startAt(at(0, 30));
  follow();
  await live();
  let kept: Trade[] = [];
  await play(at(6, 30), (trades) => {
    const [now, held] = [kept, [...trades]];
    kept = held;
    // A second late, backwards, and each of them twice.
    return [...now, ...now].reverse();
  });
  expectUndisturbed(candles(), 0, 5);
});

test('a silence that looked like a quiet market is corrected: the minute gets its next revision (MD-33)', async () => {
  const { follow, live, startAt, play, candles, lines } = bench();
  startAt(at(0, 30));
  follow();
  await live();
  await play(at(2, 50));
  // The stream is mute, and minutes close without the trades that were made.
  await play(at(3, 10), () => []);
  lines.rejoin(FEED);
  await live();
  await play(at(6, 30));
  expectUndisturbed(candles(), 0, 5);
  const corrected = candles().find(({ openAt }) => openAt === at(2));
  expect(corrected).toMatchObject({ revision: 1, gapFilled: true });
});

test('a venue that does not count its trades fills the gap with its own candles, and they say so', async () => {
  const { follow, live, startAt, play, silence, lines, candles, market } = bench();
  market.state.tradesById = false;
  startAt(at(0, 30));
  follow();
  await live();
  await play(at(3, 20));
  silence(at(4, 40));
  lines.rejoin(FEED);
  await live();
  await play(at(8, 30));
  expectUndisturbed(candles(), 0, 7);
  const told = candles().filter(({ openAt, source }) => openAt >= at(0) && source === 'venue');
  expect(told.length).toBeGreaterThan(1);
});

test('MD-06 a line that throws begins anew alone, from what REST tells', async () => {
  const { follow, live, startAt, play, candles, line, lines } = bench();
  startAt(at(0, 30));
  follow();
  lines.follow([
    { marketKey: KEY, symbol: SYMBOL },
    { marketKey: 'binance_spot_ETH-USDT', symbol: 'ETH-USDT' },
  ]);
  await live();
  const other = lines.get('binance_spot_ETH-USDT');
  await play(at(2, 20));
  const { analysis } = line();
  if (analysis === null) throw new Error('it has none');
  line().analysis = {
    ...analysis,
    tick: () => {
      throw new Error('poison');
    },
  };
  await play(at(2, 22));
  await live();
  await play(at(5, 30));
  expectUndisturbed(candles(), 0, 4);
  expect(other?.turn).toBe(1);
});

test('PF-45 positions hear of the prices that nobody watched, and of no others', async () => {
  const { follow, live, startAt, play, silence, lines, gaps } = bench();
  startAt(at(0, 30));
  follow();
  await live();
  await play(at(2, 20));
  silence(at(2, 40));
  lines.rejoin(FEED);
  await live();
  expect(gaps.map(({ openAt }) => openAt)).toEqual(
    tape.map((trade) => trade.at).filter((time) => time > at(2, 20) && time <= at(2, 41)),
  );
});

test('MD-81 a market is written once a minute, and its bots are woken after that and the board', async () => {
  const bot = { botId: 'trend', bookId: 'paper', marketKey: KEY, timeframe: '1m' as const };
  const { follow, live, startAt, play, writes, tasks } = bench([bot]);
  startAt(at(0, 30));
  follow();
  await live();
  await play(at(1, 30));
  writes.length = 0;
  tasks.length = 0;
  await play(at(11, 30));
  const chunks = writes.filter((path) => path.includes('/chunks/'));
  expect(chunks).toHaveLength(10);
  expect(writes.slice(0, 2).map((path) => path.split('/')[0])).toEqual(['markets', 'board']);
  expect(tasks).toHaveLength(10);
});

test('MD-86 no market is added while memory is short, and what is followed stays', async () => {
  const { ports, lines, follow, documents } = bench();
  follow();
  const full = { ...ports, memoryInUse: () => 0.71 };
  const crowded = createLines(full, {
    shard: 'worker-1',
    sync: {
      guard: { onTrade: () => undefined, onGap: () => undefined },
      limiter: createLimiter(1),
      isHeld: () => false,
      signal: AbortSignal.abort(),
    },
    store: { look: () => undefined, finish: () => Promise.resolve(), halt: () => undefined },
    queue: () => {
      throw new Error('unused');
    },
    seenBefore: () => null,
    onProcessed: () => undefined,
  });
  crowded.follow([{ marketKey: KEY, symbol: SYMBOL }]);
  await settle();
  expect(crowded.all()).toEqual([]);
  expect([...documents.values()]).toContainEqual(
    expect.objectContaining({ rule: 'worker_memory' }),
  );
  expect(lines.all()).toHaveLength(1);
});
