import type { ExecutionPorts } from '@tradewind/adapters/execution/ports';
import type { StoreTx } from '@tradewind/adapters/ledger/store';
import {
  botStatusDoc,
  strategyStateDoc,
  type BotDoc,
  type BotStatusDoc,
  type StrategyStateDoc,
} from '@tradewind/contracts/documents/bot';
import { signalDoc } from '@tradewind/contracts/documents/execution';
import type { LivePriceDoc } from '@tradewind/contracts/documents/market';
import { paths } from '@tradewind/contracts/paths';
import type { Block } from '@tradewind/core/strategy/blocking';
import type { Signal } from '@tradewind/core/strategy/decision';
import { TEMPERATURE_LIMITS } from '@tradewind/core/strategy/weighted/config';
import type { Outcome } from './evaluate-bot.ts';

/** Three times the cycle's cadence, wall clock (ARC-40). */
const MAX_AGE_MS = 180_000;

type Evaluated = {
  readonly bot: BotDoc;
  /** The state that the evaluation went on from; `undefined` for the first. */
  readonly stored: StrategyStateDoc | undefined;
  readonly outcome: Outcome;
  readonly livePrice: LivePriceDoc | undefined;
};

/** What nobody has evaluated yet. */
const emptyStatus = (bot: BotDoc) => ({
  botId: bot.botId,
  bookId: bot.bookId,
  symbol: bot.symbol,
  action: 'HOLD' as const,
  score: null,
  rsiScore: null,
  maScore: null,
  macdScore: null,
  temperature: 'FROZEN' as const,
  confidence: 0,
  actionThreshold: TEMPERATURE_LIMITS[bot.temperatureTable][bot.minTradeTemperature],
  progressPct: 0,
  confirmationStartedAt: null,
  confirmedAt: null,
  cooldownUntil: null,
  lastPrice: null,
  lastBarCloseAt: null,
});

function statusOf({ bot, outcome, livePrice }: Evaluated): Omit<BotStatusDoc, 'evaluatedAt'> {
  const { botId, bookId, symbol } = bot;
  const block = outcome.view.block;
  return {
    ...outcome.view,
    botId,
    bookId,
    symbol,
    block: block === null ? null : { ...block },
    failures: 0,
    lastPrice: livePrice?.price ?? outcome.lastBar.close,
    lastBarCloseAt: outcome.lastBarCloseAt,
    maxAgeMs: MAX_AGE_MS,
  };
}

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

/** `stored` when another evaluation was faster: what this one found is older and is dropped. */
export type Saved = 'signal' | 'state' | 'superseded';

/**
 * Writes state, status and signal in one transaction, if the state is still the one that the
 * evaluation went on from (ARC-54). A signal of the same id is there already and stays.
 */
export function saveEvaluation(ports: ExecutionPorts, evaluated: Evaluated): Promise<Saved> {
  const { bot, stored, outcome } = evaluated;
  const statePath = paths.strategyState(bot.botId, bot.marketKey);
  return ports.store.transact(async (tx): Promise<Saved> => {
    const current = await tx.get(statePath, strategyStateDoc);
    if (
      current?.lastBarCloseAt !== stored?.lastBarCloseAt ||
      current?.botVersion !== stored?.botVersion
    )
      return 'superseded';
    const isNew = outcome.signal !== null && (await createSignal(ports, tx, outcome.signal));
    const wall = ports.clock.wallNow();
    tx.set(statePath, strategyStateDoc, {
      strategyId: bot.botId,
      marketKey: bot.marketKey,
      botVersion: bot.version,
      state: JSON.stringify(outcome.state),
      lastBarCloseAt: outcome.lastBarCloseAt,
      updatedAt: wall,
    });
    tx.set(paths.botStatus(bot.botId), botStatusDoc, { ...statusOf(evaluated), evaluatedAt: wall });
    return isNew ? 'signal' : 'state';
  });
}

/** Somebody looked less than this ago: that they looked again is not worth a write. Wall clock. */
const LOOKED_MS = 50_000;

/**
 * Says that the bot was looked at though no bar has closed: the time, the price, and whether the
 * data are too old. Everything else stays as the last bar left it. Written on change, else about once a
 * minute: what is shown ages three times slower than that.
 */
export function refreshStatus(
  ports: ExecutionPorts,
  facts: {
    readonly bot: BotDoc;
    readonly livePrice: LivePriceDoc | undefined;
    readonly block: Block | null;
  },
): Promise<void> {
  const { bot, livePrice, block } = facts;
  const path = paths.botStatus(bot.botId);
  return ports.store.transact(async (tx) => {
    const known = await tx.get(path, botStatusDoc);
    const waiting: Block = { reason: 'warmup', detail: 'no bar of this bot has closed yet' };
    const standing = block ?? known?.block ?? (known === undefined ? waiting : null);
    const wall = ports.clock.wallNow();
    const sinceLook = known === undefined ? Number.POSITIVE_INFINITY : wall - known.evaluatedAt;
    if (sinceLook < LOOKED_MS && known?.block?.reason === standing?.reason && known?.failures === 0)
      return;
    tx.set(path, botStatusDoc, {
      ...(known ?? emptyStatus(bot)),
      failures: 0,
      block: standing === null ? null : { ...standing },
      canTrade: standing === null,
      lastPrice: livePrice?.price ?? known?.lastPrice ?? null,
      evaluatedAt: wall,
      maxAgeMs: MAX_AGE_MS,
    });
  });
}

/**
 * Records a failed evaluation and returns how many there were in a row (STR-06). A bot that cannot
 * even be read has no symbol to show, so its status is only written where it has one.
 */
export function recordFailure(
  ports: ExecutionPorts,
  failed: { readonly botId: string; readonly bot: BotDoc | undefined; readonly detail: string },
): Promise<number> {
  const path = paths.botStatus(failed.botId);
  return ports.store.transact(async (tx) => {
    const known = await tx.get(path, botStatusDoc);
    const before = known ?? (failed.bot === undefined ? undefined : emptyStatus(failed.bot));
    const failures = (known?.failures ?? 0) + 1;
    if (before === undefined) return failures;
    tx.set(path, botStatusDoc, {
      ...before,
      failures,
      canTrade: false,
      block: { reason: 'strategy_error', detail: failed.detail },
      evaluatedAt: ports.clock.wallNow(),
      maxAgeMs: MAX_AGE_MS,
    });
    return failures;
  });
}
