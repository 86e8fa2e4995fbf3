import { exitPosition } from '@tradewind/adapters/execution/exit-position';
import { readPrices } from '@tradewind/adapters/market/read-prices';
import type { FeedRecord } from '@tradewind/contracts/documents/system';
import type { EpochMs } from '@tradewind/core/lib/time';
import { priceFromFloat } from '@tradewind/core/lib/units';
import { createBookDuties, type BookDuties } from './book-duties.ts';
import { stateOf } from './connection.ts';
import { createConditions, type TellCondition } from './conditions.ts';
import type { ExitRequest } from './exit-requests.ts';
import { feedRecord, type Feed } from './feeds.ts';
import { createHeartbeat } from './heartbeat.ts';
import { watchLedger, type LedgerView } from './ledger-watch.ts';
import { needWindows, type Line } from './line.ts';
import type { WorkerPorts } from './ports.ts';
import { startPositionSync, type PositionSync } from './position-sync.ts';
import { createPositionGuard, type PositionGuard } from './position-guard.ts';
import { watchPresence, type Presence } from './presence.ts';
import { createRestWatch } from './rest-watch.ts';
import { createShardStream, type ShardStream } from './shard-stream.ts';
import { shardName, shardOf } from './shards.ts';
import { createWindowsInUse } from './windows-in-use.ts';

export type SessionStatus = {
  readonly feeds: readonly FeedRecord[];
  readonly markets: readonly string[];
  /** Markets that are still being brought up to date. */
  readonly syncing: readonly string[];
  /** ISO times of the last trades, by symbol. */
  readonly lastMarketDataAt: Readonly<Record<string, string>>;
};

/** All that happens while this process acts for one shard: from lease to loss or end. */
export type Session = {
  /** Once a second. */
  readonly tick: () => void;
  readonly status: () => SessionStatus;
  readonly lines: () => readonly Line[];
  readonly queueDepth: () => number;
  /** Stops acting at once and writes nothing more: another one may act (EXE-62). */
  readonly abandon: () => void;
  /** Resolves when it was told to end and its connections are closed. */
  readonly done: Promise<void>;
  /** Writes what is pending and says goodbye. */
  readonly finish: () => Promise<void>;
};

/** A shard's place in the world, and how its session ends. */
export type SessionOptions = {
  readonly shard: number;
  /** Aborts when the session is to end. */
  readonly ending: AbortSignal;
  /** A listener of Firestore ended for good. */
  readonly onBroken: (error: Error) => void;
};

/** What a session is made of. */
type Parts = {
  readonly name: string;
  readonly isFirst: boolean;
  readonly isMine: (marketKey: string) => boolean;
  readonly signal: AbortSignal;
  readonly guard: PositionGuard;
  readonly ledger: LedgerView;
  readonly presence: Presence;
  readonly stream: ShardStream;
  /** Of shard 0 alone. */
  readonly positionSync: PositionSync | null;
  readonly tell: TellCondition;
};

/** Market times up to which the worker before us watched prices, by market. */
async function seenBefore(ports: WorkerPorts): Promise<(marketKey: string) => EpochMs | null> {
  const boards = await readPrices(ports.store);
  return (marketKey) => {
    const told = boards.get(marketKey);
    // A price that REST gave was watched by nobody.
    return told?.source === 'ws' ? told.at : null;
  };
}

async function openParts(ports: WorkerPorts, options: SessionOptions): Promise<Parts> {
  const { shard, ending, onBroken } = options;
  const name = shardName(shard);
  const isMine = (marketKey: string): boolean => shardOf(marketKey, ports.shards.count) === shard;
  const watched = await seenBefore(ports);
  const exit: ExitRequest = (given, wish) => {
    // Who reads of the exit sees the price that caused it; the exit does not wait for that.
    stream.board.publish().catch(() => undefined);
    return exitPosition(given, wish);
  };
  const guard = createPositionGuard(ports, exit, (marketKey) => {
    const atr = stream.lines.get(marketKey)?.analysis?.atr() ?? null;
    return atr === null || !(atr > 0) ? null : priceFromFloat(atr, 'floor');
  });
  const ledger = await watchLedger(ports, {
    onPosition: (position) => {
      if (isMine(position.marketKey)) guard.update(position);
    },
    onPositionGone: guard.remove,
    onLost: onBroken,
  });
  const positionSync = shard === 0 ? await startPositionSync(ports, ledger) : null;
  const presence = watchPresence(ports, onBroken);
  const tell = createConditions(ports);
  const stream = createShardStream(ports, {
    shard: name,
    signal: ending,
    guard,
    ledger,
    isWatched: presence.isWatched,
    tell,
    seenBefore: watched,
  });
  return {
    name,
    isFirst: shard === 0,
    isMine,
    signal: ending,
    guard,
    ledger,
    presence,
    stream,
    positionSync,
    tell,
  };
}

const knownPrices = (lines: readonly Line[]) =>
  lines.flatMap(({ market, price }) => {
    const known = price.price();
    return known === undefined ? [] : [[market.marketKey, known] as const];
  });

