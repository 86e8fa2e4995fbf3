import { codeVersion } from '@tradewind/adapters/config/code-version';
import type { ExecutionPorts } from '@tradewind/adapters/execution/ports';
import type { StoreTx } from '@tradewind/adapters/ledger/store';
import { strategyStateDoc, type StrategyStateDoc } from '@tradewind/contracts/documents/bot';
import { evaluationsDoc } from '@tradewind/contracts/documents/evaluation';
import { signalDoc } from '@tradewind/contracts/documents/execution';
import type { LivePriceDoc } from '@tradewind/contracts/documents/market';
import { paths } from '@tradewind/contracts/paths';
import { stored as textOf } from '@tradewind/core/engine/restore';
import { priceFromFloat } from '@tradewind/core/lib/units';
import type { Block } from '@tradewind/core/strategy/blocking';
import type { Signal } from '@tradewind/core/strategy/decision';
import type { Decider } from './deciders.ts';
import type { Judged, Outcome } from './evaluate-bars.ts';
import { byHour, idOf, withEvaluations, type Maker } from './record-evaluations.ts';
import { statusPage, type Who } from './statuses.ts';
import type { Told } from './told.ts';

export type Evaluated = {
  readonly decider: Decider;
  /** The state that the evaluation went on from; `undefined` for the first. */
  readonly stored: StrategyStateDoc | undefined;
  readonly outcome: Outcome;
  /** What the strategy knows of its signals and its position by now. */
  readonly told: Told;
  readonly livePrice: LivePriceDoc | undefined;
};

async function createSignal(ports: ExecutionPorts, tx: StoreTx, signal: Signal): Promise<boolean> {
  const path = paths.signal(signal.bookId, signal.signalId);
  if ((await tx.get(path, signalDoc)) !== undefined) return false;
  const wall = ports.clock.wallNow();
  tx.create(path, signalDoc, {
    ...signal,
    reasons: [...signal.reasons],
    indicatorValues: { ...signal.indicatorValues },
    executionStatus: 'PENDING',
    rejectionReason: null,
    rejections: [],
    intentId: null,
    createdAt: wall,
    updatedAt: wall,
  });
  return true;
}

/** `superseded` when another evaluation was faster: what this one found is older and is dropped. */
export type Saved = 'signal' | 'state' | 'superseded';

const code = codeVersion();

/** What is left to be written once all was read. */
type Write = () => void;

async function recordEvaluations(
  ports: ExecutionPorts,
  tx: StoreTx,
  { maker, judged, left }: { maker: Maker; judged: readonly Judged[]; left: string },
): Promise<Write> {
  const hours = [...byHour(judged)];
  const docs = hours.map(([hour]) => paths.evaluationHour(maker.bookId, idOf(maker, hour)));
  const known = docs.length === 0 ? [] : await tx.getMany(docs, evaluationsDoc);
  const wallNow = ports.clock.wallNow();
  return () => {
    hours.forEach(([, own], index) => {
      const [first, ...others] = own;
      const path = docs[index];
      if (first === undefined || path === undefined) return;
      const next = hours[index + 1]?.[1][0]?.state ?? left;
      tx.set(
        path,
        evaluationsDoc,
        withEvaluations(known[index], { maker, judged: [first, ...others], left: next, wallNow }),
      );
    });
  };
}

/** What somebody's own signal adds to what it waits to hear of. */
const awaiting = (told: Told, signal: Signal | null): Told => {
  if (signal === null || told.signals.some(({ signalId }) => signalId === signal.signalId))
    return told;
  const { signalId, action } = signal;
  return { ...told, signals: [...told.signals, { signalId, action, status: null }] };
};

function blockOf({ decider, outcome }: Evaluated): Block | null {
  const { failing } = outcome.audit;
  if (failing === null) return null;
  const detail = decider.engine.instance.strategy.describe(failing);
  return { reason: failing.reason, detail: detail.slice(0, 500) };
}

/**
 * Writes state, status, signal and how each bar was judged in one transaction, if the state is still the one that
 * the evaluation went on from (ARC-54). A signal of the same id is there already and stays.
 */
export function saveEvaluation(ports: ExecutionPorts, evaluated: Evaluated): Promise<Saved> {
  const { decider, stored, outcome, livePrice } = evaluated;
  const { strategyId, marketKey, engine } = decider;
  const statePath = paths.strategyState(strategyId, marketKey);
  const state = textOf(engine, outcome.state);
  return ports.store.transact(async (tx): Promise<Saved> => {
    const current = await tx.get(statePath, strategyStateDoc);
    if (
      current?.lastBarCloseAt !== stored?.lastBarCloseAt ||
      current?.botVersion !== stored?.botVersion
    )
      return 'superseded';
    const page = await statusPage(tx, decider);
    const { judged } = outcome;
    const record = await recordEvaluations(ports, tx, {
      maker: { ...decider, code },
      judged,
      left: state,
    });
    const isNew = outcome.signal !== null && (await createSignal(ports, tx, outcome.signal));
    const wall = ports.clock.wallNow();
    tx.set(statePath, strategyStateDoc, {
      ...{ strategyId, marketKey, state },
      botVersion: decider.version,
      told: awaiting(evaluated.told, outcome.signal),
      lastBarCloseAt: outcome.lastBarCloseAt,
      updatedAt: wall,
    });
    record();
    page.write({
      block: blockOf(evaluated),
      failures: outcome.state.errors,
      evaluatedAt: wall,
      lastPrice: livePrice?.price ?? priceFromFloat(outcome.lastBar.close, 'floor'),
      judged: {
        view: outcome.audit.view,
        lastBarCloseAt: outcome.lastBarCloseAt,
        status: outcome.state.status,
      },
    });
    return isNew ? 'signal' : 'state';
  });
}

/** Somebody looked less than this ago: that they looked again is not worth a write. Wall clock. */
const LOOKED_MS = 50_000;

/**
 * Says that somebody was looked at though no bar has closed: the time, the price, and whether the data are too old.
 * Everything else stays as the last bar left it. Written on change, else about once a minute: what is shown ages
 * three times slower than that.
 */
export function refreshStatus(
  ports: ExecutionPorts,
  facts: {
    readonly who: Who;
    readonly livePrice: LivePriceDoc | undefined;
    readonly block: Block | null;
  },
): Promise<void> {
  const { who, livePrice, block } = facts;
  return ports.store.transact(async (tx) => {
    const { known, write } = await statusPage(tx, who);
    const waiting: Block = { reason: 'warmup', detail: 'no bar of it has closed yet' };
    const standing = block ?? known?.block ?? (known === undefined ? waiting : null);
    const evaluatedAt = ports.clock.wallNow();
    const sinceLook =
      known === undefined ? Number.POSITIVE_INFINITY : evaluatedAt - known.evaluatedAt;
    if (sinceLook < LOOKED_MS && known?.block?.reason === standing?.reason && known?.failures === 0)
      return;
    write({ block: standing, failures: 0, evaluatedAt, lastPrice: livePrice?.price ?? null });
  });
}

/** Records a failed evaluation and returns how many there were in a row (STR-06). */
export function recordFailure(
  ports: ExecutionPorts,
  { who, detail }: { readonly who: Who; readonly detail: string },
): Promise<number> {
  return ports.store.transact(async (tx) => {
    const { known, write } = await statusPage(tx, who);
    const failures = (known?.failures ?? 0) + 1;
    const evaluatedAt = ports.clock.wallNow();
    write({ block: { reason: 'strategy_error', detail }, failures, evaluatedAt, lastPrice: null });
    return failures;
  });
}
