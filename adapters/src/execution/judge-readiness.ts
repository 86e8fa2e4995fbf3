import { bookDoc, type BookDoc } from '@tradewind/contracts/documents/book';
import { botDoc, type BotDoc } from '@tradewind/contracts/documents/bot';
import { performanceDoc } from '@tradewind/contracts/documents/performance';
import { budgetDoc } from '@tradewind/contracts/documents/risk';
import { alertDoc, type AlertDoc } from '@tradewind/contracts/documents/system';
import { paths } from '@tradewind/contracts/paths';
import type { LivePrice } from '@tradewind/core/market/market';
import { readiness } from '@tradewind/core/portfolio/trade-quality';
import { readPrices } from '../market/read-prices.ts';
import type { ExecutionPorts } from './ports.ts';

const DAY_MS = 86_400_000;

/** What the bots of a book have in common. */
type Desk = {
  readonly book: BookDoc;
  /** The venue holds stops. */
  readonly holdsStops: boolean;
  readonly prices: ReadonlyMap<string, LivePrice>;
  /** Alerts of orders that hung in the last day. */
  readonly stuck: readonly AlertDoc[];
};

/** Looks at one bot, and writes what it found where that is news, or a day old. */
async function judgeBot(
  { store, clock }: ExecutionPorts,
  { botId, bookId, marketKey, symbol }: BotDoc,
  { holdsStops, prices, stuck }: Desk,
): Promise<void> {
  const [results, budget] = await Promise.all([
    store.get(paths.performance(bookId, `strategy__${botId}`), performanceDoc),
    store.get(paths.budget(bookId, botId), budgetDoc),
  ]);
  const { status, missing } = readiness({
    closedPaperTrades: results?.sums.trades ?? 0,
    expectancy: results?.figures.expectancy ?? null,
    stuckOrders24h: stuck.filter((alert) => alert.symbol === symbol).length,
    dataQuality: prices.get(marketKey)?.dataQuality ?? 0,
    hasProtectiveStop: holdsStops,
    hasBudget: budget !== undefined && budget.allocated > 0n,
  });
  await store.transact(async (tx) => {
    const bot = await tx.get(paths.bot(botId), botDoc);
    if (bot === undefined) return;
    const now = clock.wallNow();
    const known = bot.readiness;
    const isAsBefore =
      known?.status === status && JSON.stringify(known.missing) === JSON.stringify(missing);
    if (isAsBefore && now - known.at < DAY_MS) return;
    tx.set(paths.bot(botId), botDoc, { ...bot, readiness: { status, missing, at: now } });
  });
}

async function holdsStops(ports: ExecutionPorts, book: BookDoc): Promise<boolean> {
  try {
    return (await ports.venueOf(book)).capabilities.stopOrders;
  } catch (error) {
    // It holds nothing then, and that is what is missing.
    ports.log.warn('a venue could not be opened', { bookId: book.bookId, error });
    return false;
  }
}

/**
 * Judges every bot of every paper book: whether it has shown enough to be left to trade alone (PF-16). What a bot has
 * to show, it shows on paper; of bots of live books nothing is said.
 */
export async function judgeReadiness(ports: ExecutionPorts): Promise<void> {
  const { store, clock, log } = ports;
  const { firestore } = store;
  const ofPaper = firestore.collection(paths.books).where('mode', '==', 'paper');
  const hung = firestore.collection(paths.alerts).where('rule', '==', 'stuckOrder');
  const [books, prices, alerts] = await Promise.all([
    store.query(ofPaper, bookDoc),
    readPrices(store),
    store.query(hung, alertDoc),
  ]);
  const recent = alerts.filter(({ lastAt }) => clock.wallNow() - lastAt < DAY_MS);
  for (const book of books) {
    const { bookId } = book;
    const stuck = recent.filter((alert) => alert.bookId === bookId);
    const desk = { book, prices, stuck, holdsStops: await holdsStops(ports, book) };
    const bots = firestore.collection(paths.bots).where('bookId', '==', bookId);
    for (const bot of await store.query(bots, botDoc))
      try {
        await judgeBot(ports, bot, desk);
      } catch (error) {
        log.error('a bot could not be judged', { botId: bot.botId, error });
      }
  }
}
