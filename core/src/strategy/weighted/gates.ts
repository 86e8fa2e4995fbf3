import { ageMs, durationMs, later, type EpochMs } from '../../lib/time.ts';
import { toNumber } from '../../lib/units.ts';
import type { Facts } from '../../engine/facts.ts';
import { measure, type Gate } from '../gate.ts';
import type { Context, Wish } from '../strategy.ts';
import type { Confirmation } from './confirmation.ts';
import type { Opinion } from './opinion.ts';
import type { WeightedParams } from './params.ts';

/** One bar and what the bot makes of it. */
export type Judged = {
  readonly params: WeightedParams;
  readonly context: Pick<Context<unknown, object>, 'bar' | 'barCloseAt' | 'now' | 'facts'>;
  /** What the score pulls to, however weakly. */
  readonly lean: 'BUY' | 'SELL';
  /** What following it is. */
  readonly move: Pick<Wish, 'action' | 'direction'>;
  readonly opinion: Opinion;
  readonly confirmation: Confirmation | null;
};

const cooldownMs = ({ cooldownMinutes }: Pick<WeightedParams, 'cooldownMinutes'>) =>
  durationMs(Math.ceil(cooldownMinutes * 60_000));

/** End of the pause after the last fill (STR-18); `null` when there was none. */
export const cooldownEnd = (
  params: Pick<WeightedParams, 'cooldownMinutes'>,
  lastFill: Facts['lastFill'],
): EpochMs | null => (lastFill === null ? null : later(lastFill.at, cooldownMs(params)));

/** The size of the score against the limit of the least temperature (STR-15). */
export const temperatureGate = ({ opinion }: Judged): Gate =>
  measure(
    { gate: 'temperature', reason: 'temperature_too_low' },
    opinion.score === null ? null : Math.abs(opinion.score),
    ['>=', opinion.actionThreshold],
  );

function confidenceGate({ params, context, move, opinion }: Judged): Gate {
  // Poorer data make a bot less sure, and do not keep it in a position (MD-63).
  const share = move.action === 'EXIT' ? context.facts.dataQuality : 1;
  return measure({ gate: 'confidence', reason: 'low_confidence' }, opinion.confidence, [
    '>=',
    params.minConfidence * share,
  ]);
}

/** How long the wish has been held, between bar closes (STR-17). */
function heldGate({ params, context, confirmation }: Judged): Gate {
  const held = confirmation === null ? 0 : ageMs(confirmation.startedAt, context.barCloseAt);
  return measure({ gate: 'heldMs', reason: 'not_confirmed' }, held, [
    '>=',
    params.confirmationMinutes * 60_000,
  ]);
}

/** How far the price has moved from the last fill on the same side (STR-19). */
function tradeStepGate({ params, context, lean }: Judged): Gate | null {
  const { lastFill } = context.facts;
  if (lastFill === null || lastFill.side !== lean) return null;
  const last = toNumber(lastFill.price);
  const movedPct = (100 * Math.abs(context.bar.close - last)) / last;
  // Without what floats add in the last digits, as a typed percentage deserves; NaN, from a fill at zero, does not pass.
  return measure({ gate: 'movedPct', reason: 'trade_step' }, Math.round(movedPct * 1e9) / 1e9, [
    '>=',
    params.tradeStepPct,
  ]);
}

/** How long ago the last fill was, whoever caused it (STR-18). */
function cooldownGate({ params, context }: Judged): Gate | null {
  const { lastFill } = context.facts;
  if (lastFill === null) return null;
  return measure({ gate: 'sinceFillMs', reason: 'cooldown' }, ageMs(lastFill.at, context.now), [
    '>=',
    cooldownMs(params),
  ]);
}

/** The bot's own gates behind the temperature, in the order of the closed list of reasons (STR-18). */
export const patienceGates = (judged: Judged): Gate[] =>
  [confidenceGate(judged), heldGate(judged), tradeStepGate(judged), cooldownGate(judged)].filter(
    (gate) => gate !== null,
  );
