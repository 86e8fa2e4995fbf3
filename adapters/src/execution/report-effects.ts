import {
  NO_VENUE_STOP,
  type PositionDoc,
  type RiskStateDoc,
} from '@tradewind/contracts/documents/book';
import type { FillDoc, IntentDoc, OrderDoc } from '@tradewind/contracts/documents/execution';
import { epochMs, type EpochMs } from '@tradewind/core/lib/time';
import { addMoney, addQty, sumMoney } from '@tradewind/core/lib/units';
import type { IntentStatus } from '@tradewind/core/order/intent';
import type { Fill, OrderReport } from '@tradewind/core/order/order';
import { isIntentTerminal, isTerminal } from '@tradewind/core/order/transitions';
import { closedAs, riskAfterFill } from '@tradewind/core/risk/after-fill';
import { slowSubmits, withLatency } from '@tradewind/core/order/submit-latency';
import type { Limits } from '@tradewind/core/risk/limits';
import { slippagePct, slippageQuote } from '@tradewind/core/risk/slippage';
import { orderFilled } from '@tradewind/core/risk/trader-history';
import type { RoundTrip } from '@tradewind/core/portfolio/fill-effect';
import type { Position } from '@tradewind/core/portfolio/position';
import { totalOf } from './apply-fills.ts';
import { advanceIntent, isEntry, isStop } from './records.ts';
import { countFailure, patternNews, storedRisk, type RiskNews } from './trader-news.ts';

/** Oldest first; the venue's trade ids break ties. */
export const sortFills = <F extends Fill>(fills: readonly F[]): F[] =>
  fills.toSorted((a, b) =>
    a.at === b.at ? a.fillId.localeCompare(b.fillId, 'en', { numeric: true }) : a.at - b.at,
  );

/**
 * The report as far as fills prove it: quantities come from fills alone (EXE-11). While the venue
 * reports more than its fills show, the order stays open, so that sync asks for the rest.
 */
export function provenReport(
  order: OrderDoc,
  report: OrderReport,
  newFills: readonly Fill[],
): OrderReport {
  const fresh = totalOf(newFills);
  const filledQuantity = addQty(order.filledQuantity, fresh.quantity);
  const filledQuote = addMoney(order.filledQuote, fresh.quote);
  const status = report.filledQuantity > filledQuantity ? 'PARTIAL' : report.status;
  return { ...report, status, filledQuantity, filledQuote };
}

/** The moved order with everything that its fills and the time of the answer tell. */
export function orderAfter(
  moved: OrderDoc,
  seen: {
    readonly fills: readonly FillDoc[];
    readonly positionId: string;
    readonly at: EpochMs;
  },
): OrderDoc {
  const { at, fills, positionId } = seen;
  const { marks } = moved;
  const lastFill = fills.at(-1);
  return {
    ...moved,
    positionId,
    fees: addMoney(moved.fees, sumMoney(fills.map(({ feeQuote }) => feeQuote))),
    slippagePct:
      moved.averagePrice === null
        ? null
        : slippagePct(moved.side, { expected: moved.expectedPrice, actual: moved.averagePrice }),
    slippageQuote:
      moved.filledQuantity === 0n
        ? null
        : slippageQuote(moved.side, {
            expected: moved.expectedPrice,
            quantity: moved.filledQuantity,
            quote: moved.filledQuote,
          }),
    filledAt:
      lastFill === undefined ? moved.filledAt : epochMs(Math.max(lastFill.at, moved.filledAt ?? 0)),
    errorCode: moved.status === 'REJECTED' ? moved.errorCode : null,
    marks: {
      ...marks,
      ackAt: marks.ackAt ?? at,
      firstFillAt: marks.firstFillAt ?? (moved.filledQuantity > 0n ? at : null),
      doneAt: marks.doneAt ?? (isTerminal(moved.status) ? at : null),
    },
    updatedAt: at,
    version: moved.version + 1,
  };
}

/** Legal ways to SENT from where an intent may be when the venue turns out to know its order. */
const TO_SENT: Readonly<Partial<Record<IntentStatus, readonly IntentStatus[]>>> = {
  APPROVED: ['CLAIMED', 'SENT'],
  QUEUED: ['CLAIMED', 'SENT'],
  CLAIMED: ['SENT'],
  UNKNOWN: ['SENT'],
  SENT: [],
};

/** How an intent ends with its order. One that wants a stop at the venue is done once it rests there. */
function endOf(order: OrderDoc): readonly IntentStatus[] {
  if (order.status === 'REJECTED') return ['FAILED'];
  return isTerminal(order.status) || isStop(order) ? ['DONE'] : [];
}

