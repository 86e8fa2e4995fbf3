import type { Clock } from '@tradewind/adapters/clock/clock';
import type { Store } from '@tradewind/adapters/ledger/store';
import { openPositions } from '@tradewind/adapters/execution/ledger-queries';
import { readPrices } from '@tradewind/adapters/market/read-prices';
import type { CommandReply } from '@tradewind/contracts/callables';
import { bookDoc, positionDoc } from '@tradewind/contracts/documents/book';
import { botDoc, type BotDoc } from '@tradewind/contracts/documents/bot';
import { signalDoc, type SignalDoc } from '@tradewind/contracts/documents/execution';
import type { LivePriceDoc } from '@tradewind/contracts/documents/market';
import { paths } from '@tradewind/contracts/paths';
import { hashId } from '@tradewind/core/lib/ids';
import { moveOf, type Move } from '@tradewind/core/strategy/weighted/move';

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
  { bot, price, move }: { readonly bot: BotDoc; readonly price: LivePriceDoc; readonly move: Move },
): SignalDoc {
  const isEntry = move.action === 'ENTER';
  const now = clock.marketNow();
  const wall = clock.wallNow();
  return {
    signalId: hashId('simulated', request.commandId),
    bookId: bot.bookId,
    strategyId: bot.botId,
    marketKey: bot.marketKey,
    symbol: bot.symbol,
    signalType: isEntry ? 'Z1' : 'ZE1',
    ...move,
    confidence: 1,
    score: request.action === 'BUY' ? 1 : -1,
    reasons: [`Forced by ${request.by}: a test of the whole pipeline, no decision of the bot`],
    indicatorValues: {},
    expectedPrice: price.price,
    suggestedQuote: isEntry ? bot.positionSizeQuote : null,
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

/** The side that the bot holds in its market; `null` = neither. */
async function heldBy({ store }: Ports, { bookId, botId, marketKey }: BotDoc) {
  const open = await store.query(openPositions(store, bookId), positionDoc);
  const own = open.find((it) => it.strategyId === botId && it.marketKey === marketKey);
  return own?.side ?? null;
}

/**
 * Writes a signal for the bot as if it had decided to trade; from there everything is the real
 * pipeline, which may still refuse it. A bot that may sell short does so when it is told to sell and holds nothing. Its id comes from the command's: a repeat writes nothing.
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
  const { allowShort } = bot;
  const move = moveOf(request.action, { held: await heldBy(ports, bot), allowShort });
  const signal = forcedSignal(ports, request, { bot, price, move });
  await store.create(paths.signal(bot.bookId, signal.signalId), signalDoc, signal);
  return {
    ok: true,
    code: 'signal_written',
    message: `${move.action} ${move.direction} ${bot.symbol} was signalled; watch the signal to see what the risk gate says.`,
    id: signal.signalId,
  };
}
