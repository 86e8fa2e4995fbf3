import type { BotDoc } from '@tradewind/contracts/documents/bot';
import type { ChunkDoc } from '@tradewind/contracts/documents/market';
import { epochMs } from '@tradewind/core/lib/time';
import { cascadeAdd, cascadeAdvance, cascadeInit } from '@tradewind/core/market/cascade';
import { candleOf, tickOf } from '@tradewind/core/market/convert';
import { gridOf } from '@tradewind/core/market/grid';
import type { Price } from '@tradewind/core/lib/units';
import type { Candle, Trade } from '@tradewind/core/market/market';
import { createConditions } from '../conditions.ts';
import type { Missed } from '../guarded.ts';
import { createLimiter } from '../limiter.ts';
import type { Line } from '../line.ts';
import { createLineStore } from '../line-store.ts';
import { createLines } from '../lines.ts';
import { createQueue } from '../queue.ts';
import { instrument, tradeOf } from './fake-market.ts';
import { fakePorts, settle } from './fake-ports.ts';

export const SYMBOL = 'BTC-USDT';
export const KEY = `binance_spot_${SYMBOL}`;
export const FEED = { venue: 'binance', market: 'spot' } as const;
/** A full hour, in minutes. */
const START = 29_919_000;
/** Market time of a minute, counted from a full hour. */
export const at = (minute: number, seconds = 0) => (START + minute) * 60_000 + seconds * 1_000;

/** Two hours of a market that trades every two seconds, its price a slow wave. */
export const tape = Array.from({ length: 3_600 }, (_, n) =>
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

/** A bot as far as the lines ask for it. */
export type BenchBot = Pick<BotDoc, 'botId' | 'bookId' | 'marketKey' | 'timeframe'>;

/** Lines with their queue and store over fakes, and what they did. */
function assemble(bots: readonly BenchBot[]) {
  const fake = fakePorts();
  const { ports, state, market } = fake;
  market.of(SYMBOL).push(...tape);
  const tell = createConditions(ports);
  const gaps: Missed[] = [];
  const prices: Price[] = [];
  const held = new Set<string>();
  const isHeld = (marketKey: string): boolean => held.has(marketKey);
  const publish = (): Promise<void> => {
    fake.writes.push('board');
    return Promise.resolve();
  };
  const guard = {
    onTrade: (_: string, price: Price): void => {
      prices.push(price);
    },
    onGap: (_: string, missed: readonly Missed[]): void => {
      gaps.push(...missed);
    },
  };
  const store = createLineStore(ports, {
    board: { publish },
    traders: () => bots.map((bot) => ({ ...bot, symbol: SYMBOL })),
    onStored: () => undefined,
  });
  const lines = createLines(ports, {
    shard: 'worker-0',
    tell,
    sync: { guard, limiter: createLimiter(4), isHeld, signal: new AbortController().signal },
    store,
    queue: () => queue,
    seenBefore: () => null,
    onProcessed: () => undefined,
  });
  const queue = createQueue(ports, {
    shard: 'worker-0',
    tell,
    process: lines.process,
    onDropped: lines.dropped,
    hasPosition: isHeld,
    onSlow: lines.slow,
  });
  return { ...fake, state, lines, queue, gaps, prices, held };
}

/** One market that is followed, and a clock that plays its tape. */
export function lineBench(bots: readonly BenchBot[] = []) {
  const parts = assemble(bots);
  const { state, lines, queue, documents } = parts;
  let sent = 0;
  const skipTo = (now: number): void => {
    state.now = now;
    sent = tape.findIndex((trade) => trade.at > now);
  };
  /** Lets syncs run until the market lives. */
  const live = async (): Promise<void> => {
    for (let n = 0; n < 2_000 && lines.get(KEY)?.phase !== 'live'; n += 1) await settle();
    if (lines.get(KEY)?.phase !== 'live') throw new Error('the market does not come to life');
  };
  return {
    ...parts,
    live,
    /** Follows the market from `now` on, and waits until it lives. */
    begin: async (now: number): Promise<void> => {
      skipTo(now);
      lines.follow([{ marketKey: KEY, symbol: SYMBOL }]);
      await live();
    },
    /** Delivers what was printed until `until`, second by second, changed as told on its way. */
    play: async (
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
    },
    /** Time passes and nothing arrives; nothing is closed either, as on a lost connection. */
    silence: skipTo,
    candles: (): Candle[] =>
      [...documents]
        .filter(([path]) => path.startsWith(`markets/${KEY}/chunks/`))
        .flatMap(([, doc]) => (doc as ChunkDoc).candles)
        .sort((a, b) => a.openAt - b.openAt),
    line: (): Line => {
      const found = lines.get(KEY);
      if (found === undefined) throw new Error('it is not followed');
      return found;
    },
  };
}

const NUMBERS = [
  'openAt',
  'open',
  'high',
  'low',
  'close',
  'volume',
  'buyVolume',
  'quoteVolume',
  'trades',
  'buyTrades',
] as const satisfies readonly (keyof Candle)[];

const numbersOf = (candle: Candle | undefined): string =>
  NUMBERS.map((name) => `${name} ${String(candle?.[name])}`).join(', ');

/**
 * What is wrong with the minutes `[from, until)`: candles of trades have to be those of an undisturbed run,
 * and what the venue told has to say so. None is missing, none is there twice.
 */
export function faultsOf(candles: readonly Candle[], from: number, until: number): string[] {
  return Array.from({ length: until - from }, (_, n) => at(from + n)).flatMap((openAt) => {
    const own = candles.filter((candle) => candle.openAt === openAt);
    const [candle] = own;
    if (candle === undefined || own.length > 1) return [`${openAt} is there ${own.length} times`];
    const expected = undisturbed.get(openAt);
    if (candle.source === 'venue') return candle.gapFilled ? [] : [`${openAt} does not say so`];
    const [is, should] = [numbersOf(candle), numbersOf(expected)];
    return is === should ? [] : [`${is}\ninstead of ${should}`];
  });
}
