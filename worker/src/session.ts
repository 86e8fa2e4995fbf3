import { livePriceDoc } from '@tradewind/contracts/documents/market';
import { heartbeatDoc } from '@tradewind/contracts/documents/system';
import { paths } from '@tradewind/contracts/paths';
import { logUsage } from '@tradewind/adapters/telemetry/log';
import type { EpochMs } from '@tradewind/core/lib/time';
import type { Trade } from '@tradewind/core/market/market';
import {
  createTroubleAlerts,
  disconnected,
  failed,
  received,
  REPLACE_AFTER_MS,
  stateOf,
  type Connection,
} from './connection.ts';
import { createEquityCurve } from './equity.ts';
import { watchLedger } from './ledger-watch.ts';
import { createLivePrices } from './live-prices.ts';
import type { Followed, WorkerPorts } from './ports.ts';
import { createPositionGuard } from './position-guard.ts';
import { createRecorder, ensureMarket, type Recorder } from './recorder.ts';
import { wakeBots, wakesFor } from './wake-bots.ts';

const HEARTBEAT_MS = 5_000;

export type SessionStatus = {
  readonly state: HeartbeatStatus;
  readonly markets: readonly string[];
  readonly lastMarketDataAt: Readonly<Record<string, string>>;
  readonly failures: number;
};
type HeartbeatStatus = 'STARTING' | 'LIVE' | 'STALE' | 'RECONNECTING' | 'STOPPED';

/** One market that is followed. */
type Line = {
  readonly market: Followed;
  readonly recorder: Recorder;
  /** Market time of the last trade before the stream (re)joined; a replay begins after it. */
  seenBefore: EpochMs | undefined;
  ready: boolean;
};

/** All that happens while this process is the one that acts: from lease to loss or end. */
export type Session = {
  /** Trades of one batch, oldest first. */
  readonly take: (trades: readonly Trade[]) => void;
  /** The stream begins (again): what it missed comes from REST. */
  readonly joined: () => void;
  readonly lost: () => Connection;
  readonly connection: () => Connection;
  readonly followed: () => Followed[];
  /** Once a second. */
  readonly tick: () => void;
  readonly status: () => SessionStatus;
  /** Stops acting at once and writes nothing more: another one may act (EXE-62). */
  readonly abandon: () => void;
  /** Writes what is pending and says goodbye. */
  readonly finish: () => Promise<void>;
};

