import { marketDoc } from '@tradewind/contracts/documents/market';
import { paths } from '@tradewind/contracts/paths';
import type { Instrument } from '@tradewind/core/instrument/instrument';
import { bucketStart, durationMs, epochMs, minutes, type EpochMs } from '@tradewind/core/lib/time';
import { gridOf } from '@tradewind/core/market/grid';
import { TIMEFRAMES, type Candle, type Timeframe, type Trade } from '@tradewind/core/market/market';
import { createAnalysis, type AnalysisInput } from './analysis.ts';
import { minuteAfter, tradesSince, venueCandles } from './backfill.ts';
import { receiveRaw, takeBar, type Line } from './line.ts';
import { arrivalsOf, replayMissed, resume, type Sync, type SyncReason } from './line-resume.ts';
import type { WorkerPorts } from './ports.ts';

const MINUTE = minutes(1);
/** MD-47: enough closed candles for the longest indicator to settle. */
const HISTORY_BARS = 600;
/** Minutes that are worth being rebuilt from trades: beyond it the venue's candles will do. */
const MAX_REBUILD = minutes(15);
/** How long after a minute's end the venue's own candle of it counts as final, market time. */
const SETTLED_MS = 2_000;
/** How often it is looked whether a minute has settled. */
const LOOK_MS = 200;
const LONGER = ['5m', '15m', '1h'] as const satisfies readonly Timeframe[];

/** Where a line begins anew: bars from `at` on come from trades, what lies before from the venue's candles. */
type Start = { readonly at: EpochMs; readonly trades: readonly Trade[] };

/** Writes the venue's rules of a market, when they are new (`markets/{k}`). */
async function writeMarket({ store, clock }: WorkerPorts, instrument: Instrument): Promise<void> {
  const path = paths.market(instrument.marketKey);
  const known = await store.get(path, marketDoc);
  const names = Object.keys(instrument) as (keyof typeof instrument)[];
  if (!names.every((name) => known?.[name] === instrument[name]))
    await store.set(path, marketDoc, { ...instrument, updatedAt: clock.wallNow() });
}

/** Learns the market's rules; trades that waited for them go their way. @throws Error when the venue has none. */
async function learnGrid({ line, ports, sinks, ask, isOver }: Sync): Promise<void> {
  const { marketKey, symbol } = line.market;
  const found = await ask(() => line.data.instruments([symbol]));
  if (!found.ok)
    throw new Error(`the rules of ${symbol} could not be read: ${found.error.message}`);
  const instrument = found.value.find((each) => each.symbol === symbol);
  if (instrument === undefined) throw new Error(`the venue has no market ${symbol}`);
  await writeMarket(ports, instrument);
  if (isOver()) return;
  const grid = gridOf(instrument);
  if (ports.archive !== null) {
    line.archive = ports.archive.writer(marketKey, grid);
    const last = await ports.archive.lastTick(marketKey);
    line.archivedId = typeof last?.id === 'number' ? last.id : -1;
  }
  line.grid = grid;
  receiveRaw(line, sinks);
}

/** The start with trades; `undefined` where they are not to be had. @throws Error to be tried again. */
async function startWithTrades(sync: Sync, from: EpochMs): Promise<Start | undefined> {
  const { line, ask } = sync;
  const read = await ask(() => tradesSince(line.data, line.market.symbol, from));
  if (read.ok) return { at: from, trades: read.value };
  if (read.error.kind === 'failed') throw new Error(read.error.message);
  return undefined;
}

/** The start with the next whole minute: the one that runs is the venue's. */
async function startWithCandles({ ports, isOver }: Sync): Promise<Start> {
  const { clock, sleep } = ports;
  const at = minuteAfter(clock.marketNow());
  while (clock.marketNow() < at + SETTLED_MS && !isOver()) await sleep(LOOK_MS);
  return { at, trades: [] };
}

/** Closed candles of a length before `at`. @throws Error when the venue does not answer. */
async function historyOf(sync: Sync, timeframe: Timeframe, at: EpochMs): Promise<Candle[]> {
  const { line, ask } = sync;
  const length = durationMs(TIMEFRAMES[timeframe]);
  const until = bucketStart(at, length);
  const from = epochMs(Math.max(0, until - HISTORY_BARS * length));
  const { data, market } = line;
  const read = await ask(() => venueCandles(data, market.symbol, { from, until, timeframe }));
  if (!read.ok) throw new Error(`candles could not be read: ${read.error}`);
  return read.value;
}

/** History of the longer timeframes; without one its indicators settle later (MD-51). */
async function longerHistory(sync: Sync, at: EpochMs): Promise<AnalysisInput['longer']> {
  const history: Partial<Record<(typeof LONGER)[number], Candle[]>> = {};
  for (const timeframe of LONGER)
    try {
      history[timeframe] = await historyOf(sync, timeframe, at);
    } catch (error) {
      const { symbol } = sync.line.market;
      sync.ports.log.warn('history is missing for now', { symbol, timeframe, error });
    }
  return history;
}

/** Which minute to begin with, and what of it is known already. */
async function resumePoint({ line, ports }: Sync, asked: EpochMs | null) {
  const now = ports.clock.marketNow();
  const minute = bucketStart(now, MINUTE);
  const stored = await line.chunks.storedUntil(now);
  if (asked !== null) return { stored, from: asked };
  const isNear = stored !== null && stored <= minute && minute - stored <= MAX_REBUILD;
  return { stored, from: isNear ? stored : minute };
}

/** Puts candles of REST that nobody stored yet with those that wait to be. */
function keepHistory(line: Line, candles: readonly Candle[], storedUntil: EpochMs | null): void {
  const missing = candles.filter(({ openAt }) => openAt >= (storedUntil ?? 0));
  line.pending.candles.unshift(...missing);
}

/**
 * Begins a line anew: history from the venue's candles, the minutes since from its trades, where they are
 * to be had, and then what waited (MD-23, MD-47).
 *
 * @throws Error when the venue does not answer: to be tried again.
 */
export async function restart(
  sync: Sync,
  { from, byCandles }: { readonly from: EpochMs | null; readonly byCandles: boolean },
): Promise<SyncReason | null> {
  const { line, ports, isOver } = sync;
  if (line.grid === null) await learnGrid(sync);
  const { grid, market } = line;
  if (grid === null || isOver()) return null;
  const point = await resumePoint(sync, from);
  const { clock, sleep } = ports;
  while (clock.marketNow() < point.from + SETTLED_MS && !isOver()) await sleep(LOOK_MS);
  const withTrades = byCandles ? undefined : await startWithTrades(sync, point.from);
  const { at, trades } = withTrades ?? (await startWithCandles(sync));
  const history = await historyOf(sync, '1m', at);
  const longer = await longerHistory(sync, at);
  if (isOver()) return null;
  line.analysis = createAnalysis(
    { marketKey: market.marketKey, grid, closedUntil: at, history, longer, windows: line.windows },
    (series, bar) => {
      takeBar(line, series, bar);
    },
  );
  [line.lastId, line.lastAt] = [-1, -1];
  const told = arrivalsOf(line, trades, clock.wallNow());
  const last = told.at(-1);
  if (last !== undefined) line.analysis.mark({ from: at, until: last.at + 1, gapFilled: true });
  if (line.interrupted) line.backfilled += told.length;
  keepHistory(line, history, point.stored);
  replayMissed(sync, { trades, candles: history });
  return resume(sync, { told, rebuildsLate: false });
}
