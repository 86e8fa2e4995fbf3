import { signalIdOf } from '../lib/ids.ts';
import { priceFromFloat } from '../lib/units.ts';
import type { Signal } from '../strategy/decision.ts';
import type { Context, Wish } from '../strategy/strategy.ts';
import type { Effect, Instance } from './engine.ts';
import { levelsOf } from './levels.ts';
import { isEmergency } from './surroundings.ts';

type Trade = { readonly wish: Wish; readonly action: Exclude<Wish['action'], 'CANCEL'> };

const NO_LEVELS = { suggestedStop: null, suggestedTarget: null };

function signalOf(
  instance: Instance,
  { wish, action }: Trade,
  context: Context<unknown, object>,
): Signal {
  const { bookId, strategyId, marketKey, symbol, grid } = instance;
  const { barCloseAt, now, bar } = context;
  const isEntry = action === 'ENTER' || action === 'ADD';
  const { suggestedStop, suggestedTarget } = isEntry ? levelsOf(wish, grid) : NO_LEVELS;
  return {
    signalId: signalIdOf({ bookId, strategyId, marketKey, barCloseAt, action }),
    bookId,
    strategyId,
    marketKey,
    symbol,
    signalType: wish.signalType,
    action,
    direction: wish.direction,
    confidence: wish.confidence,
    score: wish.score,
    reasons: wish.reasons,
    indicatorValues: wish.indicatorValues,
    expectedPrice: priceFromFloat(bar.close, 'floor'),
    suggestedQuote: isEntry ? (wish.suggestedQuote ?? instance.positionSizeQuote) : null,
    suggestedStop,
    suggestedTarget,
    ttlMs: wish.ttlMs,
    barCloseAt,
    decidedAt: now,
  };
}

const cancelFor = ({ reasons }: Wish): Effect => ({
  kind: 'cancelEntries',
  reason: reasons.join('; '),
});

/** What a wish that nothing stands against leads to. */
export function effectsOf(
  instance: Instance,
  wish: Wish,
  context: Context<unknown, object>,
): readonly Effect[] {
  const { action } = wish;
  if (action === 'CANCEL') return [cancelFor(wish)];
  const signal: Effect = { kind: 'signal', signal: signalOf(instance, { wish, action }, context) };
  return isEmergency(wish) && context.facts.pendingOrder ? [cancelFor(wish), signal] : [signal];
}
