import { createDumpWatch } from '@tradewind/adapters/execution/dump-watch';
import { monitorBook } from '@tradewind/adapters/execution/monitor-book';
import { LOOK_EVERY_MS } from '@tradewind/adapters/execution/monitor-look';
import { symbolOf } from '@tradewind/contracts/documents/strategy';
import {
  correlationOf,
  correlationsBar,
  correlationsInit,
} from '@tradewind/core/analytics/correlations';
import { bucketStart, minutes, type EpochMs } from '@tradewind/core/lib/time';
import { toNumber, type Price } from '@tradewind/core/lib/units';
import {
  CRYPTO_LEADERS,
  LEADER_WINDOW_MS,
  leaderMove,
  type LeaderPrice,
} from '@tradewind/core/portfolio/leader-dump';
import type { LedgerView } from './ledger-watch.ts';
import type { WorkerPorts } from './ports.ts';

/** Books and positions arrive by two listeners: a look between the two would be at neither. */
const QUIET_MS = 500;

const LEADERS: ReadonlySet<string> = new Set(CRYPTO_LEADERS);

type Monitor = typeof monitorBook;

const BAR = minutes(5);

/**
 * What leaders cost within the last five minutes of market time (PF-75), and how the others follow them (IND-98), as far
 * as they are followed here: a worker that has just begun knows neither.
 */
function createLeaders() {
  const seen = new Map<string, LeaderPrice[]>();
  const correlations = correlationsInit(CRYPTO_LEADERS);
  let barAt: EpochMs | null = null;

  const closeBars = (prices: ReadonlyMap<string, Price>, at: EpochMs): void => {
    const now = bucketStart(at, BAR);
    if (barAt !== null && now > barAt)
      for (const [marketKey, price] of prices)
        correlationsBar(correlations, marketKey, { openAt: barAt, close: toNumber(price) });
    barAt = now;
  };
  return {
    /** Prices as they are at a market time; called once a second. */
    heard: (prices: ReadonlyMap<string, Price>, at: EpochMs): void => {
      closeBars(prices, at);
      for (const [marketKey, price] of prices) {
        if (!LEADERS.has(symbolOf(marketKey))) continue;
        const known = seen.get(marketKey) ?? [];
        known.push({ at, price: toNumber(price) });
        const recent = known.filter((one) => at - one.at <= LEADER_WINDOW_MS);
        seen.set(marketKey, recent);
      }
    },
    moves: (now: EpochMs): ReadonlyMap<string, 'fall' | 'rise'> => {
      const moves = new Map<string, 'fall' | 'rise'>();
      for (const [marketKey, prices] of seen) {
        const move = leaderMove(prices, now);
        if (move !== null) moves.set(symbolOf(marketKey), move);
      }
      return moves;
    },
    correlationOf: (marketKey: string, leader: string): number | null =>
      correlationOf(correlations, marketKey, leader) ?? null,
  };
}

/**
 * Looks after each book every ten seconds while it holds something, and once more after its every change: loss ladder,
 * health and shares (RSK-80, PF-60, PF-82). One look at a time for a book.
 */
export function createBookMonitors(
  ports: WorkerPorts,
  ledger: Pick<LedgerView, 'books' | 'positions' | 'changedAt'>,
  monitor: Monitor = monitorBook,
) {
  const { clock, log, metrics } = ports;
  const lookedAt = new Map<string, EpochMs>();
  const looking = new Map<string, Promise<void>>();
  const leaders = createLeaders();
  const dumps = createDumpWatch();
  let isOver = false;

  const look = async (bookId: string, prices: ReadonlyMap<string, Price>): Promise<void> => {
    try {
      await monitor(ports, {
        bookId,
        prices,
        moves: leaders.moves(clock.marketNow()),
        correlationOf: leaders.correlationOf,
        dumps,
        onMargin: (healths) => {
          if (!isOver) metrics.margin.tell(bookId, healths);
        },
      });
    } catch (error) {
      log.error('a book could not be looked after', { bookId, error });
    } finally {
      looking.delete(bookId);
    }
  };
  const isDue = (bookId: string, now: EpochMs): boolean => {
    const last = lookedAt.get(bookId) ?? 0;
    const changed = ledger.changedAt(bookId) ?? 0;
    if (now - changed < QUIET_MS) return false;
    if (changed > last) return true;
    return ledger.positions(bookId).length > 0 && now - last >= LOOK_EVERY_MS;
  };
  return {
    /** Called once a second. */
    tick: (prices: ReadonlyMap<string, Price>): void => {
      const now = clock.wallNow();
      leaders.heard(prices, clock.marketNow());
      for (const [bookId, { status }] of ledger.books) {
        if (status === 'STOPPED' || looking.has(bookId) || !isDue(bookId, now)) continue;
        lookedAt.set(bookId, now);
        looking.set(bookId, look(bookId, prices));
      }
    },
    /** Nothing more is told of books: another one may look after them. */
    halt: (): void => {
      isOver = true;
      metrics.margin.clear();
    },
    /** Resolves when no look is under way. */
    settled: async (): Promise<void> => {
      await Promise.all(looking.values());
    },
  };
}
