import { readPrices } from '@tradewind/adapters/market/read-prices';
import type { Price } from '@tradewind/core/lib/units';
import { createArchiveUpkeep } from './archive-upkeep.ts';
import { createBookMonitors } from './book-monitors.ts';
import { createEquityCurve } from './equity.ts';
import type { LedgerView } from './ledger-watch.ts';
import type { WorkerPorts } from './ports.ts';
import { createRecordings } from './recordings.ts';

/** How often shard 0 reads the prices of the other shards' markets. */
const OTHERS_MS = 30_000;

/** Prices of markets that other shards follow: the equity of a book needs them all. */
function createOthers(ports: WorkerPorts, isMine: (marketKey: string) => boolean) {
  let prices: readonly (readonly [string, Price])[] = [];
  let readAt = -Infinity;
  return {
    prices: () => prices,
    tick: (): void => {
      const now = ports.clock.wallNow();
      if (ports.shards.count === 1 || now - readAt < OTHERS_MS) return;
      readAt = now;
      readPrices(ports.store)
        .then((told) => {
          const theirs = [...told].filter(([marketKey]) => !isMine(marketKey));
          prices = theirs.map(([marketKey, { price }]) => [marketKey, price] as const);
        })
        .catch((error: unknown) => {
          ports.log.warn('prices of other shards could not be read', { error });
        });
    },
  };
}

/** What shard 0 does for all: whole books, at the prices of all of their markets, recordings and the archive. */
export type BookDuties = {
  /** Once a second, with the prices of its own markets. */
  readonly tick: (own: readonly (readonly [string, Price])[]) => void;
  /** Another one may do them. */
  readonly halt: () => void;
};

export function createBookDuties(
  ports: WorkerPorts,
  ledger: LedgerView,
  isMine: (marketKey: string) => boolean,
): BookDuties {
  const others = createOthers(ports, isMine);
  const equity = createEquityCurve(ports, ledger);
  const monitors = createBookMonitors(ports, ledger);
  const recordings = createRecordings(ports, ledger.sessions);
  const upkeep = createArchiveUpkeep(ports, ledger.sessions);
  return {
    tick: (own) => {
      others.tick();
      recordings.tick();
      upkeep.tick();
      const prices = new Map([...others.prices(), ...own]);
      equity.tick(prices);
      monitors.tick(prices);
    },
    halt: monitors.halt,
  };
}
