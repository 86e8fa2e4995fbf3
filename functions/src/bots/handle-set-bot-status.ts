import type { ExecutionPorts } from '@tradewind/adapters/execution/ports';
import type { CommandReply } from '@tradewind/contracts/callables';
import { bookDoc } from '@tradewind/contracts/documents/book';
import { botDoc, type BotDoc } from '@tradewind/contracts/documents/bot';
import { paths } from '@tradewind/contracts/paths';
import { refuseUnheard } from '../execution/refuse-unheard.ts';

type Ports = Pick<ExecutionPorts, 'store' | 'clock'>;

/** The bot with a new status, in one transaction; the reply says what became of it. */
function setStatus(
  { store, clock }: Ports,
  botId: string,
  change: {
    readonly to: 'RUNNING' | 'STOPPED';
    readonly refuse: (bot: BotDoc, mode: string) => string | null;
  },
): Promise<CommandReply> {
  return store.transact(async (tx) => {
    const bot = await tx.get(paths.bot(botId), botDoc);
    if (bot === undefined)
      return { ok: false, code: 'not_found', message: `There is no bot "${botId}".` };
    const book = await tx.get(paths.book(bot.bookId), bookDoc);
    if (book === undefined)
      return { ok: false, code: 'no_book', message: `Its book "${bot.bookId}" does not exist.` };
    const done = `${bot.name} is ${change.to === 'RUNNING' ? 'running' : 'stopped'}.`;
    if (bot.status === change.to) return { ok: true, code: 'unchanged', message: done, id: botId };
    const refusal = change.refuse(bot, book.mode);
    if (refusal !== null) return { ok: false, code: 'refused', message: refusal };
    tx.set(paths.bot(botId), botDoc, {
      ...bot,
      status: change.to,
      updatedAt: clock.wallNow(),
    });
    return { ok: true, code: change.to.toLowerCase(), message: done, id: botId };
  });
}

/**
 * Starts a bot whose signals somebody turns into orders (EXE-04). STR-14: the sensitive temperature table is for paper
 * books only.
 */
export async function handleStartBot(
  ports: Ports & Pick<ExecutionPorts, 'venueOf'>,
  botId: string,
): Promise<CommandReply> {
  const bot = await ports.store.get(paths.bot(botId), botDoc);
  const unheard = bot === undefined ? null : await refuseUnheard(ports, bot.bookId);
  if (unheard !== null) return unheard;
  return setStatus(ports, botId, {
    to: 'RUNNING',
    refuse: ({ name, temperatureTable }, mode) =>
      mode !== 'paper' && temperatureTable === 'sensitive'
        ? `${name} uses the sensitive temperature table, which live books refuse. Choose "production" first.`
        : null,
  });
}

export const handleStopBot = (ports: Ports, botId: string): Promise<CommandReply> =>
  setStatus(ports, botId, { to: 'STOPPED', refuse: () => null });
