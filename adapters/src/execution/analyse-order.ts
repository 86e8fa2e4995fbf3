import type { RiskStateDoc } from '@tradewind/contracts/documents/book';
import { orderDoc, type IntentDoc, type OrderDoc } from '@tradewind/contracts/documents/execution';
import { paths } from '@tradewind/contracts/paths';
import { movePrice, type Price } from '@tradewind/core/lib/units';
import type { SignalDecision } from '@tradewind/core/order/decide-signal';
import type { GateContext } from '@tradewind/core/order/gate-context';
import { isTerminal } from '@tradewind/core/order/transitions';
import {
  analysisOf,
  expectedOf,
  type Expected,
  type OrderAnalysis,
} from '@tradewind/core/portfolio/order-analysis';
import type { Position } from '@tradewind/core/portfolio/position';
import { checkRecord } from '@tradewind/core/risk/check';
import type { Limits } from '@tradewind/core/risk/limits';
import type { StoreTx } from '../ledger/store.ts';
import { isEntry } from './records.ts';

type Approval = Extract<SignalDecision, { readonly approved: true }>;

/** Where the stop of an entry is to stand: at the level that its strategy names, else at its distance. */
function stopOf({ instruction }: Approval, { stopLossPctOf }: GateContext): Price | null {
  const { expectedPrice, suggestedStop, strategyId, direction } = instruction;
  if (suggestedStop !== null) return suggestedStop;
  const pct = stopLossPctOf(strategyId);
  if (pct === undefined) return null;
  return movePrice(expectedPrice, direction === 'LONG' ? -pct : pct, 'floor');
}

/** What the gate expects of an order that it approves (PF-17). */
export function expectedOfApproved(
  approval: Approval,
  context: GateContext,
  { submitMs = [] }: Pick<RiskStateDoc, 'submitMs'>,
): Expected {
  const { instruction, checks } = approval;
  const entry = isEntry(instruction);
  return expectedOf({
    ...instruction,
    isEntry: entry,
    stopAt: entry ? stopOf(approval, context) : null,
    feePct: context.limits.assumedFeePct,
    checks: checks.map(checkRecord),
    submitMs,
  });
}

/** Before and after of an order that has ended and filled something. Of an exit the decided price tells what was expected. */
export function analysisOfEnded(
  order: OrderDoc,
  {
    intent,
    risk,
    limits,
  }: {
    readonly intent: IntentDoc;
    readonly risk: RiskStateDoc | undefined;
    readonly limits: Limits;
  },
): OrderAnalysis | null {
  if (!isTerminal(order.status) || order.filledQuantity === 0n) return null;
  const exit = { isEntry: false, stopAt: null, feePct: limits.assumedFeePct, checks: [] };
  const expected = isEntry(order)
    ? intent.expected
    : (intent.expected ?? expectedOf({ ...order, ...exit, submitMs: risk?.submitMs ?? [] }));
  return analysisOf(expected, order);
}

/** The analysis of the order that opened a position; `null` where it is not known. */
export async function entryAnalysis(
  tx: StoreTx,
  { bookId, tranches }: Pick<Position, 'bookId' | 'tranches'>,
): Promise<OrderAnalysis | null> {
  const [orderId] = tranches?.[0]?.orderIds ?? [];
  if (orderId === undefined) return null;
  return (await tx.get(paths.order(bookId, orderId), orderDoc))?.analysis ?? null;
}
