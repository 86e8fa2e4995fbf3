import { durationMs } from '../../lib/time.ts';
import { TIMEFRAMES } from '../../market/market.ts';
import { firstFailing, require, type Gate } from '../gate.ts';
import { defineStrategy, type Context, type Verdict, type Wish } from '../strategy.ts';
import { confirmNext, type Confirmation } from './confirmation.ts';
import { cooldownEnd, patienceGates, temperatureGate, type Judged } from './gates.ts';
import { moveOf } from './move.ts';
import { opinionOf, reasonsOf, type Opinion } from './opinion.ts';
import { weightedParams, type WeightedParams } from './params.ts';
import { namedValues, readingsOf, variantsOf, type Readings } from './readings.ts';
import { progressPctOf } from './temperature.ts';
import type { WeightedView } from './view.ts';
import { weightedWords } from './words.ts';

/** How long a signal may wait to be executed, in market time. */
const SIGNAL_TTL_MS = 120_000;

/** What a bot carries from bar to bar besides its indicators. */
type Memory = { confirmation: Confirmation | null };
type BotContext = Context<WeightedParams, Memory>;

function viewOf({ params, context, opinion, confirmation }: Judged): WeightedView {
  const { action, score, actionThreshold } = opinion;
  const end = cooldownEnd(params, context.facts.lastFill);
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
  };
}

/** What the score pulls to, however weakly; one that pulls nowhere leans to what could be done. */
function leanOf({ score }: Opinion, { facts }: BotContext): 'BUY' | 'SELL' {
  if (score !== null && score !== 0) return score > 0 ? 'BUY' : 'SELL';
  return facts.position?.side === 'LONG' ? 'SELL' : 'BUY';
}

function wishOf({ params, lean, move, opinion }: Judged, readings: Readings): Wish {
  return {
    ...move,
    signalType: move.action === 'ENTER' ? 'Z1' : 'ZE1',
    confidence: opinion.confidence,
    score: opinion.score ?? 0,
    reasons: [
      ...reasonsOf(params, readings, opinion),
      `${lean} held for ${params.confirmationMinutes} min`,
    ],
    indicatorValues: namedValues(readings),
    suggestedStop: null,
    suggestedTarget: null,
    suggestedQuote: null,
    ttlMs: SIGNAL_TTL_MS,
  };
}

/** The wish as this bar leaves it held: a bar that cannot be acted on, or a wish that cannot be had, is HOLD (STR-17, STR-21). */
function hold(context: BotContext, weighed: Opinion, isPossible: boolean) {
  const { params, memory, blind, barCloseAt, now } = context;
  const opinion: Opinion = blind === null && isPossible ? weighed : { ...weighed, action: 'HOLD' };
  const confirmation = confirmNext(memory.confirmation, {
    action: opinion.action,
    barCloseAt,
    now,
    interval: durationMs(TIMEFRAMES[params.timeframe]),
    confirmationMinutes: params.confirmationMinutes,
  });
  return { opinion, confirmation };
}

const NOT_READY = require({ gate: 'indicators', reason: 'warmup' }, 'no value yet', 'ready');

/**
 * Judges one closed bar (03, section 2). After a signal the confirmation starts anew: until its order is known,
 * the next bar does not ask for the same again.
 */
function evaluate(context: BotContext): Verdict {
  const { params, memory, blind, facts } = context;
  const readings = readingsOf(params, context.value);
  const weighed = opinionOf(params, readings, facts.dataQuality);
  const lean = leanOf(weighed, context);
  const { position } = facts;
  const move = moveOf(lean, { held: position?.side ?? null, allowShort: params.allowShort });
  const [possible, ...others] = context.surroundings(move.action);
  const { opinion, confirmation } = hold(context, weighed, possible?.passes !== false);
  memory.confirmation = confirmation;
  const judged: Judged = { params, context, lean, move, opinion, confirmation };
  const view = viewOf(judged);
  if (opinion.score === null) return { wish: null, gates: blind === null ? [NOT_READY] : [], view };
  const gates: Gate[] = [
    temperatureGate(judged),
    ...(possible === undefined ? [] : [possible]),
    ...patienceGates(judged),
    ...others,
  ];
  if (firstFailing(gates) !== undefined) return { wish: null, gates, view };
  if (blind === null) memory.confirmation = null;
  return { wish: wishOf(judged, readings), gates, view };
}

/** A bot that weighs RSI, moving averages and MACD, and trades when their score is strong for long enough. */
export const weighted = defineStrategy<WeightedParams, Memory>({
  id: 'weighted',
  kind: 'bot',
  version: '1.0.0',
  title: 'Weighted signals',
  paramsSchema: weightedParams,
  needs: (params) => ({
    timeframe: params.timeframe,
    variants: { [params.timeframe]: variantsOf(params) },
    windows: [],
    structure: [],
    warmupBars: 0,
    judgedMs: params.confirmationMinutes * 60_000,
  }),
  init: () => ({ confirmation: null }),
  liveFaults: ({ temperatureTable }) =>
    temperatureTable === 'sensitive'
      ? ['temperatureTable: sensitive is for paper books only; choose production']
      : [],
  evaluate,
  onPause: (memory) => {
    memory.confirmation = null;
  },
  describe: weightedWords,
});
