import {
  openPositions,
  pendingSignals,
  workingIntents,
} from '@tradewind/adapters/execution/ledger-queries';
import type { ExecutionPorts } from '@tradewind/adapters/execution/ports';
import {
  positionDoc,
  riskStateDoc,
  type BookDoc,
  type PositionDoc,
  type RiskStateDoc,
} from '@tradewind/contracts/documents/book';
import type { BotDoc } from '@tradewind/contracts/documents/bot';
import {
  intentDoc,
  orderDoc,
  signalDoc,
  type IntentDoc,
  type SignalDoc,
} from '@tradewind/contracts/documents/execution';
import { paths } from '@tradewind/contracts/paths';
import { notional, subMoney, ZERO_MONEY, type Money } from '@tradewind/core/lib/units';
import { boundMargin } from '@tradewind/core/portfolio/valuation';
import type { Block } from '@tradewind/core/strategy/blocking';
import type { BarContext } from '@tradewind/core/strategy/weighted/evaluate';

/** What a book holds and has under way, read once for all its bots. */
export type BookFacts = {
  readonly book: BookDoc;
  readonly positions: readonly PositionDoc[];
  readonly intents: readonly IntentDoc[];
  readonly pending: readonly SignalDoc[];
  readonly risk: RiskStateDoc | undefined;
};

/** What a book holds cannot be read: no bot of it may decide, and none of them is to blame. */
export class BookUnreadable extends Error {
  constructor(bookId: string, cause: unknown) {
    super(
      `Book ${bookId} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
      {
        cause,
      },
    );
    this.name = 'BookUnreadable';
  }
}

/** More than one bot ever has; the gate decides the rest. */
const MAX_PENDING = 200;

/** @throws BookUnreadable when any part of it is malformed. */
export async function loadBookFacts({ store }: ExecutionPorts, book: BookDoc): Promise<BookFacts> {
  const { bookId } = book;
  try {
    const [positions, intents, pending, risk] = await Promise.all([
      store.query(openPositions(store, bookId), positionDoc),
      store.query(workingIntents(store, bookId), intentDoc),
      store.query(pendingSignals(store, bookId, MAX_PENDING), signalDoc),
      store.get(paths.riskState(bookId), riskStateDoc),
    ]);
    return { book, positions, intents, pending, risk };
  } catch (error) {
    throw new BookUnreadable(bookId, error);
  }
}

/** The bot's last fill, whoever caused it. */
async function lastFill({ store }: ExecutionPorts, bot: BotDoc): Promise<BarContext['lastFill']> {
  const [order] = await store.query(
    store.firestore
      .collection(paths.orders(bot.bookId))
      .where('strategyId', '==', bot.botId)
      .orderBy('filledAt', 'desc')
      .limit(1),
    orderDoc,
  );
  if (order === undefined || order.filledAt === null || order.averagePrice === null) return null;
  return { at: order.filledAt, side: order.side, price: order.averagePrice };
}

/** Cash that no working entry will spend and no future has bound. */
const availableQuote = ({ book, intents, positions }: BookFacts): Money =>
  intents
    .filter(({ action }) => action === 'ENTER' || action === 'ADD')
    .reduce(
      (left, intent) => subMoney(left, notional(intent.expectedPrice, intent.quantity, 'ceil')),
      subMoney(book.cash, boundMargin(positions)),
    );

/** What keeps the whole book from entering; anything unclear does. */
function entryBlock({ book, risk }: BookFacts, bot: BotDoc): Block | null {
  if (risk === undefined)
    return { reason: 'halted', detail: 'the book has no risk state, so nothing may be entered' };
  if (risk.emergencyStop)
    return {
      reason: 'emergency_stop',
      detail: 'an emergency stop is in force; an admin resets it',
    };
  if (!risk.executionEnabled)
    return { reason: 'execution_disabled', detail: 'execution is switched off for this book' };
  if (book.status !== 'RUNNING')
    return { reason: 'paused', detail: `the book is ${book.status.toLowerCase()}` };
  if (book.mode !== 'paper' && bot.temperatureTable === 'sensitive')
    return {
      reason: 'mode_restriction',
      detail: 'the sensitive temperature table is for paper books only',
    };
  return null;
}

/** The part of a bar's context that comes from the book. */
export type BotFacts = Pick<
  BarContext,
  'position' | 'pendingOrder' | 'lastFill' | 'availableQuote' | 'entryBlock'
>;

export async function botFacts(
  ports: ExecutionPorts,
  facts: BookFacts,
  bot: BotDoc,
): Promise<BotFacts> {
  const own = ({ strategyId, marketKey }: { strategyId: string; marketKey: string }): boolean =>
    strategyId === bot.botId && marketKey === bot.marketKey;
  const position = facts.positions.find(own);
  const available = availableQuote(facts);
  return {
    position: position === undefined ? null : { quantity: position.quantity },
    pendingOrder: facts.intents.some(own) || facts.pending.some(own),
    lastFill: await lastFill(ports, bot),
    availableQuote: available > 0n ? available : ZERO_MONEY,
    entryBlock: entryBlock(facts, bot),
  };
}
