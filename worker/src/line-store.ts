import { stableHash } from '@tradewind/core/lib/stable-hash';
import { epochMs, later, minutes, type EpochMs } from '@tradewind/core/lib/time';
import type { Candle } from '@tradewind/core/market/market';
import * as z from 'zod';
import type { Board } from './board.ts';
import type { ChunkExtras } from './chunks.ts';
import type { Line } from './line.ts';
import type { Trader } from './ledger-watch.ts';
import type { WorkerPorts } from './ports.ts';
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

export type LineStoreParts = {
  readonly board: Pick<Board, 'publish'>;
  readonly traders: () => readonly Trader[];
  /** Hears of each candle that is stored. */
  readonly onStored: (line: Line, candle: Candle) => void;
};

const endOf = ({ openAt }: { readonly openAt: EpochMs }): EpochMs => later(openAt, MINUTE);

/** What a chunk tells of a market whose analytics are not known. */
const bareExtras = ({ lastAt, price }: Line, { clock }: WorkerPorts): ChunkExtras => ({
  profiles: [],
  zones: [],
  gaps: [],
  analytics: null,
  venueAt: lastAt < 0 ? null : epochMs(lastAt),
  receivedAt: epochMs(price.heardAt() ?? clock.wallNow()),
});

/** Appends candles with all that is known; what is wrong with the analytics must not cost the candles. */
async function append(ports: WorkerPorts, line: Line, candles: readonly Candle[]): Promise<void> {
  const { chunks, analysis, market } = line;
  const bare = bareExtras(line, ports);
  try {
    await chunks.append(candles, { ...bare, ...analysis?.view(ports.clock.marketNow()) });
  } catch (error) {
    if (!(error instanceof z.ZodError || error instanceof RangeError)) throw error;
    ports.log.error('the analytics of a market cannot be stored', { symbol: market.symbol, error });
    await chunks.append(candles, bare);
  }
}

/** Has the bots of a market evaluated that wait for the bar that ended at `closed`. */
async function wake(
  ports: WorkerPorts,
  { board, traders }: LineStoreParts,
  { line, closed }: { readonly line: Line; readonly closed: EpochMs },
): Promise<void> {
  const wakes = wakesFor(traders(), line.market.marketKey, closed);
  if (wakes.length === 0) return;
  // Who is woken reads the price as it is now.
  await board.publish().catch((error: unknown) => {
    ports.log.warn('the board could not be written before bots were woken', { error });
  });
  await wakeBots(ports, wakes);
}

async function write(ports: WorkerPorts, parts: LineStoreParts, line: Line): Promise<void> {
  const { pending } = line;
  const { candles } = pending;
  [pending.candles, pending.dueAt] = [[], null];
  try {
    await append(ports, line, candles);
  } catch (error) {
    pending.candles = [...candles, ...pending.candles];
    throw error;
  }
  for (const candle of candles) parts.onStored(line, candle);
  const closed = candles
    .filter(({ source }) => source === 'trades')
    .map(endOf)
    .at(-1);
  if (closed !== undefined) await wake(ports, parts, { line, closed });
}

export function createLineStore(ports: WorkerPorts, parts: LineStoreParts): LineStore {
  const { clock, log } = ports;
  const writing = new Map<Line, Promise<void>>();
  const wroteAt = new WeakMap<Line, number>();
  let halted = false;
  const isAwaited = ({ market }: Line): boolean =>
    parts.traders().some(({ marketKey }) => marketKey === market.marketKey);
  const start = (line: Line): Promise<void> => {
    wroteAt.set(line, clock.wallNow());
    const work = write(ports, parts, line).finally(() => writing.delete(line));
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
