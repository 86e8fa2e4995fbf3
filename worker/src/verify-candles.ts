import { stableHash } from '@tradewind/core/lib/stable-hash';
import { epochMs, later, minutes, type EpochMs } from '@tradewind/core/lib/time';
import type { Candle } from '@tradewind/core/market/market';
import { differences, verified } from '@tradewind/core/market/verify';
import type { Line } from './line.ts';
import type { WorkerPorts } from './ports.ts';

const MINUTE = minutes(1);
/** The venue's own candle counts as final this much after its minute's end, market time. */
const SETTLED_MS = 10_000;
/** Of candles without a gap, one in so many minutes of a market is compared, each market in a minute of its own. */
const SAMPLE = 30;
/** Candles that may wait to be compared. */
const MOST = 500;

type Waiting = { readonly line: Line; readonly candle: Candle };

/** Compares our candles with the venue's own (MD-46): all with a gap, and a sample of the others. */
export function createVerifier(ports: WorkerPorts) {
  const { clock, log, metrics } = ports;
  let waiting: Waiting[] = [];
  let busy = false;

  const isChosen = (
    { market }: Line,
    { openAt, gapFilled, incomplete, source }: Candle,
  ): boolean => {
    if (source !== 'trades') return false;
    const minute = openAt / MINUTE + stableHash(market.marketKey);
    return gapFilled || incomplete || minute % SAMPLE === 0;
  };
  const isSettled = ({ candle }: Waiting, now: EpochMs): boolean =>
    now >= later(candle.openAt, MINUTE) + SETTLED_MS;
  const compare = async ({ line, candle }: Waiting): Promise<void> => {
    const { market, data, grid, key } = line;
    if (grid === null) return;
    const read = await data.candles(market.symbol, { since: candle.openAt, limit: 1 });
    const theirs = read.ok ? read.value.find(({ openAt }) => openAt === candle.openAt) : undefined;
    if (theirs === undefined) return;
    const fields = differences(candle, theirs, grid.tick);
    if (fields.length === 0) return;
    metrics.mismatch.labels(key.venue, '1m').inc();
    const openAt = new Date(candle.openAt).toISOString();
    log.warn("a candle differs from the venue's own", { symbol: market.symbol, openAt, fields });
    const kept = verified(candle, theirs, grid.tick);
    if (kept !== candle) line.pending.candles.push(kept);
  };
  const work = async (due: readonly Waiting[]): Promise<void> => {
    for (const each of due) await compare(each);
  };
  return {
    /** A candle that was stored just now. */
    offer: (line: Line, candle: Candle): void => {
      if (isChosen(line, candle) && waiting.length < MOST) waiting.push({ line, candle });
    },
    /** Called once a second. */
    tick: (): void => {
      if (busy || waiting.length === 0) return;
      const now = epochMs(clock.marketNow());
      const due = waiting.filter((each) => isSettled(each, now));
      if (due.length === 0) return;
      waiting = waiting.filter((each) => !due.includes(each));
      busy = true;
      work(due)
        .catch((error: unknown) => {
          log.warn('candles could not be compared', { error });
        })
        .finally(() => {
          busy = false;
        });
    },
  };
}
export type Verifier = ReturnType<typeof createVerifier>;
