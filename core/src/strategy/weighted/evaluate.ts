import { signalIdOf } from '../../lib/ids.ts';
import { durationMs, later, type EpochMs } from '../../lib/time.ts';
import { TIMEFRAMES, type Candle } from '../../market/market.ts';
import type { Block } from '../blocking.ts';
import type { Decision, Signal } from '../decision.ts';
import type { Temperature, WeightedBot } from './config.ts';
import { confirmNext, type BotAction, type Confirmation } from './confirmation.ts';
import { indicatorsNext, namedValues, type Readings } from './indicators.ts';
import { opinionOf, reasonsOf, type Opinion } from './opinion.ts';
import { blindness, cooldownEnd, firstBlock, impossibility, type BarContext } from './readiness.ts';
import type { WeightedState } from './state.ts';
import { progressPctOf } from './temperature.ts';

export { weightedInit, weightedRestore, type WeightedState } from './state.ts';
export type { BarContext } from './readiness.ts';

/** How long a signal may wait to be executed, in market time. */
const SIGNAL_TTL_MS = 120_000;

/** What a bot thinks of one bar, for people (STR-12); times are market time. */
export type BotView = {
  readonly action: BotAction;
  /** -1 to 1, positive = buy pressure; `null` while warming up. */
  readonly score: number | null;
  readonly rsiScore: number | null;
  readonly maScore: number | null;
  readonly macdScore: number | null;
  readonly temperature: Temperature;
  /** 0 to 1. */
  readonly confidence: number;
  readonly actionThreshold: number;
  /** 0 to 100. */
  readonly progressPct: number;
  readonly confirmationStartedAt: EpochMs | null;
  readonly confirmedAt: EpochMs | null;
  /** End of the pause after the last fill; `null` when it is over. */
  readonly cooldownUntil: EpochMs | null;
  readonly canTrade: boolean;
  readonly block: Block | null;
};

/** One closed bar and what surrounds it. */
export type Evaluation = {
  readonly bot: WeightedBot;
  readonly state: WeightedState;
  /** A closed bar of the bot's timeframe. */
  readonly candle: Candle;
  readonly context: BarContext;
};

/** Bars come in order, each at its own time: anything else would be judged wrong without a trace. */
function assertNextBar({ bot, state, candle, context }: Evaluation): void {
  const closeAt = later(candle.openAt, durationMs(TIMEFRAMES[bot.timeframe]));
  if (closeAt !== context.barCloseAt)
    throw new RangeError(
      `Invariant: a ${bot.timeframe} bar that opens at ${candle.openAt} closes at ${closeAt}, not ${context.barCloseAt}`,
    );
  if (state.lastBarCloseAt !== null && closeAt <= state.lastBarCloseAt)
    throw new RangeError(
      `Invariant: bars come oldest first, ${closeAt} came after ${state.lastBarCloseAt}`,
    );
}

function signalOf(
  { bot, candle, context }: Evaluation,
  opinion: Opinion,
  readings: Readings,
): Signal {
  const entry = opinion.action === 'BUY';
  const action = entry ? 'ENTER' : 'EXIT';
  const { barCloseAt } = context;
  const { botId: strategyId, bookId, marketKey, symbol } = bot;
  return {
    signalId: signalIdOf({ bookId, strategyId, marketKey, barCloseAt, action }),
    bookId,
    strategyId,
    marketKey,
    symbol,
    signalType: entry ? 'Z1' : 'ZE1',
    action,
    direction: 'LONG',
    confidence: opinion.confidence,
    score: opinion.score ?? 0,
    reasons: [
      ...reasonsOf(bot, readings, opinion),
      `${opinion.action} held for ${bot.confirmationMinutes} min`,
    ],
    indicatorValues: namedValues(readings),
    expectedPrice: candle.close,
    suggestedQuote: entry ? bot.positionSizeQuote : null,
    suggestedStop: null,
    suggestedTarget: null,
    ttlMs: SIGNAL_TTL_MS,
    barCloseAt,
    decidedAt: context.now,
  };
}

type Judged = {
  readonly opinion: Opinion;
  readonly confirmation: Confirmation | null;
  readonly block: Block | null;
};

function viewOf({ bot, context }: Evaluation, { opinion, confirmation, block }: Judged): BotView {
  const { action, score, actionThreshold } = opinion;
  const end = cooldownEnd(bot, context.lastFill);
  return {
    action,
    score,
    rsiScore: opinion.rsiScore,
    maScore: opinion.maScore,
    macdScore: opinion.macdScore,
    temperature: opinion.temperature,
    confidence: opinion.confidence,
    actionThreshold,
    progressPct: progressPctOf(score ?? 0, actionThreshold),
    confirmationStartedAt: confirmation?.startedAt ?? null,
    confirmedAt: confirmation?.confirmedAt ?? null,
    cooldownUntil: end !== null && end > context.now ? end : null,
    canTrade: block === null,
    block,
  };
}

/** What stands between the score and a trade, and the confirmation as this bar leaves it. */
function judge({ bot, state, candle, context }: Evaluation, weighed: Opinion): Judged {
  const { incomplete } = candle;
  const blind = blindness(context, { score: weighed.score, incomplete });
  const futile = blind ?? impossibility(weighed.action, context);
  const opinion: Opinion = futile === null ? weighed : { ...weighed, action: 'HOLD' };
  const confirmation = confirmNext(state.confirmation, {
    action: opinion.action,
    barCloseAt: context.barCloseAt,
    now: context.now,
    interval: durationMs(TIMEFRAMES[bot.timeframe]),
    confirmationMinutes: bot.confirmationMinutes,
  });
  const block = futile ?? firstBlock({ bot, context, opinion, confirmation, close: candle.close });
  return { opinion, confirmation, block };
}

/**
 * Judges one closed bar (03, section 2): the same state, bar and context give the same decision (STR-02).
 *
 * Only bars up to this one have a say. The given state stays as it was, so that an evaluation whose
 * result could not be stored can be repeated. After a signal the confirmation starts anew: until its order
 * is known to the caller (`pendingOrder`, `lastFill`), the next bar does not ask for the same again.
 *
 * @throws RangeError when the bar is not later than the last, does not close at `context.barCloseAt`, or
 *   holds a price that is not a finite number.
 */
export function evaluateBar(evaluation: Evaluation): {
  readonly state: WeightedState;
  readonly view: BotView;
  readonly decision: Decision;
} {
  assertNextBar(evaluation);
  const { bot, state, candle, context } = evaluation;
  const indicators = structuredClone(state.indicators);
  const readings = indicatorsNext(indicators, candle);
  const judged = judge(evaluation, opinionOf(bot, readings, context.dataQuality));
  const { block, confirmation } = judged;
  return {
    state: {
      ...state,
      indicators,
      confirmation: block === null ? null : confirmation,
      lastBarCloseAt: context.barCloseAt,
    },
    view: viewOf(evaluation, judged),
    decision:
      block === null
        ? { kind: 'signal', signal: signalOf(evaluation, judged.opinion, readings) }
        : { kind: 'hold', block },
  };
}