/** Starts a session: the ledger's positions are known and watched when it resolves (EXE-61). */
export async function startSession(
  ports: WorkerPorts,
  onBroken: (error: Error) => void,
): Promise<Session> {
  const { store, clock, log } = ports;
  const startedAt = clock.wallNow();
  const lines = new Map<string, Line>();
  const guard = createPositionGuard(ports);
  const live = createLivePrices(ports);
  const alerts = createTroubleAlerts(ports);
  const ledger = await watchLedger(ports, {
    onPosition: guard.update,
    onPositionGone: guard.remove,
    onLost: onBroken,
  });
  const equity = createEquityCurve(ports, ledger);
  let connection = disconnected(startedAt);
  let before = clock.marketNow();
  let beatAt = -Infinity;
  const told = { reads: 0, writes: 0 };
  const quietly = (work: Promise<unknown>, what: string): void => {
    work.catch((error: unknown) => {
      log.warn(what, { error });
    });
  };

  const flush = async (line: Line, final?: 'final'): Promise<void> => {
    const { marketKey } = line.market;
    const stored = await line.recorder.flush(final);
    const missed = stored.gapFilled.filter(
      ({ openAt }) => line.seenBefore !== undefined && openAt >= line.seenBefore,
    );
    if (missed.length > 0) guard.onGap(marketKey, missed);
    if (stored.closedBar !== null)
      await wakeBots(ports, wakesFor(ledger.bots(), marketKey, stored.closedBar));
  };
  const lineOf = (market: Followed): Line => {
    const known = lines.get(market.marketKey);
    if (known !== undefined) return known;
    const recorder = createRecorder(ports, market);
    const line: Line = { market, recorder, seenBefore: undefined, ready: false };
    lines.set(market.marketKey, line);
    live.follow(market);
    quietly(prepare(ports, line), 'a market could not be prepared');
    recorder.join();
    return line;
  };
  const takeOne = (trade: Trade): void => {
    const line = lines.get(trade.marketKey);
    if (line === undefined) return;
    try {
      guard.onTrade(trade.marketKey, trade.price);
      live.add(trade);
      line.recorder.add(trade);
    } catch (error) {
      // One market's poison stays its own: its minute is read over REST instead.
      log.error('a trade could not be processed', { symbol: line.market.symbol, error });
      line.recorder.join();
    }
  };
  const status = (): SessionStatus => ({
    state: stateOf(connection, clock.wallNow()),
    markets: [...lines.values()].map(({ market }) => market.symbol),
    lastMarketDataAt: Object.fromEntries(
      [...lines.values()].flatMap(({ market }) => {
        const at = live.lastAt(market.marketKey);
        return at === undefined ? [] : [[market.symbol, new Date(at).toISOString()]];
      }),
    ),
    failures: connection.failures,
  });
  const beat = async (state: HeartbeatStatus): Promise<void> => {
    const { lastMarketDataAt } = status();
    const known = Object.entries(lastMarketDataAt).map(([symbol, at]) => `${symbol} ${at}`);
    await store.set(paths.heartbeat('worker'), heartbeatDoc, {
      component: 'worker',
      status: state,
      detail: known.length === 0 ? 'no trade yet' : `last trades: ${known.join(', ')}`,
      startedAt,
      beatAt: clock.wallNow(),
      maxAgeMs: 3 * HEARTBEAT_MS,
      version: ports.version,
    });
    const { reads, writes } = store.usage;
    logUsage(log, { reads: reads - told.reads, writes: writes - told.writes });
    [told.reads, told.writes] = [reads, writes];
  };

  return {
    take: (trades) => {
      connection = received(connection, clock.wallNow());
      for (const trade of trades) takeOne(trade);
      for (const marketKey of new Set(trades.map((trade) => trade.marketKey))) {
        const line = lines.get(marketKey);
        if (line !== undefined) quietly(flush(line), 'candles could not be stored');
      }
    },
    joined: () => {
      for (const market of ledger.followed()) lineOf(market);
      for (const line of lines.values()) {
        line.seenBefore = live.lastAt(line.market.marketKey) ?? line.seenBefore;
        line.recorder.join();
      }
    },
    lost: () => (connection = failed(connection, clock.wallNow())),
    connection: () => connection,
    followed: ledger.followed,
    tick: () => {
      const now = clock.marketNow();
      for (const line of lines.values()) {
        // A second of delay: at a replay's speed a trade's way here takes market minutes.
        line.recorder.advance(before);
        quietly(flush(line), 'candles could not be stored');
        if (!line.ready) quietly(prepare(ports, line), 'a market could not be prepared');
      }
      before = now;
      const state = stateOf(connection, clock.wallNow());
      guard.tick();
      live.tick(state === 'LIVE');
      equity.tick(live.prices());
      alerts(connection);
      if (clock.wallNow() - beatAt < HEARTBEAT_MS) return;
      beatAt = clock.wallNow();
      quietly(beat(state), 'the heartbeat could not be written');
    },
    status,
    abandon: () => {
      guard.halt();
      ledger.close();
    },
    finish: async () => {
      guard.halt();
      ledger.close();
      await Promise.allSettled([
        guard.close(),
        live.drain(),
        ...[...lines.values()].map((line) => flush(line, 'final')),
      ]);
      await beat('STOPPED');
    },
  };
}

/** Market rules, and where the last worker stopped watching; tried again each second until done. */
async function prepare(ports: WorkerPorts, line: Line): Promise<void> {
  if (line.ready) return;
  line.ready = true;
  try {
    const stored = await ports.store.get(paths.livePrice(line.market.marketKey), livePriceDoc);
    // A price that REST gave was watched by nobody.
    if (stored?.source === 'ws') line.seenBefore ??= stored.at;
    line.ready = await ensureMarket(ports, line.market);
  } catch (error) {
    line.ready = false;
    throw error;
  }
}

/** A connection that says nothing for long is to be replaced (MD-22). */
export const isSilent = (connection: Connection, now: EpochMs): boolean =>
  connection.connected && now - (connection.lastDataAt ?? connection.since) > REPLACE_AFTER_MS;
