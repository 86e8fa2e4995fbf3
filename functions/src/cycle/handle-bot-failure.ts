import { raiseAlert } from '@tradewind/adapters/alerts/raise-alert';
import type { ExecutionPorts } from '@tradewind/adapters/execution/ports';
import type { BotDoc } from '@tradewind/contracts/documents/bot';
import { paths } from '@tradewind/contracts/paths';
import { BookUnreadable } from './book-facts.ts';
import { recordFailure, refreshStatus } from './save-evaluation.ts';

/** STR-06: so many failures in a row stop a bot. */
const MAX_FAILURES = 3;

export type BotFailure = {
  readonly bookId: string;
  readonly botId: string;
  /** `undefined` when its document cannot be read. */
  readonly bot: BotDoc | undefined;
  readonly error: unknown;
};

/** The book's trouble, not the bot's: it waits, and an alert asks for eyes. */
async function haltBot(ports: ExecutionPorts, bot: BotDoc, error: BookUnreadable): Promise<void> {
  const block = { reason: 'halted', detail: error.message } as const;
  await refreshStatus(ports, { bot, livePrice: undefined, block });
  await raiseAlert(ports.store, {
    rule: 'book_unreadable',
    severity: 'CRITICAL',
    message: `No bot of book ${bot.bookId} decides: ${error.message}`,
    details: { book: bot.bookId },
    bookId: bot.bookId,
    symbol: null,
    now: ports.clock.wallNow(),
  });
}

/**
 * A bot failed, the others go on (STR-06): its status says why, and the third failure in a row
 * sets it to ERROR with an alert. A bot whose document cannot be read is stopped at once: waiting
 * mends no document. What it holds stays protected.
 */
export async function handleBotFailure(ports: ExecutionPorts, failure: BotFailure): Promise<void> {
  const { bookId, botId, bot, error } = failure;
  const detail = error instanceof Error ? error.message : String(error);
  ports.log.error('a bot could not be evaluated', { botId, bookId, error: detail });
  if (error instanceof BookUnreadable && bot !== undefined) return haltBot(ports, bot, error);
  const failures = await recordFailure(ports, { botId, bot, detail: detail.slice(0, 500) });
  if (bot !== undefined && failures < MAX_FAILURES) return;
  await ports.store.setAside(paths.bot(botId), { status: 'ERROR' });
  await raiseAlert(ports.store, {
    rule: 'bot_stopped',
    severity: 'CRITICAL',
    message: `Bot ${bot?.name ?? botId} was stopped: ${detail}`,
    details: { bot: botId, failures: String(failures) },
    bookId,
    symbol: bot?.symbol ?? null,
    label: botId,
    now: ports.clock.wallNow(),
  });
}
