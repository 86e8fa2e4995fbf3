import { bookDoc, type BookDoc } from '@tradewind/contracts/documents/book';
import type { IntentDoc, OrderDoc } from '@tradewind/contracts/documents/execution';
import type { MarketDoc } from '@tradewind/contracts/documents/market';
import { paths } from '@tradewind/contracts/paths';
import type { Instrument } from '@tradewind/core/instrument/instrument';
import { clientOrderIdOf } from '@tradewind/core/lib/ids';
import type { EpochMs } from '@tradewind/core/lib/time';
import { ZERO_MONEY, ZERO_QTY } from '@tradewind/core/lib/units';
import type { Instruction, IntentStatus } from '@tradewind/core/order/intent';
import type { OrderStatus } from '@tradewind/core/order/order';
import type { Expected } from '@tradewind/core/portfolio/order-analysis';
import { canMoveIntent, canMoveOrder } from '@tradewind/core/order/transitions';
import { checkRecord, type CheckResult } from '@tradewind/core/risk/check';
import type { Approved } from '@tradewind/core/risk/gate';
import type { Store, StoreTx } from '../ledger/store.ts';

/** What becomes known of an intent with its next state. */
type IntentChange = Partial<Pick<IntentDoc, 'claimedBy' | 'claimedUntil' | 'failure' | 'queued'>>;
/** What becomes known of an order with its next state. */
type OrderChange = Partial<Pick<OrderDoc, 'rejectionReason' | 'errorCode' | 'marks'>>;

/**
 * The intent after moving through `path`, one legal step after the other (EXE-14); without one it stays what it is.
 *
 * @throws Error for a step that the table does not hold: a bug, which must not be written.
 */
export function advanceIntent(
  intent: IntentDoc,
  path: readonly IntentStatus[],
  { now, ...change }: IntentChange & { readonly now: EpochMs },
): IntentDoc {
  const status = path.reduce((from, to) => {
    if (!canMoveIntent(from, to))
      throw new Error(`Invariant: intent ${intent.intentId} may not move from ${from} to ${to}`);
    return to;
  }, intent.status);
  return { ...intent, ...change, status, updatedAt: now, version: intent.version + 1 };
}

/** What leads an intent to UNKNOWN: nothing where it is. */
export const stepsToUnknown = ({ status }: Pick<IntentDoc, 'status'>): readonly IntentStatus[] =>
  status === 'UNKNOWN' ? [] : ['UNKNOWN'];

/**
 * The order in its next state (05, section 4).
 *
 * @throws Error for a move that the table does not hold: a bug, which must not be written.
 */
export function advanceOrder(
  order: OrderDoc,
  status: OrderStatus,
  { now, ...change }: OrderChange & { readonly now: EpochMs },
): OrderDoc {
  if (!canMoveOrder(order.status, status))
    throw new Error(
      `Invariant: order ${order.orderId} may not move from ${order.status} to ${status}`,
    );
  return { ...order, ...change, status, updatedAt: now, version: order.version + 1 };
}

/** An intent document as it is first written, approved. */
export const approvedIntent = (
  instruction: Approved<Instruction>,
  {
    checks,
    createdBy,
    expected,
    now,
  }: {
    readonly checks: readonly CheckResult[];
    readonly createdBy: string;
    /** Of what the gate approved (PF-17). */
    readonly expected?: Expected;
    readonly now: EpochMs;
  },
): IntentDoc => ({
  ...plainInstruction(instruction),
  stopPrice: instruction.stopPrice ?? null,
  status: 'APPROVED',
  orderId: clientOrderIdOf(instruction.intentId, 0),
  checks: checks.map(checkRecord),
  ...(expected === undefined ? {} : { expected }),
  claimedBy: null,
  claimedUntil: null,
  createdBy,
  failure: null,
  createdAt: now,
  updatedAt: now,
  version: 0,
});

/** Field by field: the document is strict, and an approval is a type and no field. */
const plainInstruction = (it: Instruction): Omit<Instruction, 'stopPrice'> => ({
  intentId: it.intentId,
  bookId: it.bookId,
  strategyId: it.strategyId,
  marketKey: it.marketKey,
  symbol: it.symbol,
  signalId: it.signalId,
  positionId: it.positionId,
  action: it.action,
  direction: it.direction,
  side: it.side,
  type: it.type,
  quantity: it.quantity,
  limitPrice: it.limitPrice,
  timeInForce: it.timeInForce,
  reduceOnly: it.reduceOnly,
  ...(it.leverage === undefined ? {} : { leverage: it.leverage }),
  closeReason: it.closeReason,
  suggestedStop: it.suggestedStop,
  suggestedTarget: it.suggestedTarget,
  expectedPrice: it.expectedPrice,
  expectedAt: it.expectedAt,
  expiresAt: it.expiresAt,
});

/** The position that an intent changes; the one that an entry opens is named after it. */
export const positionIdOf = (intent: IntentDoc): string => intent.positionId ?? intent.intentId;

/** The order of a claimed intent, SUBMITTED: it is written before anything is sent. */
export const submittedOrder = (
  intent: IntentDoc,
  times: {
    /** Wall time of the signal; `null` for what no signal caused. */
    readonly signalAt: EpochMs | null;
    readonly wallNow: EpochMs;
    readonly marketNow: EpochMs;
  },
): OrderDoc => ({
  orderId: intent.orderId,
  venueOrderId: null,
  bookId: intent.bookId,
  intentId: intent.intentId,
  signalId: intent.signalId,
  strategyId: intent.strategyId,
  positionId: positionIdOf(intent),
  marketKey: intent.marketKey,
  symbol: intent.symbol,
  action: intent.action,
  side: intent.side,
  type: intent.type,
  timeInForce: intent.timeInForce,
  quantity: intent.quantity,
  limitPrice: intent.limitPrice,
  stopPrice: intent.stopPrice,
  expectedPrice: intent.expectedPrice,
  ...(intent.leverage === undefined ? {} : { leverage: intent.leverage }),
  closeReason: intent.closeReason,
  status: 'SUBMITTED',
  filledQuantity: ZERO_QTY,
  filledQuote: ZERO_MONEY,
  averagePrice: null,
  fees: ZERO_MONEY,
  slippagePct: null,
  rejectionReason: null,
  errorCode: null,
  marks: {
    signalAt: times.signalAt,
    decidedAt: intent.createdAt,
    claimedAt: times.wallNow,
    sentAt: times.wallNow,
    ackAt: null,
    firstFillAt: null,
    doneAt: null,
  },
  createdAt: times.marketNow,
  filledAt: null,
  updatedAt: times.wallNow,
  version: 0,
});

/** The venue's rules of a market, as the core wants them. */
export const instrumentOf = (market: MarketDoc): Instrument => market;

/** A protective stop, which rests at the venue for as long as its position is open. */
export const isStop = ({ type }: Pick<IntentDoc, 'type'>): boolean => type === 'STOP';

/** An order that opens or enlarges a position; everything else reduces one. */
export const isEntry = ({ action }: Pick<IntentDoc, 'action'>): boolean =>
  action === 'ENTER' || action === 'ADD';

/** The book. @throws Error when it does not exist: nothing may be traded for it. */
export async function requireBook(
  reader: Pick<Store | StoreTx, 'get'>,
  bookId: string,
): Promise<BookDoc> {
  const book = await reader.get(paths.book(bookId), bookDoc);
  if (book === undefined) throw new Error(`Book "${bookId}" does not exist.`);
  return book;
}
