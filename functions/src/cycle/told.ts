import type { ExecutionPorts } from '@tradewind/adapters/execution/ports';
import { positionDoc, type PositionDoc } from '@tradewind/contracts/documents/book';
import type { StrategyStateDoc } from '@tradewind/contracts/documents/bot';
import {
  intentDoc,
  orderDoc,
  signalDoc,
  type OrderDoc,
  type SignalDoc,
} from '@tradewind/contracts/documents/execution';
import { paths } from '@tradewind/contracts/paths';
import type { EngineEvent } from '@tradewind/core/engine/engine';
import type { OrderUpdate } from '@tradewind/core/strategy/strategy';

export type Told = StrategyStateDoc['told'];
type Open = Told['signals'][number];

/** What a strategy has to be told before it is asked again, and what it then knows. */
export type News = { readonly events: readonly EngineEvent[]; readonly told: Told };

type Status = OrderUpdate['status'];
const ENDED: readonly Status[] = ['refused', 'filled', 'cancelled', 'rejected', 'expired'];

/** What became of an order; `approved` while nothing has. */
function statusOfOrder({ status, filledQuantity }: OrderDoc): Status {
  switch (status) {
    case 'FILLED':
      return 'filled';
    case 'CANCELLED':
    case 'NOT_SENT':
      return 'cancelled';
    case 'REJECTED':
      return 'rejected';
    case 'EXPIRED':
      return 'expired';
    default:
      return filledQuantity > 0n ? 'partial' : 'approved';
  }
}

/** What became of a signal that led to no order. */
function statusOfSignal({ executionStatus }: SignalDoc): Status | null {
  switch (executionStatus) {
    case 'REJECTED':
      return 'refused';
    case 'CANCELLED':
      return 'cancelled';
    case 'EXPIRED':
      return 'expired';
    case 'PENDING':
      return null;
    case 'EXECUTED':
      return 'approved';
  }
}

type Fate = {
  readonly intentId: string;
  readonly status: Status | null;
  readonly reason: string | null;
};

async function fateOf({ store }: ExecutionPorts, bookId: string, open: Open): Promise<Fate> {
  const signal = await store.get(paths.signal(bookId, open.signalId), signalDoc);
  // Nobody can say what became of it: it is told to have ended, so that nothing waits for it for ever.
  if (signal === undefined) return { intentId: open.signalId, status: 'expired', reason: null };
  const { intentId, rejectionReason: refused } = signal;
  const intent =
    intentId === null ? undefined : await store.get(paths.intent(bookId, intentId), intentDoc);
  if (intent === undefined)
    return { intentId: open.signalId, status: statusOfSignal(signal), reason: refused };
  const named = { intentId: intent.intentId };
  if (intent.status === 'RISK_REJECTED') return { ...named, status: 'refused', reason: refused };
  if (intent.status === 'EXPIRED') return { ...named, status: 'expired', reason: intent.failure };
  const order = await store.get(paths.order(bookId, intent.orderId), orderDoc);
  if (order !== undefined)
    return { ...named, status: statusOfOrder(order), reason: order.rejectionReason };
  const hasFailed = intent.status === 'FAILED';
  return { ...named, status: hasFailed ? 'rejected' : 'approved', reason: intent.failure };
}

/** The steps from what was told to what is: nobody fills who was not approved. */
function updatesOf(open: Open, { intentId, status, reason }: Fate): OrderUpdate[] {
  if (status === null || status === open.status) return [];
  const update = (to: Status): OrderUpdate => ({
    intentId,
    action: open.action,
    status: to,
    reason: to === status ? reason : null,
  });
  const isSkipped = open.status === null && ['partial', 'filled'].includes(status);
  return isSkipped ? [update('approved'), update(status)] : [update(status)];
}

async function orderNews(ports: ExecutionPorts, bookId: string, signals: readonly Open[]) {
  const events: EngineEvent[] = [];
  const left: Open[] = [];
  for (const open of signals) {
    const fate = await fateOf(ports, bookId, open);
    for (const update of updatesOf(open, fate)) events.push({ kind: 'order', update });
    const { status } = fate;
    if (status === null || !ENDED.includes(status))
      left.push({ ...open, status: status === 'partial' || status === 'approved' ? status : null });
  }
  return { events, left };
}

async function positionNews(
  { store }: ExecutionPorts,
  bookId: string,
  [before, now]: readonly [Told['position'], PositionDoc | undefined],
): Promise<EngineEvent[]> {
  const events: EngineEvent[] = [];
  if (before !== null && before.positionId !== now?.positionId) {
    const closed = await store.get(paths.position(bookId, before.positionId), positionDoc);
    const isExternal = closed?.closeReason === 'external_close';
    events.push({ kind: 'position', update: { status: 'closed', isExternal } });
  }
  if (now === undefined) return events;
  if (before?.positionId !== now.positionId)
    events.push({ kind: 'position', update: { status: 'opened', isExternal: false } });
  else if (before.quantity !== now.quantity)
    events.push({ kind: 'position', update: { status: 'changed', isExternal: false } });
  return events;
}

/**
 * What became of a strategy's signals and of its position since it was last told, from the ledger as it is now:
 * asked twice, it says the same; what was told is stored together with what came of it.
 */
export async function newsOf(
  ports: ExecutionPorts,
  { bookId, told }: { readonly bookId: string; readonly told: Told },
  position: PositionDoc | undefined,
): Promise<News> {
  const orders = await orderNews(ports, bookId, told.signals);
  const positions = await positionNews(ports, bookId, [told.position, position]);
  return {
    events: [...orders.events, ...positions],
    told: {
      signals: orders.left,
      position:
        position === undefined
          ? null
          : { positionId: position.positionId, quantity: position.quantity },
    },
  };
}
