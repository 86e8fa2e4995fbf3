import { cancelEntries } from '@tradewind/adapters/execution/cancel-entries';
import type { ExecutionPorts } from '@tradewind/adapters/execution/ports';
import { runWithin } from '@tradewind/adapters/isolation/run-within';
import { judgedPrice } from '@tradewind/adapters/market/judge-price';
import { readPrices } from '@tradewind/adapters/market/read-prices';
import { bookDoc, type BookDoc, type PositionDoc } from '@tradewind/contracts/documents/book';
import { paths } from '@tradewind/contracts/paths';
import type { TaskPayload } from '@tradewind/contracts/tasks';
import { epochMs, type EpochMs } from '@tradewind/core/lib/time';
import { judgeAge } from '@tradewind/core/market/freshness';
import { entryObstacle } from '@tradewind/core/risk/price-quality';
import type { Block } from '@tradewind/core/strategy/blocking';
import { loadBookFacts, ownFacts, positionOf, type BookFacts } from './book-facts.ts';
import type { Known } from './deciders.ts';
import {
  evaluateBars,
  newCloses,
  standingOf,
  type Outcome,
  type Standing,
} from './evaluate-bars.ts';
import { actOnHandOver } from './hand-over.ts';
import { handleFailure, stop } from './handle-failure.ts';
import { loadDeciders } from './load-deciders.ts';
import { loadMarket, type MarketData } from './market-data.ts';
import { refreshStatus, saveEvaluation, type Saved } from './save-evaluation.ts';
import { writeBoard } from './store-market.ts';
import { newsOf, type Told } from './told.ts';

/** Wall milliseconds that all new bars of one strategy on one market may take; more is an endless loop (STR-06). */
const EVALUATION_MS = 10_000;

/** Something to evaluate, and where it stands. */
type Ready = Known & { readonly standing: Standing };

/** What all of one dispatch share; each part is read once, and only when needed. */
type Shared = {
  readonly market: (marketKey: string) => Promise<MarketData>;
  readonly facts: () => Promise<BookFacts>;
  readonly now: EpochMs;
};

type Result = { readonly bars: number; readonly saved: Saved | 'unchanged' };

/** MD-60, MD-64: without young data nothing is decided, and people see that it is the data's fault. */
function tooOld({ settings }: ExecutionPorts, knownAt: EpochMs | null, now: EpochMs): Block | null {
  if (knownAt === null)
    return { reason: 'stale_data', detail: 'paused for data: no price of this market is known' };
  const age = now - knownAt;
  if (judgeAge('botBar', age, settings.priceMaxAgeMs) !== 'refuse') return null;
  const detail = `paused for data: the last price is ${Math.round(age / 1_000)} s old, at most ${settings.priceMaxAgeMs / 1_000} s is allowed`;
  return { reason: 'stale_data', detail };
}

const NOTHING_TOLD: Told = { signals: [], position: null };

/** A strategy that failed for the third time on its bars is stopped; one failure more or less is in its status. */
async function stopFailed(ports: ExecutionPorts, known: Known, outcome: Outcome): Promise<void> {
  const { fault } = outcome.audit;
  const { decider } = known;
  const { bookId, strategyId: id } = decider;
  if (fault === null) return;
  ports.log.error('a strategy failed', { botId: id, bookId, error: fault });
  if (outcome.state.status === 'ERROR') await stop(ports, { bookId, id, who: decider }, fault);
}

/** What follows from an evaluation that was stored. */
async function follow(
  ports: ExecutionPorts,
  {
    known,
    outcome,
    position,
  }: { known: Known; outcome: Outcome; position: PositionDoc | undefined },
) {
  const { bookId, strategyId, marketKey } = known.decider;
  const { cancel: reason } = outcome;
  if (reason !== null) await cancelEntries(ports, { bookId, strategyId, marketKey, reason });
  await stopFailed(ports, known, outcome);
  await actOnHandOver(ports, outcome.audit.view, position);
}

