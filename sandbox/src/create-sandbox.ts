import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import type { ParsedUrlQuery } from 'node:querystring';
import formbody from '@fastify/formbody';
import { epochMs, wallClock, type EpochMs, type MarketClock } from '@tradewind/core/lib/time';
import { ZERO_MONEY, type Money, type Qty } from '@tradewind/core/lib/units';
import { SIM_DEFAULTS, simInit, type SimConfig } from '@tradewind/core/simulation/state';
import Fastify, { type FastifyInstance } from 'fastify';
import { registerAdmin, type AdminParts } from './admin/routes.ts';
import type { Context } from './context.ts';
import { createExchange, type Exchange } from './exchange/exchange.ts';
import { KEPT_TRADES } from './exchange/tape.ts';
import { createOpening } from './exchange/valuation.ts';
import { createFeed } from './feeds/create-feed.ts';
import { hostKind } from './hosts.ts';
import { warn } from './log.ts';
import { errors } from './rest/errors.ts';
import { createFaults } from './rest/faults.ts';
import { registerRest } from './rest/routes.ts';
import { futuresOf } from './symbols.ts';
import { exchangeState, loadState, saveState } from './state.ts';
import { createSockets } from './stream/sockets.ts';

/** What a sandbox is started with. Market rules, fees and costs have the paper venue's defaults. */
export type SandboxOptions = {
  /** 0 chooses a free one. */
  readonly port: number;
  readonly symbols: readonly string[];
  /** `sandbox`, `push`, `rate:TRADES_PER_SECOND` or `file:PATH`. */
  readonly feed: string;
  readonly seed: number;
  /** Absent: market time is wall time, and for a file it starts at the file's first trade. */
  readonly clock?: MarketClock;
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly initial: Readonly<Record<string, Qty>>;
  /** What the futures account begins with, in USDT; nothing when left out. */
  readonly futuresWallet?: Money;
  /** File to resume from and to save to. */
  readonly stateFile?: string;
  /** Symbol of a file without a symbol column. */
  readonly symbol?: string;
  /** Which rows of a file with a market column are replayed. */
  readonly market?: string;
  /** Newest trades of each market that REST can tell, where the feed cannot make them again. */
  readonly keptTrades?: number;
  readonly config?: Partial<Omit<SimConfig, 'instruments'>>;
  /** The wall clock; tests give their own. */
  readonly wallNow?: () => EpochMs;
};

export type Sandbox = {
  readonly port: number;
  readonly exchange: Exchange;
  readonly marketNow: () => EpochMs;
  /** Releases what the feed has by now and lets due orders reach the book. */
  readonly pump: () => void;
  readonly save: () => Promise<void>;
  /** Saves, then stops. */
  readonly close: () => Promise<void>;
};

/** Latency of a venue next door; the paper venue's own default of 50 to 300 ms can be chosen. */
const NEARBY = { min: 5, max: 25 };
const PUMP_EVERY_MS = 25;
const SAVE_EVERY_MS = 3_000;
/** Streams of klines and book tickers are sent this often. */
const FLUSH_EVERY_MS = 250;

async function createApp(): Promise<FastifyInstance> {
  const app = Fastify({ forceCloseConnections: true, bodyLimit: 16 * 1024 * 1024 });
  // Signatures cover the body as it was sent, so the form is passed on unread.
  await app.register(formbody, {
    parser: (text) => text as unknown as ParsedUrlQuery,
  });
  app.addHook('onRequest', async (request, reply) => {
    const kind = hostKind(request.headers.host);
    const admin = request.url.startsWith('/admin/');
    if (kind === 'rest' || kind === 'local') {
      if (!admin || kind === 'local') return;
    }
    const { status, code, msg } = errors.host(request.headers.host ?? '');
    await reply.code(status).send({ code, msg });
  });
  return app;
}

/** Repeats without overlap; the timer does not keep the process alive. */
function every(ms: number, run: () => void): () => void {
  const timer = setInterval(run, ms);
  timer.unref();
  return () => {
    clearInterval(timer);
  };
}

/** The market's clock, which can be set while it runs. */
function createClock(options: SandboxOptions, wallNow: () => EpochMs) {
  let clock = options.clock;
  return {
    set: (next: MarketClock): void => {
      clock = next;
    },
    get: (): MarketClock => clock ?? wallClock,
    /** A clock that starts in the future may stand before 1970: then it is 0, and nothing is released. */
    now: (): EpochMs => {
      const { origin, startedAt, speed } = clock ?? wallClock;
      const wall = wallNow();
      return epochMs(Math.max(0, Math.floor(origin + (wall - startedAt) * speed)));
    },
    chosen: clock !== undefined,
  };
}

/** The saved state, as far as it belongs to this feed. */
async function resume({ stateFile, feed }: SandboxOptions) {
  const saved = stateFile === undefined ? undefined : await loadState(stateFile);
  const same = saved?.feedKind === feed;
  if (saved !== undefined && !same)
    warn('the saved market is of another feed: balances and orders are kept, candles are not', {
      saved: saved.feedKind,
      feed,
    });
  return { saved, market: same ? saved : undefined };
}

