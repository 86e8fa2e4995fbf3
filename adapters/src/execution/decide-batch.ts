import { positionDoc, riskStateDoc } from '@tradewind/contracts/documents/book';
import {
  intentDoc,
  signalDoc,
  type IntentDoc,
  type SignalDoc,
} from '@tradewind/contracts/documents/execution';
import { paths } from '@tradewind/contracts/paths';
import { decideSignal, reserve, type SignalDecision } from '@tradewind/core/order/decide-signal';
import type { GateContext } from '@tradewind/core/order/gate-context';
import type { EpochMs } from '@tradewind/core/lib/time';
import type { StoreTx } from '../ledger/store.ts';
import { expectedOfApproved } from './analyse-order.ts';
import { contextOf, readGateLedger, valuedRisk, type GateLedger } from './gate-ledger.ts';
import type { ExecutionPorts } from './ports.ts';
import { approvedIntent } from './records.ts';
import { locked } from './release-position.ts';
import { countOrders, stopStorms, type TraderNews } from './trader-news.ts';

/** What one batch came to. */
export type Batch = {
  readonly decided: number;
  /** Intents to send, exits first. */
  readonly approved: readonly IntentDoc[];
  /** What strategies did that somebody must know of. */
  readonly told: readonly TraderNews[];
};

type Verdict = {
  readonly signal: SignalDoc;
  readonly decision: SignalDecision;
  readonly context: GateContext;
};

/**
 * Decides signals one after the other in one transaction: each verdict sees the slots, balances and
 * locks that the ones before it have taken (RSK-52), so two signals cannot both get the last slot.
 */
export async function decideBatch(
  ports: ExecutionPorts,
  tx: StoreTx,
  batch: { readonly bookId: string; readonly listed: readonly SignalDoc[] },
): Promise<Batch> {
  const ledger = await readGateLedger(ports, tx, batch);
  const now = ports.clock.marketNow();
  const wallNow = ports.clock.wallNow();
  const valued = valuedRisk(ledger, { now, wallNow, priceMaxAgeMs: ports.settings.priceMaxAgeMs });
  const stormy = stopStorms(valued, ledger.signals, now);
  const risk = stormy.risk;

  let state: Pick<GateContext, 'now' | 'risk' | 'positions' | 'workingIntents' | 'priceMaxAgeMs'> =
    {
      now,
      risk,
      positions: ledger.positions,
      workingIntents: ledger.intents,
      priceMaxAgeMs: ports.settings.priceMaxAgeMs,
    };
  const verdicts: Verdict[] = [];
  for (const signal of ledger.signals) {
    const context = contextOf(ledger, signal, state);
    const decision = decideSignal(signal, context);
    if (decision.approved) state = { ...state, ...reserve(state, decision.instruction) };
    verdicts.push({ signal, decision, context });
  }

  const counted = countOrders(
    { ...risk, recentOrders: [...state.risk.recentOrders] },
    verdicts.flatMap(({ signal, decision }) =>
      decision.approved && !decision.instruction.reduceOnly ? [signal.strategyId] : [],
    ),
    now,
  );
  const approved = verdicts.flatMap(({ decision, context }) =>
    decision.approved
      ? [
          approvedIntent(decision.instruction, {
            checks: decision.checks,
            createdBy: ports.actor,
            expected: expectedOfApproved(decision, context, ledger.risk),
            now: wallNow,
          }),
        ]
      : [],
  );
  if (verdicts.length > 0) {
    tx.set(paths.riskState(batch.bookId), riskStateDoc, counted.risk);
    writeVerdicts(tx, { verdicts, ledger, approved, wallNow });
  }
  const exitsFirst = approved.toSorted((a, b) => Number(b.reduceOnly) - Number(a.reduceOnly));
  const told = [...stormy.told, ...counted.told];
  return { decided: verdicts.length, approved: exitsFirst, told };
}

function writeVerdicts(
  tx: StoreTx,
  {
    verdicts,
    ledger,
    approved,
    wallNow,
  }: {
    readonly verdicts: readonly Verdict[];
    readonly ledger: GateLedger;
    readonly approved: readonly IntentDoc[];
    readonly wallNow: EpochMs;
  },
): void {
  const { bookId } = ledger.book;
  for (const { signal, decision } of verdicts)
    tx.set(
      paths.signal(bookId, signal.signalId),
      signalDoc,
      decidedSignal(signal, decision, wallNow),
    );
  for (const intent of approved) {
    tx.set(paths.intent(bookId, intent.intentId), intentDoc, intent);
    const position = ledger.positions.find(({ positionId }) => positionId === intent.positionId);
    if (position !== undefined && intent.reduceOnly)
      tx.set(
        paths.position(bookId, position.positionId),
        positionDoc,
        locked(position, intent.intentId, wallNow),
      );
  }
}

/** The signal with its verdict: every reason with its numbers (RSK-51). */
function decidedSignal(signal: SignalDoc, decision: SignalDecision, now: EpochMs): SignalDoc {
  if (decision.approved)
    return {
      ...signal,
      executionStatus: 'EXECUTED',
      intentId: decision.instruction.intentId,
      updatedAt: now,
    };
  return {
    ...signal,
    executionStatus: decision.outcome === 'expired' ? 'EXPIRED' : 'REJECTED',
    rejectionReason: decision.reasons[0].reason,
    rejections: decision.reasons.map(({ reason, detail }) => `${reason}: ${detail}`),
    updatedAt: now,
  };
}