async function evaluateOne(ports: ExecutionPorts, shared: Shared, ready: Ready): Promise<Result> {
  const { decider, stored, standing } = ready;
  const { candles, readings, livePrice, knownAt } = await shared.market(decider.marketKey);
  const { now } = shared;
  const old = tooOld(ports, knownAt, now);
  const doubt = livePrice === undefined ? null : entryObstacle(livePrice, decider.symbol);
  if (newCloses({ decider, standing, candles }).length === 0) {
    await refreshStatus(ports, { who: decider, livePrice, block: old ?? doubt });
    return { bars: 0, saved: 'unchanged' };
  }
  const bookFacts = await shared.facts();
  const own = await ownFacts(ports, bookFacts, decider);
  // A state made of history has been told of nothing yet.
  const before = standing.isNew ? NOTHING_TOLD : (stored?.told ?? NOTHING_TOLD);
  const { bookId } = decider;
  const position = positionOf(bookFacts, decider);
  const news = await newsOf(ports, { bookId, told: before }, position);
  // A silent market keeps one that is flat waiting, and its confirmation starts anew after it (MD-65);
  // one that holds something may still leave (MD-61).
  const stale = old !== null || (livePrice?.stale === true && own.position === null);
  const dataQuality = livePrice?.dataQuality ?? 0;
  const facts = { ...own, entryBlock: own.entryBlock ?? doubt, dataQuality };
  const input = { decider, standing, candles, readings, news: news.events, facts, now, stale };
  const outcome = runWithin(EVALUATION_MS, () => evaluateBars(input));
  if (outcome === null) return { bars: 0, saved: 'unchanged' };
  const told = outcome.isTold ? news.told : before;
  const saved = await saveEvaluation(ports, { decider, stored, outcome, told, livePrice });
  if (saved !== 'superseded') await follow(ports, { known: ready, outcome, position });
  return { bars: outcome.bars, saved };
}

/** Remembers the first result: what a book holds is read once. */
function once<V>(load: () => Promise<V>): () => Promise<V> {
  let loaded: Promise<V> | undefined;
  return () => (loaded ??= load());
}

/** Reads every market that somebody needs, and then puts what the venue said on the cycle's board. */
function loadMarkets(ports: ExecutionPorts, book: BookDoc, all: readonly Ready[]) {
  const prices = readPrices(ports.store);
  const load = async (marketKey: string): Promise<MarketData> => {
    const there = all.filter(({ decider }) => decider.marketKey === marketKey);
    const symbol = there[0]?.decider.symbol ?? '';
    const from = epochMs(Math.min(...there.map(({ standing }) => standing.since)));
    const source = { market: { marketKey, symbol }, book, prices: await prices };
    const data = await loadMarket(ports, source, from);
    const { livePrice } = data;
    return livePrice === undefined
      ? data
      : { ...data, livePrice: judgedPrice(livePrice, ports.clock.wallNow()) };
  };
  const keys = [...new Set(all.map(({ decider }) => decider.marketKey))];
  const loading = new Map(keys.map((key) => [key, load(key)]));
  const ready = (async () => {
    const settled = await Promise.allSettled(loading.values());
    const fetched = settled.map((one) =>
      one.status === 'fulfilled' ? one.value.fetchedPrice : null,
    );
    await writeBoard(
      ports,
      fetched.filter((price) => price !== null),
    );
  })();
  // Each evaluation waits for it and fails by itself; a failure must not go unheard before the first asks.
  ready.catch(() => undefined);
  return async (marketKey: string): Promise<MarketData> => {
    // The gate decides on the board: it is written before any signal is.
    await ready;
    return loading.get(marketKey) ?? load(marketKey);
  };
}

/**
 * Evaluates bots and strategies of one book on every bar that closed since their last evaluation, each bar once
 * and in order: the only place where anything decides (ARC-28).
 *
 * One's failure is its own (STR-06). Run twice, or at the same time, the slower run finds that
 * the state has moved on and writes nothing (ARC-54).
 */
export async function handleEvaluateBots(
  ports: ExecutionPorts,
  task: TaskPayload<'evaluateBots'>,
): Promise<void> {
  const { store, clock, log } = ports;
  const began = clock.wallNow();
  const book = await store.get(paths.book(task.bookId), bookDoc);
  if (book?.status !== 'RUNNING') return;
  const facts = once(() => loadBookFacts(ports, book));
  const now = clock.marketNow();
  const known = await loadDeciders(ports, task, { facts });
  const all = known.map((one) => ({ ...one, standing: standingOf(one.decider, one.stored, now) }));
  const shared: Shared = { now, facts, market: loadMarkets(ports, book, all) };
  const results = await Promise.all(
    all.map(async (ready) => {
      try {
        return await evaluateOne(ports, shared, ready);
      } catch (error) {
        const { decider: who } = ready;
        const { bookId, strategyId: id } = who;
        await handleFailure(ports, { bookId, id, who, known: ready, error });
        return null;
      }
    }),
  );
  const done = results.filter((result) => result !== null);
  log.info('evaluation', {
    kind: 'evaluation',
    bookId: task.bookId,
    bots: all.length,
    failed: all.length - done.length,
    bars: done.reduce((sum, { bars }) => sum + bars, 0),
    signals: done.filter(({ saved }) => saved === 'signal').length,
    superseded: done.filter(({ saved }) => saved === 'superseded').length,
    durationMs: clock.wallNow() - began,
  });
}