/** The intent of an order that the venue knows; the same object when nothing changes. */
export function intentAfter(intent: IntentDoc, order: OrderDoc, now: EpochMs): IntentDoc {
  const toSent = TO_SENT[intent.status];
  // Of an order that was quoted anew the intent is not told: it has another one.
  const isOther = intent.orderId !== order.orderId;
  if (isOther || isIntentTerminal(intent.status) || toSent === undefined) return intent;
  const end = endOf(order);
  const path = [...toSent, ...end];
  if (path.length === 0) return intent;
  const failure = order.status === 'REJECTED' ? 'the venue refused the order' : intent.failure;
  return advanceIntent(intent, path, { now, claimedBy: null, claimedUntil: null, failure });
}

/**
 * The position to store after a report, `stored` itself when it is as before. Its exit's lock ends with the exit's
 * order, and it has no stop at the venue any more when that order has ended.
 */
export function positionAfter(
  position: Position,
  {
    stored,
    order,
    now,
  }: {
    readonly stored: PositionDoc | undefined;
    readonly order: OrderDoc;
    readonly now: EpochMs;
  },
): PositionDoc {
  const isOver = isTerminal(order.status);
  const isExitOver = isOver && position.closeIntentId === order.intentId;
  const stop = stored?.stop ?? NO_VENUE_STOP;
  const isStopOver = isOver && stop.venueStopOrderId === order.orderId;
  if (position === stored && !isExitOver && !isStopOver) return stored;
  return {
    ...position,
    closeIntentId: isExitOver ? null : position.closeIntentId,
    entrySignalId: stored === undefined ? order.signalId : stored.entrySignalId,
    stop: isStopOver ? { ...stop, venueStopOrderId: null } : stop,
    updatedAt: now,
    version: stored === undefined ? 0 : stored.version + 1,
  };
}

/** What submissions took, with what this one did, as far as it is known. */
function submitsWith({ submitMs }: RiskStateDoc, { marks }: OrderDoc): RiskStateDoc['submitMs'] {
  const { sentAt, ackAt } = marks;
  return sentAt === null || ackAt === null || ackAt < sentAt
    ? submitMs
    : [...withLatency(submitMs ?? [], ackAt - sentAt)];
}

/** What fills make of the risk state, and what somebody must know of. */
export type RiskEffect = { readonly risk: RiskStateDoc; readonly told: readonly RiskNews[] };

/**
 * What fills add to the risk state; the same object when there are none. Writing it also makes a gate that is deciding
 * on the state before these fills decide again.
 */
export function riskAfter(
  risk: RiskStateDoc,
  {
    before,
    order,
    fills,
    trade,
    limits,
    now,
  }: {
    readonly before: OrderDoc;
    readonly order: OrderDoc;
    readonly fills: readonly FillDoc[];
    readonly trade: Pick<RoundTrip, 'outcome'> | null;
    readonly limits: Limits;
    readonly now: EpochMs;
  },
): RiskEffect {
  const last = fills.at(-1);
  const { strategyId, symbol } = order;
  if (last === undefined) {
    const isRefused = order.status === 'REJECTED' && before.status !== 'REJECTED';
    const failed = { strategyId, code: order.errorCode ?? 'rejected', at: order.createdAt };
    return (isRefused ? countFailure(risk, failed) : null) ?? { risk, told: [] };
  }
  const isFirst = before.filledQuantity === 0n;
  const filled = {
    ...{ symbol, side: order.side, isEntry: isEntry(order), isFirst, at: last.at },
    closed: closedAs(trade),
  };
  const { risk: seen, blocked } = riskAfterFill(risk, filled, limits);
  const isOver = isTerminal(order.status) && !isTerminal(before.status);
  const judged = isOver
    ? orderFilled(risk.traders[strategyId], {
        at: last.at,
        slippagePct: order.slippagePct,
        maxSlippagePct: limits.maxSlippagePct,
      })
    : null;
  const submitMs = isFirst ? submitsWith(risk, order) : risk.submitMs;
  const slowMs = isFirst ? slowSubmits(submitMs ?? []) : null;
  return {
    risk: storedRisk(submitMs === undefined ? seen : { ...seen, submitMs }, {
      now,
      ...(judged === null ? {} : { trader: [strategyId, judged.trader] }),
    }),
    told: [
      ...(blocked === null ? [] : [patternNews(symbol, blocked)]),
      ...(slowMs === null ? [] : [{ slowMs }]),
      ...(judged?.told === null || judged === null ? [] : [{ strategyId, ...judged.told }]),
    ],
  };
}
