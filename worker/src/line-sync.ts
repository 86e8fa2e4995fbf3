import { tradesAfter } from './backfill.ts';
import type { Line } from './line.ts';
import {
  arrivalsOf,
  inOrder,
  replayMissed,
  resume,
  type Sync,
  type SyncContext,
  type SyncReason,
} from './line-resume.ts';
import { restart } from './line-restart.ts';

/** What is out of order comes within this; what is missing then is asked for. */
const JUMP_SETTLE_MS = 200;
/** After an interruption the first trade of the stream may show that nothing was missed. */
const REJOIN_SETTLE_MS = 1_000;
const RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 60_000;
/** Failures after which a market makes do with the venue's candles. */
const ENOUGH_FAILURES = 2;

/** True when the trades that wait follow the last one without a hole. */
function follows({ lastId, waiting }: Line): boolean {
  let next = lastId;
  for (const { id } of [...waiting].sort(inOrder)) {
    if (typeof id !== 'number' || id > next + 1) return false;
    next = Math.max(next, id);
  }
  return waiting.length > 0;
}

/** Reads the trades after the last one, where some are missing (MD-23). */
async function heal(sync: Sync, settleMs: number): Promise<SyncReason | null> {
  const { line, ports, isOver } = sync;
  await ports.sleep(settleMs);
  if (isOver()) return null;
  if (follows(line)) return resume(sync, { told: [], rebuildsLate: false });
  const after = line.lastId;
  const read = await sync.ask(() => tradesAfter(line.data, line.market.symbol, `${after}`));
  if (isOver()) return null;
  if (!read.ok) {
    if (read.error.kind === 'failed') throw new Error(read.error.message);
    return restart(sync, { from: null, byCandles: true });
  }
  const watched = new Set(line.waiting.map(({ id }) => id));
  const told = arrivalsOf(line, read.value, ports.clock.wallNow());
  const missed = told.filter(({ id }) => !watched.has(id));
  if (missed.length > 0) {
    line.backfilled += missed.length;
    ports.metrics.backfills.labels(line.key.venue).inc();
    const until = missed.reduce((newest, { at }) => Math.max(newest, at), 0) + 1;
    line.analysis?.mark({ from: Math.max(0, line.lastAt), until, gapFilled: true });
    replayMissed(sync, { trades: read.value });
  } else if (line.waiting.length > 0) line.phantoms += 1;
  return resume(sync, { told, rebuildsLate: true });
}

function attempt(sync: Sync, reason: SyncReason): Promise<SyncReason | null> {
  const { line } = sync;
  const gaveUp = line.failures >= ENOUGH_FAILURES;
  const counts = line.analysis !== null && line.lastId >= 0 && line.data.capabilities.tradesById;
  if (reason.kind === 'restart') return restart(sync, { from: reason.from, byCandles: gaveUp });
  if (!counts || gaveUp) return restart(sync, { from: null, byCandles: gaveUp });
  return heal(sync, reason.kind === 'jump' ? JUMP_SETTLE_MS : REJOIN_SETTLE_MS);
}

/** Brings a line up to date; what fails is tried again, ever less often, and harms no other market (MD-06). */
export function startSync(context: SyncContext, line: Line, reason: SyncReason): void {
  line.turn += 1;
  line.phase = 'syncing';
  const { turn } = line;
  const { ports, limiter, signal } = context;
  const isOver = (): boolean => signal.aborted || line.turn !== turn;
  const ask = <R>(work: () => Promise<R>): Promise<R> =>
    limiter(work, context.isHeld(line.market.marketKey));
  const sync: Sync = { ...context, line, isOver, ask };
  const run = async (): Promise<void> => {
    let next: SyncReason | null = reason;
    while (next !== null && !isOver())
      try {
        next = await attempt(sync, next);
      } catch (error) {
        if (isOver()) return;
        const delayMs = Math.min(RETRY_MS * 2 ** line.failures, LONGEST_RETRY_MS);
        line.failures += 1;
        const { symbol } = line.market;
        ports.log.warn('a market could not be brought up to date yet', { symbol, delayMs, error });
        await ports.sleep(delayMs);
      }
  };
  void run();
}
