import type { Clock } from '@tradewind/adapters/clock/clock';
import type { Store } from '@tradewind/adapters/ledger/store';
import type { CommandReply } from '@tradewind/contracts/callables';
import { bookDoc, type BookDoc } from '@tradewind/contracts/documents/book';
import { botDoc, type BotDoc } from '@tradewind/contracts/documents/bot';
import { symbolOf } from '@tradewind/contracts/documents/strategy';
import { paths } from '@tradewind/contracts/paths';
import { hashId } from '@tradewind/core/lib/ids';
import { botFromPreset } from '@tradewind/core/strategy/weighted/presets';
import type { Actor, Command } from '../callables/handle-callable.ts';
import { refuse } from '../callables/refuse.ts';
import { botFault, SMALL_SIZE } from './bot-limits.ts';
import { named } from './named.ts';

type Ports = { readonly store: Store; readonly clock: Clock };

function newBot(request: Command<'createBot'>, book: BookDoc, clock: Clock): BotDoc {
  const { commandId, marketKey, preset, settings } = request;
  const now = clock.wallNow();
  const size = book.mode === 'small' ? SMALL_SIZE : undefined;
  return {
    ...botFromPreset(preset, settings.name, size),
    ...named(settings),
    botId: hashId('bot', commandId),
    bookId: book.bookId,
    marketKey,
    symbol: symbolOf(marketKey),
    status: 'STOPPED',
    preset,
    createdAt: now,
    updatedAt: now,
    version: 1,
  };
}

/** A new bot, stopped (STR-10). Its id comes from the command's: a repeat makes no second one. */
export function handleCreateBot(
  { store, clock }: Ports,
  request: Command<'createBot'>,
  { role }: Pick<Actor, 'role'>,
): Promise<CommandReply> {
  const { bookId, marketKey } = request;
  return store.transact(async (tx) => {
    const book = await tx.get(paths.book(bookId), bookDoc);
    if (book === undefined) return refuse('no_book', `There is no book "${bookId}".`);
    const bot = newBot(request, book, clock);
    const fault = botFault(bot, book, role);
    if (fault !== null) return refuse('refused', fault);
    const ofBook = store.firestore.collection(paths.bots).where('bookId', '==', bookId);
    const others = await tx.query(ofBook, botDoc);
    const done: CommandReply = {
      ok: true,
      code: 'created',
      message: `${bot.name} is there; start it when you like.`,
      id: bot.botId,
    };
    if (others.some(({ botId }) => botId === bot.botId)) return done;
    if (others.some((other) => other.name === bot.name && other.marketKey === marketKey))
      return refuse(
        'exists',
        `${book.name} has a bot "${bot.name}" for ${bot.symbol} already. Choose another name.`,
      );
    tx.create(paths.bot(bot.botId), botDoc, bot);
    tx.create(paths.botVersion(bot.botId, bot.version), botDoc, bot);
    return done;
  });
}
