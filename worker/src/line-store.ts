import type { BotDoc } from '@tradewind/contracts/documents/bot';
import { epochMs, later, minutes, type EpochMs } from '@tradewind/core/lib/time';
import type { Board } from './board.ts';
import type { ChunkExtras } from './chunks.ts';
import type { Line } from './line.ts';
import type { WorkerPorts } from './ports.ts';
import { stableHash } from './shards.ts';
import { wakeBots, wakesFor } from './wake-bots.ts';

const MINUTE = minutes(1);
/** Least wall time between two writes of one market's chunk (ARC-41). */
const WRITE_EVERY_MS = 1_000;
/** Markets that no bot waits for write within this of their minute's end, each at its own moment. */
const SPREAD_MS = 20_000;

/** Stores what closed, and wakes the bots that wait for it. */
export type LineStore = {
  /** Called after trades and once a second: writes when the market's turn has come. */
  readonly look: (line: Line) => void;
  /** Writes what waits, due or not. */
  readonly finish: (line: Line) => Promise<void>;
  /** Nothing is written any more. */
  readonly halt: () => void;
};

const endOf = ({ openAt }: { readonly openAt: EpochMs }): EpochMs => later(openAt, MINUTE);

type Parts = {
  readonly board: Pick<Board, 'publish'>;
  readonly bots: () => readonly BotDoc[];
};

export function createLineStore(ports: WorkerPorts, { board, bots }: Parts): LineStore {
  const { clock, log } = ports;
  const writing = new Map<Line, Promise<void>>();
  const wroteAt = new WeakMap<Line, number>();
  let halted = false;

  const extrasOf = (line: Line): ChunkExtras => {
    const { lastAt, analysis, price } = line;
    const told = analysis?.view(clock.marketNow());
    return {
      profiles: told?.profiles ?? [],
      zones: told?.zones ?? [],
      gaps: told?.gaps ?? [],
      analytics: told?.analytics ?? null,
      venueAt: lastAt < 0 ? null : epochMs(lastAt),
      receivedAt: epochMs(price.heardAt() ?? clock.wallNow()),
    };
  };
  const isAwaited = ({ market }: Line): boolean =>
    bots().some(({ marketKey }) => marketKey === market.marketKey);

  const write = async (line: Line): Promise<void> => {
    const { pending, market, chunks } = line;
    const { candles } = pending;
    [pending.candles, pending.dueAt] = [[], null];
    wroteAt.set(line, clock.wallNow());
    try {
      await chunks.append(candles, extrasOf(line));
    } catch (error) {
      pending.candles = [...candles, ...pending.candles];
      throw error;
    }
    const closed = candles
      .filter(({ source }) => source === 'trades')
      .map(endOf)
      .at(-1);
    if (closed === undefined) return;
    const wakes = wakesFor(bots(), market.marketKey, closed);
    if (wakes.length === 0) return;
    // Who is woken reads the price as it is now.
    await board.publish().catch((error: unknown) => {
      log.warn('the board could not be written before bots were woken', { error });
    });
    await wakeBots(ports, wakes);
  };
  const start = (line: Line): Promise<void> => {
    const work = write(line).finally(() => writing.delete(line));
    writing.set(line, work);
    return work;
  };
  return {
    look: (line) => {
      const { pending, market } = line;
      if (halted || pending.candles.length === 0 || writing.has(line)) return;
      const now = clock.wallNow();
      const soonest = (wroteAt.get(line) ?? -Infinity) + WRITE_EVERY_MS;
      const wait = isAwaited(line) ? 0 : stableHash(market.marketKey) % SPREAD_MS;
      pending.dueAt ??= Math.max(soonest, now + wait);
      if (now < pending.dueAt) return;
      start(line).catch((error: unknown) => {
        log.warn('candles could not be stored', { symbol: market.symbol, error });
      });
    },
    finish: async (line) => {
      await writing.get(line)?.catch(() => undefined);
      if (line.pending.candles.length > 0 && !halted) await start(line);
    },
    halt: () => {
      halted = true;
    },
  };
}