/**
 * Starts a Binance spot look-alike on one port: REST, streams and `/admin`.
 *
 * Everything on the market carries market time; `GET /api/v3/time` and the check of signatures use
 * wall time, because that is what callers sign with.
 *
 * @throws RangeError when symbols, feed or state cannot be used; the message says what to do.
 */
export async function createSandbox(options: SandboxOptions): Promise<Sandbox> {
  const wallNow = options.wallNow ?? (() => epochMs(Date.now()));
  let skewMs = 0;
  const clock = createClock(options, wallNow);
  const { saved, market } = await resume(options);
  const { feed, push, firstAt } = await createFeed({
    ...options,
    now: clock.now(),
    snapshot: market?.feed,
  });
  if (!clock.chosen && firstAt !== null)
    clock.set({ origin: firstAt, startedAt: wallNow(), speed: 1 });
  const exchange = createExchange(
    {
      ...SIM_DEFAULTS,
      latencyMs: NEARBY,
      ...options.config,
      instruments: Object.fromEntries(
        [...feed.instruments, ...futuresOf(feed.instruments)].map((i) => [i.marketKey, i]),
      ),
    },
    {
      engine:
        saved?.engine ??
        simInit(options.initial, options.seed, options.futuresWallet ?? ZERO_MONEY),
      orders: saved?.orders ?? [],
      fills: saved?.fills ?? [],
      incomes: saved?.incomes ?? [],
      tapes: market?.tapes ?? {},
    },
    (symbol) => ({
      keptTrades: options.keptTrades ?? KEPT_TRADES,
      recall: feed.recall === undefined ? undefined : (id) => feed.recall?.(symbol, id),
      history: feed.history === undefined ? undefined : () => feed.history?.(symbol) ?? [],
    }),
  );
  const opening = createOpening(exchange, feed.instruments[0]?.quote ?? 'USDT', {
    initial: options.initial,
    value: saved?.openingValue ?? undefined,
  });
  const { apiKey, apiSecret } = options;
  const context: Context = {
    exchange,
    apiKey,
    apiSecret,
    listenKey: randomUUID().replaceAll('-', ''),
    wallNow: () => epochMs(wallNow() + skewMs),
    marketNow: clock.now,
    clock: clock.get,
    setClock: clock.set,
    setSkew: (ms) => {
      skewMs = ms;
    },
  };
  return start(options, { context, feed, push, opening });
}

/** Registers the routes, starts the timers and listens. */
async function start(
  { port, feed: feedKind, stateFile }: SandboxOptions,
  parts: Pick<AdminParts, 'context' | 'feed' | 'push' | 'opening'>,
): Promise<Sandbox> {
  const { context, feed, opening } = parts;
  const { exchange, marketNow } = context;
  const app = await createApp();
  const faults = createFaults();
  const sockets = createSockets(app.server, context);
  const pump = (): void => {
    sockets.batch(() => {
      exchange.print(feed.take(marketNow()));
    });
    exchange.advance(marketNow());
    opening.value();
  };
  const save = async (): Promise<void> => {
    if (stateFile === undefined) return;
    await saveState(stateFile, {
      version: 1,
      feedKind,
      feed: feed.snapshot(),
      openingValue: opening.value() ?? null,
      ...exchangeState(exchange),
    });
  };
  // An order reaches the book when it is due, not when the pump next comes round.
  exchange.listen((news) => {
    const dueAt = news.kind === 'account' && news.event.kind === 'accepted' && exchange.nextDueAt();
    if (typeof dueAt !== 'number') return;
    const waitMs = (dueAt - marketNow()) / context.clock().speed;
    setTimeout(pump, Math.max(0, Math.ceil(waitMs))).unref();
  });
  registerRest(app, context, faults);
  registerAdmin(app, { ...parts, faults, sockets, pump });
  pump();
  await app.listen({ port, host: '127.0.0.1' });
  return running({ app, exchange, pump, save, sockets, marketNow });
}

/** The timers of a sandbox that listens, and how to stop it. */
function running(parts: {
  readonly app: FastifyInstance;
  readonly exchange: Exchange;
  readonly marketNow: () => EpochMs;
  readonly pump: () => void;
  readonly save: () => Promise<void>;
  readonly sockets: ReturnType<typeof createSockets>;
}): Sandbox {
  const { app, exchange, pump, save, sockets } = parts;
  let saving = Promise.resolve();
  const saveInTurn = (): Promise<void> => {
    saving = saving.then(save).catch((error: unknown) => {
      warn('the state could not be saved', { error: String(error) });
    });
    return saving;
  };
  const timers = [
    every(PUMP_EVERY_MS, pump),
    every(FLUSH_EVERY_MS, sockets.flush),
    every(SAVE_EVERY_MS, () => void saveInTurn()),
  ];
  const { port } = app.server.address() as AddressInfo;
  const stop = async (): Promise<void> => {
    for (const end of timers) end();
    await saveInTurn();
    sockets.close();
    await app.close();
  };
  let stopped: Promise<void> | undefined;
  return {
    port,
    exchange,
    marketNow: parts.marketNow,
    pump,
    save: saveInTurn,
    close: () => (stopped ??= stop()),
  };
}