/** What the session's clock drives, second by second. */
function createTick(
  ports: WorkerPorts,
  { name, isFirst, isMine, ...parts }: Parts,
  books: BookDuties,
): () => void {
  const { clock } = ports;
  const { ledger, stream, guard, presence, tell } = parts;
  const { feeds, lines, queue, board, trust, verifier } = stream;
  const restWatch = createRestWatch(ports, {
    shard: name,
    tell,
    linesOf: ({ key }) => lines.of(key),
    isHeld: ledger.isHeld,
    needsPolling: trust.needsPolling,
    onPrice: guard.onTrade,
    isWatched: presence.isWatched,
  });
  let before = clock.marketNow();
  const isFlowing = ({ key }: Line): boolean => {
    const feed = feeds.of(key);
    const isLive =
      feed !== undefined && stateOf(feed.loop.connection(), clock.wallNow()) === 'LIVE';
    return isLive && !queue.isBusy();
  };
  const needed = createWindowsInUse(clock);
  const follow = (): void => {
    const mine = ledger.followed().filter(({ marketKey }) => isMine(marketKey));
    const traded = new Set(ledger.traded().map(({ marketKey }) => marketKey));
    lines.follow(mine);
    provideWindows(lines.all(), needed.count(ledger.readers()));
    const followed = mine.filter(({ marketKey }) => lines.get(marketKey) !== undefined);
    feeds.want(followed, (marketKey) => traded.has(marketKey));
  };
  const judge = (feed: Feed): void => {
    trust.judge(feed);
    const backfilled = (): number =>
      lines.of(feed.key).reduce((sum, line) => sum + line.backfilled, 0);
    feed.alerts.look(feed.loop.connection(), backfilled);
  };
  return (): void => {
    follow();
    feeds.all().forEach(judge);
    // A second of delay: at a replay's speed a trade's way here takes market minutes.
    lines.tick(before, isFlowing);
    before = clock.marketNow();
    queue.tick();
    guard.tick();
    presence.tick();
    restWatch.tick(feeds.all());
    verifier.tick();
    board.tick();
    if (isFirst) books.tick(knownPrices(lines.all()));
    measureAges(ports, lines.all());
  };
}

/** STR-38: each market tells what strategies read of its trades. */
function provideWindows(
  lines: readonly Line[],
  needed: ReadonlyMap<string, readonly string[]>,
): void {
  for (const line of lines) needWindows(line, needed.get(line.market.marketKey) ?? []);
}

/** MD-67: how long ago each market's last price came. */
function measureAges({ clock, metrics }: WorkerPorts, lines: readonly Line[]): void {
  for (const { key, market, price } of lines) {
    const heardAt = price.heardAt();
    if (heardAt !== undefined)
      metrics.age(key.venue, market.symbol, (clock.wallNow() - heardAt) / 1_000);
  }
}

function describe(ports: WorkerPorts, { stream }: Parts): SessionStatus {
  const now = ports.clock.wallNow();
  const { feeds, lines } = stream;
  const stale = (line: Line): boolean => line.price.status(now) === 'stale';
  const symbols = (some: readonly Line[]): string[] => some.map(({ market }) => market.symbol);
  return {
    feeds: feeds.all().map((feed) => {
      const own = lines.of(feed.key);
      const told = { symbols: own.length, staleSymbols: symbols(own.filter(stale)) };
      return feedRecord(feed, told, now);
    }),
    markets: symbols(lines.all()),
    syncing: symbols(lines.all().filter(({ phase }) => phase === 'syncing')),
    lastMarketDataAt: Object.fromEntries(
      lines.all().flatMap(({ market, price }) => {
        const at = price.lastAt();
        return at === null ? [] : [[market.symbol, new Date(at).toISOString()]];
      }),
    ),
  };
}

/** In words, for people: what a heartbeat says beside its figures. */
function detailOf({ markets, syncing, lastMarketDataAt }: SessionStatus): string {
  if (markets.length === 0) return 'no market is followed';
  const newest = Object.values(lastMarketDataAt).sort().at(-1) ?? 'none yet';
  const waiting = syncing.length === 0 ? '' : `, ${syncing.length} being brought up to date`;
  return `${markets.length} markets${waiting}; last trade ${newest}`;
}

/** Starts a session: the ledger's positions are known and watched when it resolves (EXE-61). */
export async function startSession(ports: WorkerPorts, options: SessionOptions): Promise<Session> {
  const { clock, log, archive } = ports;
  const parts = await openParts(ports, options);
  const { name, guard, ledger, presence, stream, positionSync, signal } = parts;
  const { feeds, lines, queue, board, store } = stream;
  const heartbeat = createHeartbeat(ports, name, clock.wallNow());
  const books = createBookDuties(ports, ledger, parts.isMine);
  const advance = createTick(ports, parts, books);
  const status = (): SessionStatus => describe(ports, parts);
  const beat = (stopped?: 'STOPPED'): Promise<void> => {
    const told = status();
    return heartbeat.beat({ feeds: told.feeds, detail: detailOf(told) }, stopped);
  };
  const silence = (): void => {
    guard.halt();
    if (parts.isFirst) books.halt();
    ledger.close();
    presence.close();
  };
  const ended = new Promise<void>((done) => {
    signal.addEventListener('abort', () => {
      done();
    });
    if (signal.aborted) done();
  });
  return {
    status,
    lines: lines.all,
    queueDepth: queue.depth,
    tick: () => {
      if (signal.aborted) return;
      advance();
      const connections = feeds.all().map(({ loop }) => loop.connection());
      positionSync?.tick(connections.reduce((sum, { reconnects }) => sum + reconnects, 0));
      if (heartbeat.isDue())
        beat().catch((error: unknown) => {
          log.warn('the heartbeat could not be written', { error });
        });
    },
    abandon: () => {
      silence();
      board.halt();
      store.halt();
    },
    done: ended.then(feeds.done),
    finish: async () => {
      silence();
      await Promise.allSettled([guard.close(), board.publish(), lines.finish(), archive?.flush()]);
      await beat('STOPPED');
    },
  };
}
