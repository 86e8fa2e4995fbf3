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
import {
  intentDoc,
  orderDoc,
  signalDoc,
  type IntentDoc,
  type SignalDoc,
} from '@tradewind/contracts/documents/execution';
import { paths } from '@tradewind/contracts/paths';
import type { Facts } from '@tradewind/core/engine/facts';
import { notional, subMoney, ZERO_MONEY, type Money } from '@tradewind/core/lib/units';
import { boundMargin, requiredMargin } from '@tradewind/core/portfolio/margin';
import type { Block } from '@tradewind/core/strategy/blocking';
import type { Decider } from './deciders.ts';

/** What a book holds and has under way, read once for all that decide in it. */
export type BookFacts = {
  readonly book: BookDoc;
  readonly positions: readonly PositionDoc[];
  readonly intents: readonly IntentDoc[];
  readonly pending: readonly SignalDoc[];
  readonly risk: RiskStateDoc | undefined;
};

/** What a book holds cannot be read: nothing may decide in it, and none of those is to blame. */
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

/** More than one ever has; the gate decides the rest. */
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
    // A stop that is being placed protects a position and stands in no decision's way.
    const trading = intents.filter(({ type }) => type !== 'STOP');
    return { book, positions, intents: trading, pending, risk };
  } catch (error) {
    throw new BookUnreadable(bookId, error);
  }
}

type Who = Pick<Decider, 'bookId' | 'strategyId' | 'marketKey' | 'bot'>;

/** The last fill on its market, whoever caused it. */
async function lastFill({ store }: ExecutionPorts, who: Who): Promise<Facts['lastFill']> {
  const own = store.firestore
    .collection(paths.orders(who.bookId))
    .where('strategyId', '==', who.strategyId);
  // A bot has one market: its orders need no second field, nor an index over it.
  const there = who.bot === null ? own.where('marketKey', '==', who.marketKey) : own;
  const [order] = await store.query(there.orderBy('filledAt', 'desc').limit(1), orderDoc);
  if (order === undefined || order.filledAt === null || order.averagePrice === null) return null;
  return { at: order.filledAt, side: order.side, price: order.averagePrice };
}

/** Cash that no working entry will spend and no future has bound. */
const availableQuote = ({ book, intents, positions }: BookFacts): Money =>
  intents
    .filter(({ action }) => action === 'ENTER' || action === 'ADD')
    .reduce(
      (left, { expectedPrice, quantity, leverage = 1 }) =>
        subMoney(left, requiredMargin(notional(expectedPrice, quantity, 'ceil'), leverage)),
      subMoney(book.cash, boundMargin(positions)),
    );

/** What keeps the whole book from entering; anything unclear does. */
function entryBlock({ book, risk }: BookFacts, { bot, strategyId }: Who): Block | null {
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
  const disabled = risk.traders[strategyId]?.disabled ?? null;
  if (disabled !== null)
    return {
      reason: 'disabled',
      detail: `it was disabled: ${disabled.detail}; an admin enables it again`,
    };
  if (book.mode !== 'paper' && bot?.temperatureTable === 'sensitive')
    return {
      reason: 'mode_restriction',
      detail: 'the sensitive temperature table is for paper books only',
    };
  return null;
}

/** The open position of a bot or strategy on its market. */
export const positionOf = (
  { positions }: BookFacts,
  { strategyId, marketKey }: Who,
): PositionDoc | undefined =>
  positions.find((one) => one.strategyId === strategyId && one.marketKey === marketKey);

/** What the ledger knows of a bot or strategy on its market. */
export async function ownFacts(
  ports: ExecutionPorts,
  facts: BookFacts,
  who: Who,
): Promise<Omit<Facts, 'stale' | 'dataQuality' | 'warmup'>> {
  const own = ({ strategyId, marketKey }: { strategyId: string; marketKey: string }): boolean =>
    strategyId === who.strategyId && marketKey === who.marketKey;
  const position = positionOf(facts, who);
  const available = availableQuote(facts);
  return {
    position: position === undefined ? null : holdingOf(position),
    pendingOrder: facts.intents.some(own) || facts.pending.some(own),
    lastFill: await lastFill(ports, who),
    availableQuote: available > 0n ? available : ZERO_MONEY,
    entryBlock: entryBlock(facts, who),
  };
}

const holdingOf = ({ side, quantity, averageEntry, openedAt, lastFillAt }: PositionDoc) => ({
  ...{ side, quantity, averageEntry, openedAt, lastFillAt },
});
