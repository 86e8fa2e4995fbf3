import type { EpochMs } from '@tradewind/core/lib/time';
import type { Trade } from '@tradewind/core/market/market';
import {
  createTroubleAlerts,
  disconnected,
  failed,
  received,
  stateOf,
  type Connection,
  type ConnectionState,
} from './connection.ts';
import { createEquityCurve } from './equity.ts';
import { createHeartbeat, type LastData } from './heartbeat.ts';
import { watchLedger } from './ledger-watch.ts';
import { createLines } from './lines.ts';
import { createLivePrices } from './live-prices.ts';
import type { Followed, WorkerPorts } from './ports.ts';
import { createPositionGuard } from './position-guard.ts';

export type SessionStatus = {
  readonly state: ConnectionState;
  readonly markets: readonly string[];
  readonly lastMarketDataAt: LastData;
  readonly failures: number;
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
  const { clock, log } = ports;
  const startedAt = clock.wallNow();
  const guard = createPositionGuard(ports);
  const live = createLivePrices(ports);
  const { update: onPosition, remove: onPositionGone } = guard;
  const ledger = await watchLedger(ports, { onPosition, onPositionGone, onLost: onBroken });
  const lines = createLines(ports, { guard, live, bots: ledger.bots });
  const equity = createEquityCurve(ports, ledger);
  const heartbeat = createHeartbeat(ports, startedAt);
  const alerts = createTroubleAlerts(ports);
  let [connection, before] = [disconnected(startedAt), clock.marketNow()];
  const state = (): ConnectionState => stateOf(connection, clock.wallNow());
  const lastData = (): LastData => lastDataOf(lines.markets(), live.lastAt);
  const halt = (): void => {
    guard.halt();
    ledger.close();
  };
  const beat = (): void => {
    heartbeat.beat(state(), lastData()).catch((error: unknown) => {
      log.warn('the heartbeat could not be written', { error });
    });
  };

  return {
    take: (trades) => {
      connection = received(connection, clock.wallNow());
      lines.take(trades);
    },
    joined: () => {
      lines.join(ledger.followed());
    },
    connection: () => connection,
    lost: () => (connection = failed(connection, clock.wallNow())),
    followed: ledger.followed,
    tick: () => {
      // A second of delay: at a replay's speed a trade's way here takes market minutes.
      lines.tick(before);
      before = clock.marketNow();
      guard.tick();
      live.tick(state() === 'LIVE');
      equity.tick(live.prices());
      alerts(connection);
      if (heartbeat.isDue()) beat();
    },
    status: () => {
      const markets = lines.markets().map(({ symbol }) => symbol);
      const { failures } = connection;
      return { state: state(), markets, lastMarketDataAt: lastData(), failures };
    },
    abandon: halt,
    finish: async () => {
      halt();
      await Promise.allSettled([guard.close(), live.drain(), lines.finish()]);
      await heartbeat.beat('STOPPED', lastData());
    },
  };
}

/** ISO times of the last trades of `markets`; those without one are left out. */
const lastDataOf = (
  markets: readonly Followed[],
  lastAt: (marketKey: string) => EpochMs | undefined,
): LastData =>
  Object.fromEntries(
    markets.flatMap(({ marketKey, symbol }) => {
      const at = lastAt(marketKey);
      return at === undefined ? [] : [[symbol, new Date(at).toISOString()]];
    }),
  );
