import type { Clock } from '@tradewind/adapters/clock/clock';
import type { Store } from '@tradewind/adapters/ledger/store';
import { readPrices } from '@tradewind/adapters/market/read-prices';
import type { CommandReply } from '@tradewind/contracts/callables';
import { bookDoc } from '@tradewind/contracts/documents/book';
import { botDoc, type BotDoc } from '@tradewind/contracts/documents/bot';
import { signalDoc, type SignalDoc } from '@tradewind/contracts/documents/execution';
import type { LivePriceDoc } from '@tradewind/contracts/documents/market';
import { paths } from '@tradewind/contracts/paths';
import { hashId } from '@tradewind/core/lib/ids';

type Ports = { readonly store: Store; readonly clock: Clock };
type Request = {
  readonly commandId: string;
  readonly botId: string;
  readonly action: 'BUY' | 'SELL';
  readonly by: string;
};

/** How long a forced signal may wait for its decision, in market milliseconds. */
const TTL_MS = 60_000;

const refused = (code: string, message: string): CommandReply => ({ ok: false, code, message });

/** A signal as the bot would write it, but decided by a person. */
function forcedSignal(
  { clock }: Ports,
  request: Request,
  { bot, price }: { readonly bot: BotDoc; readonly price: LivePriceDoc },
): SignalDoc {
  const isBuy = request.action === 'BUY';
  const now = clock.marketNow();
  const wall = clock.wallNow();
  return {
    signalId: hashId('simulated', request.commandId),
    bookId: bot.bookId,
    strategyId: bot.botId,
    marketKey: bot.marketKey,
    symbol: bot.symbol,
    signalType: isBuy ? 'Z1' : 'ZE1',
    action: isBuy ? 'ENTER' : 'EXIT',
    direction: 'LONG',
    confidence: 1,
    score: isBuy ? 1 : -1,
    reasons: [`Forced by ${request.by}: a test of the whole pipeline, no decision of the bot`],
    indicatorValues: {},
    expectedPrice: price.price,
    suggestedQuote: isBuy ? bot.positionSizeQuote : null,
    suggestedStop: null,
    suggestedTarget: null,
    ttlMs: TTL_MS,
    barCloseAt: now,
    decidedAt: now,
    executionStatus: 'PENDING',
    rejectionReason: null,
    rejections: [],
    intentId: null,
    createdAt: wall,
    updatedAt: wall,
  };
}

/**
 * Writes a signal for the bot as if it had decided to trade; from there everything is the real
 * pipeline, which may still refuse it. Its id comes from the command's: a repeat writes nothing.
 */
export async function handleSimulateBotTrade(
  ports: Ports,
  request: Request,
): Promise<CommandReply> {
  const { store } = ports;
  const bot = await store.get(paths.bot(request.botId), botDoc);
  if (bot === undefined) return refused('not_found', `There is no bot "${request.botId}".`);
  const book = await store.get(paths.book(bot.bookId), bookDoc);
  if (book === undefined) return refused('no_book', `Its book "${bot.bookId}" does not exist.`);
  if (book.mode !== 'paper')
    return refused('live_book', `${book.name} is a live book: forced trades are for paper books.`);
  const price = (await readPrices(store)).get(bot.marketKey);
  if (price === undefined)
    return refused('no_price', `There is no price of ${bot.symbol} yet. Wait for the feed.`);
  const signal = forcedSignal(ports, request, { bot, price });
  await store.create(paths.signal(bot.bookId, signal.signalId), signalDoc, signal);
  return {
    ok: true,
    code: 'signal_written',
    message: `${request.action} ${bot.symbol} was signalled; watch the signal to see what the risk gate says.`,
    id: signal.signalId,
  };
}
