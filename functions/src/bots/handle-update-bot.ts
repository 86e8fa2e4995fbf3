import type { Clock } from '@tradewind/adapters/clock/clock';
import type { Store } from '@tradewind/adapters/ledger/store';
import type { CommandReply } from '@tradewind/contracts/callables';
import { bookDoc } from '@tradewind/contracts/documents/book';
import { botDoc } from '@tradewind/contracts/documents/bot';
import { paths } from '@tradewind/contracts/paths';
import type { Actor, Command } from '../callables/handle-callable.ts';
import { refuse } from '../callables/refuse.ts';
import { botFault } from './bot-limits.ts';
import { named } from './named.ts';

type Ports = { readonly store: Store; readonly clock: Clock };

/**
 * The next version of a bot (STR-07). What it holds is left by the version that entered it; the copy of that
 * version is written here where there is none yet.
 */
export function handleUpdateBot(
  { store, clock }: Ports,
  { botId, settings }: Command<'updateBot'>,
  { role }: Pick<Actor, 'role'>,
): Promise<CommandReply> {
  return store.transact(async (tx) => {
    const bot = await tx.get(paths.bot(botId), botDoc);
    if (bot === undefined) return refuse('not_found', `There is no bot "${botId}".`);
    const book = await tx.get(paths.book(bot.bookId), bookDoc);
    if (book === undefined) return refuse('no_book', `Its book "${bot.bookId}" does not exist.`);
    const version = bot.version + 1;
    const next = { ...bot, ...named(settings), version, updatedAt: clock.wallNow() };
    const fault = botFault(next, book, role);
    if (fault !== null) return refuse('refused', fault);
    const before = paths.botVersion(botId, bot.version);
    if ((await tx.get(before, botDoc)) === undefined) tx.create(before, botDoc, bot);
    tx.set(paths.bot(botId), botDoc, next);
    tx.create(paths.botVersion(botId, version), botDoc, next);
    return {
      ok: true,
      code: 'updated',
      message: `${next.name} is at version ${version}. What it holds is left by the version that bought it.`,
      id: botId,
    };
  });
}
