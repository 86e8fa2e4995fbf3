import { boardDoc, type BoardPrice } from '@tradewind/contracts/documents/market';
import { paths } from '@tradewind/contracts/paths';
import type { WorkerPorts } from './ports.ts';

/** Pace while nobody watches, and while somebody does. */
const UNWATCHED_MS = 5_000;
const WATCHED_MS = 1_000;

/** What the board takes its prices from when it is written. */
export type BoardSource = {
  readonly prices: () => Record<string, BoardPrice>;
  readonly isWatched: () => boolean;
};

/** The shard's one document of last prices, at the pace of who looks at it (docs/adr/0012). */
export type Board = {
  /** Called once a second: writes when its time has come. */
  readonly tick: () => void;
  /** Writes what is known now: before somebody is to decide on it. */
  readonly publish: () => Promise<void>;
  /** Nothing is written any more. */
  readonly halt: () => void;
};

/** Writes are one at a time: asked for again meanwhile, the next one begins when this one ended. */
export function createBoard(ports: WorkerPorts, shard: string, source: BoardSource): Board {
  const { store, clock, log, origin } = ports;
  let writtenAt = -Infinity;
  let writtenFor = UNWATCHED_MS;
  let halted = false;
  let writing: Promise<void> | null = null;
  let next: Promise<void> | null = null;

  const pace = (): number => (source.isWatched() ? WATCHED_MS : UNWATCHED_MS);
  const write = async (): Promise<void> => {
    const prices = source.prices();
    if (halted || Object.keys(prices).length === 0) return;
    const now = clock.wallNow();
    [writtenAt, writtenFor] = [now, pace()];
    const maxAgeMs = 3 * writtenFor;
    await store.set(paths.board(shard), boardDoc, {
      shard,
      prices,
      origin,
      writtenAt: now,
      maxAgeMs,
    });
  };
  const start = (): Promise<void> => {
    writing = write().finally(() => {
      writing = null;
    });
    return writing;
  };
  const publish = (): Promise<void> => {
    if (writing === null) return start();
    next ??= writing
      .catch(() => undefined)
      .then(() => {
        next = null;
        return start();
      });
    return next;
  };
  return {
    tick: () => {
      // By the age that was promised: when the last viewer leaves, it is still the faster one. A
      // second's clock that comes a few milliseconds early must not skip a whole turn.
      const due = Math.min(pace(), writtenFor) - 100;
      if (writing !== null || clock.wallNow() - writtenAt < due) return;
      publish().catch((error: unknown) => {
        log.warn('the board of prices could not be written', { shard, error });
      });
    },
    publish,
    halt: () => {
      halted = true;
    },
  };
}
