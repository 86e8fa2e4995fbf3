import type { EngineBar } from '../engine/bar.ts';
import type { EngineEvent } from '../engine/engine.ts';
import { ok, type Result } from '../lib/result.ts';
import { epochMs, type EpochMs } from '../lib/time.ts';
import { factsFor, isEntry, revalueBook } from './book.ts';
import { handOverOf } from '../strategy/hand-over.ts';
import type { BacktestConfig } from './config.ts';
import type { BarSeries } from './data.ts';
import { endOrder } from './fills.ts';
import { payFunding } from './funding.ts';
import { appraise, holdingsInit, type Holdings } from './holdings.ts';
import { judge } from './judge.ts';
import { barAt, lastPrice, nextBar, seen, type Market } from './market.ts';
import { prepareRun } from './prepare.ts';
import { amendLast, record } from './recorder.ts';
import type { BacktestResult } from './result.ts';
import type { Lane, Run, RunHooks } from './state.ts';
import { resultOf } from './summary.ts';
import { count } from './tally.ts';
import { exitAt, leaveToStops, meetOpen, walkBar } from './walk.ts';

/** A market with the strategies that run on it. */
type Stall = { readonly market: Market; readonly lanes: readonly Lane[] };

/**
 * Runs strategies over recorded bars: for each close, what happened within the bars that end then, what the book is
 * worth, what each strategy says, and what the gate says of that (STR-93). It is the code of live books, engine, gate,
 * portfolio and all; only the venue and the clock are the data's.
 *
 * Pure: the same inputs give the same result, byte by byte (STR-95). A strategy is shown nothing but closed bars
 * (STR-94). Memory does not grow with the bars, only with the trades.
 *
 * @returns the error says which input is wrong, and how.
 */
export function runBacktest(
  config: BacktestConfig,
  series: readonly BarSeries[],
  hooks: RunHooks,
): Result<BacktestResult, string> {
  const prepared = prepareRun(config, series, hooks);
  if (!prepared.ok) return prepared;
  const run = prepared.value;
  const stalls = run.markets.map((market) => ({
    market,
    lanes: run.lanes.filter((lane) => lane.market === market),
  }));
  runAll(run, stalls);
  return ok(resultOf(run));
}

/** Tells how far a run is, about a hundred times. */
function progressOf({ markets, hooks, tally }: Run): () => void {
  const { onProgress } = hooks;
  if (onProgress === undefined) return () => undefined;
  const total = markets.reduce((sum, { series }) => sum + series.length, 0);
  const each = Math.max(1, Math.floor(total / 100));
  let next = each;
  return () => {
    if (tally.bars < next && tally.bars < total) return;
    next = tally.bars + each;
    onProgress(tally.bars, total);
  };
}

const DAY = 86_400_000;

function runAll(run: Run, stalls: readonly Stall[]): void {
  const holdings = holdingsInit();
  const progress = progressOf(run);
  for (;;) {
    const at = nextClose(run.markets);
    if (at === Infinity) break;
    const now = epochMs(at);
    passBars(run, stalls, now);
    appraise(holdings, run);
    record(run.recorder, at, holdings);
    // A book is valued at each midnight, and whenever the gate decides.
    if (at >= run.book.risk.dayAt + DAY) revalueBook(run, now);
    decideAll(run, stalls, now);
    judgeAll(run, now);
    progress();
  }
  endAll(run, holdings);
}

/** The next time that a bar closes in any market; `Infinity` after the last. */
function nextClose(markets: readonly Market[]): number {
  let at = Infinity;
  for (const { closeAt } of markets) if (closeAt < at) at = closeAt;
  return at;
}

/** What happens between the last close and this one, in every market that has a bar which ends now. */
function passBars(run: Run, stalls: readonly Stall[], now: EpochMs): void {
  // All opens before anything that follows them: what is judged at an open knows nothing later.
  for (const { market, lanes } of stalls) if (market.closeAt === now) meetOpen(run, market, lanes);
  for (const { market, lanes } of stalls) {
    if (market.closeAt !== now) continue;
    walkBar(run, market, lanes);
    seen(market, market.series.close[market.row] ?? NaN, now);
    if (market.funding !== null) payFunding(run, market, { lanes, until: now });
  }
}

/** Shows each strategy its bar, all with the book as it is now. */
function decideAll(run: Run, stalls: readonly Stall[], now: EpochMs): void {
  for (const { market, lanes } of stalls) {
    if (market.closeAt !== now) continue;
    const bar = barAt(market.series, market.row);
    for (const lane of lanes) decideOne(run, lane, bar);
    run.tally.bars += 1;
    nextBar(market);
  }
}

/** Judges what strategies want, one after the other. */
function judgeAll(run: Run, now: EpochMs): void {
  const { wanted } = run;
  if (wanted.length === 0) return;
  for (const { lane, signal } of wanted) {
    run.tally.signals += 1;
    if (run.config.fills.judged === 'atClose') judge(run, lane, { signal, now });
    else {
      lane.waiting = signal;
      run.book.version += 1;
    }
  }
  wanted.length = 0;
}

/** Shows one strategy the bar that closes now. */
function decideOne(run: Run, lane: Lane, bar: EngineBar): void {
  const now = epochMs(lane.market.closeAt);
  const facts = factsFor(run, lane, now);
  const { windows } = lane.market.series;
  const event: EngineEvent =
    windows === null
      ? { kind: 'bar', bar, facts }
      : { kind: 'bar', bar, facts, windows: windowsAt(windows, lane.market.row) };
  const { audit, effects } = lane.engine.decide(lane.state, event, now);
  if (audit.barCloseAt === null) return;
  run.tally.evaluations += 1;
  if (handOverOf(audit.view) === 'handedOver') leaveToStops(lane);
  if (audit.failing !== null) count(run.tally.holds, audit.failing.reason);
  const { strategyId } = lane.settings;
  run.hooks.onStep?.({
    at: now,
    strategyId,
    marketKey: lane.market.series.marketKey,
    audit,
    effects,
  });
  for (const effect of effects)
    if (effect.kind === 'signal') run.wanted.push({ lane, signal: effect.signal });
    else cancelEntry(run, lane, { reason: effect.reason, at: now });
}

const windowsAt = (
  windows: NonNullable<BarSeries['windows']>,
  row: number,
): Readonly<Record<string, number | null>> =>
  Object.fromEntries(
    Object.entries(windows).map(([name, column]) => {
      const value = column[row] ?? NaN;
      return [name, Number.isNaN(value) ? null : value];
    }),
  );

/** Takes back an entry that is not filled yet. */
function cancelEntry(run: Run, lane: Lane, { reason, at }: { reason: string; at: EpochMs }): void {
  if (lane.waiting !== null && isEntry(lane.waiting.action)) {
    lane.waiting = null;
    run.book.version += 1;
  }
  if (lane.order !== null && isEntry(lane.order.instruction.action))
    endOrder(run, lane, { status: 'cancelled', reason, at });
}

/** What is left at the end: orders lapse, and positions are kept or sold at the last price, as told. */
function endAll(run: Run, holdings: Holdings): void {
  const { at } = run.recorder.last;
  for (const lane of run.lanes) {
    lane.waiting = null;
    lane.followUp = null;
    endOrder(run, lane, { status: 'expired', reason: 'the data end', at: epochMs(at) });
    if (run.config.fills.atEnd === 'close' && lane.position !== null)
      exitAt(run, lane, { px: lastPrice(lane.market), at, reason: 'session_stop', isExact: false });
  }
  appraise(holdings, run);
  amendLast(run.recorder, holdings);
}
