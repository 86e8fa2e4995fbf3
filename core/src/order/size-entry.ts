import { err, ok, type Result } from '../lib/result.ts';
import { minMoney, moneyFromFloat, percentOf, toNumber, type Money } from '../lib/units.ts';
import { riskBase, sizeOf } from '../portfolio/sizing.ts';
import { ladderFactor } from '../risk/loss-ladder.ts';
import { slippageFactor } from '../risk/trader-history.ts';
import type { Block } from '../strategy/blocking.ts';
import type { Signal } from '../strategy/decision.ts';
import type { GateContext } from './gate-context.ts';

/** An entry's size, and in words what made it of what the strategy asked for; `null` = nothing did. */
export type Sized = { readonly wanted: Money; readonly sizedBy: string | null };

/** Bases of a size in quote: what the strategy asks for, and what risks a share of equity at the stop. */
function basesOf(signal: Signal, asked: Money, context: GateContext): readonly number[] {
  const { strategy, risk, stopLossPctOf } = context;
  const riskPct = strategy?.sizing?.riskPct;
  const stopPct = stopLossPctOf(signal.strategyId) ?? 0;
  const byRisk = riskPct === undefined ? null : riskBase(toNumber(risk.equity), stopPct, riskPct);
  return byRisk === null ? [toNumber(asked)] : [toNumber(asked), byRisk];
}

/**
 * The size of an entry before the gate judges it (PF-85, RSK-100; 04, section 10): halved from the loss ladder's warning
 * on, and where a strategy's orders slip too much; where its document says so also by its last trades, its confidence and
 * how much the market moves. Never above the largest position.
 */
export function sizeEntry(
  signal: Signal,
  asked: Money,
  context: GateContext,
): Result<Sized, Block> {
  const { risk, limits, strategy, results, figures } = context;
  const ladder = ladderFactor(risk, limits);
  const slippage = slippageFactor(risk.traders[signal.strategyId]);
  if (strategy?.sizing === undefined) {
    const factor = ladder * slippage;
    const wanted = factor === 1 ? asked : percentOf(asked, 100 * factor, 'floor');
    return ok({ wanted, sizedBy: null });
  }
  const { size, factors } = sizeOf({
    ...{ bases: basesOf(signal, asked, context), profile: strategy.sizing.profile },
    ...{ temperature: null, winRate: results?.recentWinRate ?? null },
    ...{ confidence: signal.confidence, dailyVolatility: figures?.volatility ?? null, ladder },
    // Of sessions, intelligence and models nothing is known here.
    ...{ session: 1, intelligence: 1, model: 1 },
  });
  if (!(size > 0))
    return err({
      reason: 'low_confidence',
      detail: `A confidence of ${signal.confidence} is too low for any size: 0.6 are needed.`,
    });
  const wanted = moneyFromFloat(size * slippage, 'floor');
  const told = Object.entries({ ...factors, slippage })
    .filter(([, factor]) => factor !== 1)
    .map(([name, factor]) => `${name} ${Number(factor.toFixed(3))}`);
  return ok({
    wanted: minMoney(wanted, limits.maxPositionQuote),
    sizedBy: told.length === 0 ? null : `sized by ${told.join(', ')}`,
  });
}
