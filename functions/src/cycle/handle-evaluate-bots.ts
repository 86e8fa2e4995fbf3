import type { ExecutionPorts } from '@tradewind/adapters/execution/ports';
import { judgedPrice } from '@tradewind/adapters/market/judge-price';
import { readPrices } from '@tradewind/adapters/market/read-prices';
import { bookDoc, type BookDoc } from '@tradewind/contracts/documents/book';
import { botDoc, strategyStateDoc, type BotDoc } from '@tradewind/contracts/documents/bot';
import { paths } from '@tradewind/contracts/paths';
import type { TaskPayload } from '@tradewind/contracts/tasks';
import { epochMs, type EpochMs } from '@tradewind/core/lib/time';
import { judgeAge } from '@tradewind/core/market/freshness';
import { entryObstacle } from '@tradewind/core/risk/price-quality';
import type { Block } from '@tradewind/core/strategy/blocking';
import { botFacts, loadBookFacts, type BookFacts } from './book-facts.ts';
import { evaluateBot, newBars, standingOf, type Standing } from './evaluate-bot.ts';
import { handleBotFailure } from './handle-bot-failure.ts';
import { loadMarket, type MarketData } from './market-data.ts';
import { refreshStatus, saveEvaluation, type Saved } from './save-evaluation.ts';
import { writeBoard } from './store-market.ts';

const loadStored = ({ store }: ExecutionPorts, bot: BotDoc) =>
  store.get(paths.strategyState(bot.botId, bot.marketKey), strategyStateDoc);

/** A bot to evaluate, and where it stands. */
type Ready = {
  readonly bot: BotDoc;
  readonly stored: Awaited<ReturnType<typeof loadStored>>;
  readonly standing: Standing;
};

/** What all bots of one dispatch share; each part is read once, and only when needed. */
type Shared = {
  readonly market: (bot: BotDoc) => Promise<MarketData>;
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

async function evaluateOne(ports: ExecutionPorts, shared: Shared, ready: Ready): Promise<Result> {
  const { bot, stored, standing } = ready;
  const { candles, livePrice, knownAt } = await shared.market(bot);
  const { now } = shared;
  const old = tooOld(ports, knownAt, now);
  const doubt = livePrice === undefined ? null : entryObstacle(livePrice, bot.symbol);
  if (newBars({ bot, standing, candles }).length === 0) {
    await refreshStatus(ports, { bot, livePrice, block: old ?? doubt });
    return { bars: 0, saved: 'unchanged' };
  }
  const own = await botFacts(ports, await shared.facts(), bot);
  // A silent market keeps a flat bot waiting, and its confirmation starts anew after it (MD-65);
  // one that holds something may still leave (MD-61).
  const stale = old !== null || (livePrice?.stale === true && own.position === null);
  const facts = { ...own, entryBlock: own.entryBlock ?? doubt };
  const dataQuality = livePrice?.dataQuality ?? 0;
  const outcome = evaluateBot({ bot, standing, candles, facts, now, stale, dataQuality });
  if (outcome === null) return { bars: 0, saved: 'unchanged' };
  const saved = await saveEvaluation(ports, { bot, stored, outcome, livePrice });
  return { bars: outcome.bars, saved };
}

/** Remembers the first result: two bots of one market load it once. */
function memo<K, V>(load: (key: K) => Promise<V>): (key: K) => Promise<V> {
  const loaded = new Map<K, Promise<V>>();
  return (key) => {
    const value = loaded.get(key) ?? load(key);
    loaded.set(key, value);
    return value;
  };
}

/** Reads every market that some bot needs, and then puts what the venue said on the cycle's board. */
function loadMarkets(ports: ExecutionPorts, book: BookDoc, all: readonly Ready[]) {
  const prices = readPrices(ports.store);
  const load = async (marketKey: string): Promise<MarketData> => {
    const bots = all.filter(({ bot }) => bot.marketKey === marketKey);
    const symbol = bots[0]?.bot.symbol ?? '';
    const from = epochMs(Math.min(...bots.map(({ standing }) => standing.since)));
    const source = { market: { marketKey, symbol }, book, prices: await prices };
    const data = await loadMarket(ports, source, from);
    const { livePrice } = data;
    return livePrice === undefined
      ? data
      : { ...data, livePrice: judgedPrice(livePrice, ports.clock.wallNow()) };
  };
  const keys = [...new Set(all.map(({ bot }) => bot.marketKey))];
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
  // Each bot waits for it and fails by itself; a failure must not go unheard before the first asks.
  ready.catch(() => undefined);
  return async (marketKey: string): Promise<MarketData> => {
    // The gate decides on the board: it is written before any signal is.
    await ready;
    return loading.get(marketKey) ?? load(marketKey);
  };
}

function shareOut(ports: ExecutionPorts, book: BookDoc, all: readonly Ready[]): Shared {
  const now = ports.clock.marketNow();
  const market = loadMarkets(ports, book, all);
  const facts = memo(() => loadBookFacts(ports, book));
  return { now, market: (bot) => market(bot.marketKey), facts: () => facts(book.bookId) };
}

/** The bots that run; what cannot be read is handled and left out. */
async function loadBots(
  ports: ExecutionPorts,
  { bookId, botIds }: TaskPayload<'evaluateBots'>,
): Promise<Ready[]> {
  const now = ports.clock.marketNow();
  const ready = await Promise.all(
    botIds.map(async (botId): Promise<Ready | null> => {
      let bot: BotDoc | undefined;
      try {
        bot = await ports.store.get(paths.bot(botId), botDoc);
        if (bot?.status !== 'RUNNING' || bot.bookId !== bookId) return null;
        const stored = await loadStored(ports, bot);
        return { bot, stored, standing: standingOf(bot, stored, now) };
      } catch (error) {
        await handleBotFailure(ports, { bookId, botId, bot, error });
        return null;
      }
    }),
  );
  return ready.filter((item) => item !== null);
}

/**
 * Evaluates bots of one book on every bar that closed since their last evaluation, each bar once
 * and in order: the only place where a bot decides (ARC-28).
 *
 * One bot's failure is its own (STR-06). Run twice, or at the same time, the slower run finds that
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
  const all = await loadBots(ports, task);
  const shared = shareOut(ports, book, all);
  const results = await Promise.all(
    all.map(async (ready) => {
      try {
        return await evaluateOne(ports, shared, ready);
      } catch (error) {
        const { bot } = ready;
        await handleBotFailure(ports, { bookId: task.bookId, botId: bot.botId, bot, error });
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
