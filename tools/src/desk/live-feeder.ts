import { setTimeout as delay } from 'node:timers/promises';
import type { Trade } from '@tradewind/core/market/market';
import { epochMs } from '@tradewind/core/lib/time';
import { formatDecimal } from '@tradewind/core/lib/units';
import { Fault, messageOf } from '../lib/fault.ts';
import { callJson } from '../lib/http.ts';

/** Carries the public trades of a real venue to the sandbox, whose price process they become. */
export type LiveFeeder = { readonly stop: () => Promise<void> };

type LiveFeederOptions = {
  readonly venue: string;
  readonly symbols: readonly string[];
  readonly sandboxPort: number;
  readonly say: (text: string) => void;
  /** Port of a sandbox that stands in for the venue; the real one when left out. */
  readonly venuePort?: number;
};

const redirectOf = ({ venuePort }: LiveFeederOptions) =>
  venuePort === undefined ? {} : { sandboxPort: venuePort };

const HISTORY_CANDLES = 500;
const FIRST_TRADE_MS = 60_000;
const LONGEST_PAUSE_MS = 30_000;

const symbolOf = ({ marketKey }: Trade): string => marketKey.split('_').slice(2).join('_');

const pushTrades = (port: number, trades: readonly Trade[]): Promise<unknown> =>
  callJson({
    method: 'POST',
    port,
    path: '/admin/trades',
    body: {
      trades: trades.map((trade) => ({
        symbol: symbolOf(trade),
        at: trade.at,
        price: formatDecimal(trade.price),
        size: formatDecimal(trade.size),
        side: trade.side,
      })),
    },
  });

/** Candles from before the first trade, so that the bots' warm-up is immediate. Binance only. */
async function pushHistory(options: LiveFeederOptions): Promise<void> {
  const { venue, symbols, sandboxPort } = options;
  if (venue !== 'binance') return;
  const { createVenue } = await import('@tradewind/adapters/venue/create-venue');
  const wallNow = () => epochMs(Date.now());
  const nobody = { apiKey: '', apiSecret: '' };
  const source = createVenue({ venue, ...nobody, clock: { wallNow }, ...redirectOf(options) });
  try {
    for (const symbol of symbols) {
      const minute = Math.floor(wallNow() / 60_000) * 60_000;
      const since = epochMs(minute - HISTORY_CANDLES * 60_000);
      const read = await source.candles(symbol, { since, limit: HISTORY_CANDLES });
      if (!read.ok) throw new Error(read.error.message);
      const candles = read.value
        .filter(({ openAt }) => openAt < minute)
        .map((candle) => ({
          openAt: candle.openAt,
          open: formatDecimal(candle.open),
          high: formatDecimal(candle.high),
          low: formatDecimal(candle.low),
          close: formatDecimal(candle.close),
          volume: formatDecimal(candle.volume),
          quoteVolume: formatDecimal(candle.quoteVolume),
          trades: candle.trades,
        }));
      const path = '/admin/history';
      await callJson({ method: 'POST', port: sandboxPort, path, body: { symbol, candles } });
    }
  } finally {
    await source.close();
  }
}

/** Streams until stopped, reconnecting; `first` hears of the first batch of trades. */
async function stream(
  options: LiveFeederOptions,
  signal: AbortSignal,
  first: () => void,
): Promise<void> {
  const { createFeed } = await import('@tradewind/adapters/venue/create-feed');
  for (let failures = 0; !signal.aborted;) {
    const feed = createFeed({ venue: options.venue, ...redirectOf(options) });
    const close = (): void => void feed.close();
    signal.addEventListener('abort', close, { once: true });
    try {
      for (const symbol of options.symbols) feed.subscribe(symbol, 'trades');
      while (!isAborted(signal)) {
        const { trades, faults } = await feed.next(signal);
        for (const { kind, what } of faults)
          if (kind === 'unlisted' || kind === 'refused') options.say(what);
        if (trades.length === 0) continue;
        await pushTrades(options.sandboxPort, trades);
        failures = 0;
        first();
      }
    } catch (error) {
      if (isAborted(signal)) return;
      failures += 1;
      options.say(`${options.venue}'s trades stopped (${messageOf(error)}); connecting again`);
      await feed.close();
      const pause = Math.min(LONGEST_PAUSE_MS, 1_000 * 2 ** failures);
      await delay(pause, undefined, { signal }).catch(() => undefined);
    } finally {
      signal.removeEventListener('abort', close);
    }
  }
}

const isAborted = (signal: AbortSignal): boolean => signal.aborted;

/** Starts feeding and waits for the first trade. @throws Fault when the venue can not be reached. */
export async function startLiveFeeder(options: LiveFeederOptions): Promise<LiveFeeder> {
  const controller = new AbortController();
  let heard: () => void = () => undefined;
  let lastFault = '';
  const firstTrade = new Promise<true>((resolve) => {
    heard = () => {
      resolve(true);
    };
  });
  const unreachable = (why: string): Fault => {
    controller.abort();
    return new Fault(
      `No trades of ${options.venue} arrived: ${why}\n` +
        'Is this machine online, and does the venue trade these symbols? Without a network, use the default feed: npm start',
    );
  };
  try {
    await pushHistory(options);
  } catch (error) {
    throw unreachable(messageOf(error));
  }
  const streaming = stream(
    {
      ...options,
      say: (text) => {
        lastFault = text;
        options.say(text);
      },
    },
    controller.signal,
    heard,
  );
  const failed = streaming.then(
    () => false as const,
    (error: unknown) => {
      lastFault = messageOf(error);
      return false as const;
    },
  );
  const timeout = delay(FIRST_TRADE_MS, false as const, { ref: false });
  if (!(await Promise.race([firstTrade, failed, timeout])))
    throw unreachable(
      lastFault === '' ? `nothing came for ${FIRST_TRADE_MS / 1_000} s` : lastFault,
    );
  return {
    stop: async () => {
      controller.abort();
      await failed;
    },
  };
}
