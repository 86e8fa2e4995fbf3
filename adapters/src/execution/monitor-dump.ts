import type { PositionDoc } from '@tradewind/contracts/documents/book';
import { chunkDoc, type ChunkDoc } from '@tradewind/contracts/documents/market';
import { chunkId, paths } from '@tradewind/contracts/paths';
import type { EpochMs } from '@tradewind/core/lib/time';
import { inWords } from '@tradewind/core/lib/words';
import { dumpSignals, judgeDump } from '@tradewind/core/portfolio/dump';
import { dumpInputs, type DumpMarket } from '@tradewind/core/portfolio/dump-inputs';
import { EXTERNAL } from '@tradewind/core/portfolio/external';
import { raiseAlert } from '../alerts/raise-alert.ts';
import { createDumpWatch, type DumpWatch } from './dump-watch.ts';
import { closeEach, type Look, type Seen } from './monitor-look.ts';
import type { ExecutionPorts } from './ports.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** Hours that are read: two of them make an average of twenty times five minutes. */
const HOURS = 3;
/** A minute is written a moment after it closed. */
const WRITTEN_MS = 5_000;

/** Minutes up to the last, back to the last gap. */
function withoutGaps(chunks: readonly ChunkDoc[]): ChunkDoc['candles'] {
  const candles = chunks.flatMap((chunk) => chunk.candles);
  const from = candles.findLastIndex(
    ({ openAt }, index) => index > 0 && openAt - (candles[index - 1]?.openAt ?? 0) !== MINUTE_MS,
  );
  return candles.slice(Math.max(0, from));
}

/** Reads a market once a minute: the hour that goes on, and the ones before it only once. */
async function readMarket(
  { store }: ExecutionPorts,
  watch: DumpWatch,
  { marketKey, now }: { readonly marketKey: string; readonly now: EpochMs },
): Promise<DumpMarket> {
  const known = watch.markets.get(marketKey);
  if (known !== undefined && now < known.readUntil) return known.market;
  const chunks: ChunkDoc[] = [];
  for (let back = HOURS - 1; back >= 0; back -= 1) {
    const path = paths.chunk(marketKey, chunkId(now - back * HOUR_MS));
    const chunk = watch.hours.get(path) ?? (await store.get(path, chunkDoc));
    if (chunk === undefined) continue;
    chunks.push(chunk);
    if (chunk.candles.length === HOUR_MS / MINUTE_MS) watch.hours.set(path, chunk);
  }
  forgetOld(watch, now);
  const candles = withoutGaps(chunks);
  const last = chunks.at(-1);
  const profile = last?.profiles.find(({ timeframe }) => timeframe === '1h');
  const market: DumpMarket = {
    candles,
    zones: last?.zones ?? [],
    valueAreaHigh: profile?.valueAreaHigh ?? null,
    valueAreaLow: profile?.valueAreaLow ?? null,
  };
  const closedAt = (candles.at(-1)?.openAt ?? now - MINUTE_MS) + MINUTE_MS;
  const readUntil = Math.max(closedAt + MINUTE_MS + WRITTEN_MS, now + WRITTEN_MS);
  watch.markets.set(marketKey, { readUntil, market });
  return market;
}

function forgetOld({ hours }: DumpWatch, now: EpochMs): void {
  for (const [path, { hourAt }] of hours)
    if (now - hourAt > (HOURS + 1) * HOUR_MS) hours.delete(path);
}

/** The signals to leave a position for; `null` to stay. */
async function judge(
  ports: ExecutionPorts,
  watch: DumpWatch,
  { position, now }: { readonly position: PositionDoc; readonly now: EpochMs },
): Promise<readonly string[] | null> {
  const { marketKey, openedAt, protection } = position;
  const path = paths.position(position.bookId, position.positionId);
  const inputs = dumpInputs(position, await readMarket(ports, watch, { marketKey, now }), now);
  const { memory, exit } = judgeDump(watch.positions.get(path) ?? {}, {
    signals: inputs === null ? [] : dumpSignals(inputs),
    openedAt,
    now,
    blind: inputs === null,
    mode: protection.dumpExit === 'any' ? 'any' : 'two',
  });
  watch.positions.set(path, memory);
  return exit;
}

/**
 * Closes what the detector speaks against (PF-70): two different signals within a minute, or one where the position's
 * document says so. Why is told with each (PF-73).
 */
export async function leaveDumps(ports: ExecutionPorts, look: Look, seen: Seen): Promise<void> {
  const watch = look.dumps ?? createDumpWatch();
  const ofBook = paths.position(look.bookId, '');
  const open = new Set(seen.positions.map(({ positionId }) => `${ofBook}${positionId}`));
  for (const path of watch.positions.keys())
    if (path.startsWith(ofBook) && !open.has(path)) watch.positions.delete(path);
  for (const position of seen.positions) {
    const { bookId, symbol, positionId, closeIntentId, strategyId, protection } = position;
    if (strategyId === EXTERNAL || closeIntentId !== null || protection.dumpExit === 'never')
      continue;
    const now = seen.marketNow;
    const exit = await judge(ports, watch, { position, now });
    if (exit === null) continue;
    await closeEach(ports, look, { positions: [position], reason: 'dump' });
    const signals = exit.map(inWords).join(', ');
    await raiseAlert(ports.store, {
      rule: 'dump_exit',
      severity: 'WARNING',
      message: `${symbol} is left: ${signals} speak against it.`,
      details: { positionId, signals },
      ...{ bookId, symbol, label: positionId, now: seen.wallNow },
    });
  }
}
